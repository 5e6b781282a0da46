import type { Env, Info, ResetOptions } from "../env.ts";
import { ValueError } from "../errors.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { batchSpace } from "../spaces/batch-space.ts";
import { concatenate } from "../spaces/batch-values.ts";
import { readAll, writeAll, zeroValue } from "./space-values.ts";
import { Wrapper } from "./wrapper.ts";

/** The last `stackSize` observations on a new leading axis, oldest first. Before there are as many: copies of the first, zeros, or a given one. */
export class FrameStackObservation extends Wrapper {
  readonly #size: number;
  readonly #padding: unknown;
  #frames: unknown[] = [];

  /** `paddingType`: "reset", "zero", or an observation. Throws TypeError or ValueError on wrong arguments. */
  constructor(env: Env, stackSize: number, paddingType: unknown = "reset") {
    super(env, { stackSize, paddingType });
    if (!Number.isInteger(stackSize))
      throw new TypeError(`FrameStackObservation: got stackSize ${String(stackSize)}, expected an integer`);
    if (stackSize < 1) throw new ValueError(`FrameStackObservation: got stackSize ${stackSize}, expected at least 1`);
    const inner = env.observationSpace;
    const isKnown = paddingType === "reset" || paddingType === "zero" || inner.contains(paddingType);
    if (!isKnown)
      throw new ValueError(
        `FrameStackObservation: got padding ${String(paddingType)}, expected reset, zero or an observation`,
      );
    this.#size = stackSize;
    this.#padding = paddingType === "zero" ? zeroValue(inner) : paddingType;
    this.observationSpace = batchSpace(inner, stackSize);
  }

  override get layer(): string {
    return "FrameStackObservation";
  }

  override reset(options?: ResetOptions): [unknown, Info] {
    const [obs, info] = this.env.reset(options);
    const padding = this.#padding === "reset" ? obs : this.#padding;
    this.#frames = [...Array.from({ length: this.#size - 1 }, () => padding), obs];
    return [concatenate(this.env.observationSpace, this.#frames), info];
  }

  override step(action: unknown): [unknown, number, boolean, boolean, Info] {
    const [obs, reward, terminated, truncated, info] = this.env.step(action);
    this.#frames = [...this.#frames.slice(1), obs];
    return [concatenate(this.env.observationSpace, this.#frames), reward, terminated, truncated, info];
  }

  protected override save(writer: ByteWriter): void {
    writeAll(writer, this.env.observationSpace, this.#frames);
  }

  protected override load(reader: ByteReader): () => void {
    const frames = readAll(reader, this.env.observationSpace);
    return () => {
      this.#frames = frames;
    };
  }
}
