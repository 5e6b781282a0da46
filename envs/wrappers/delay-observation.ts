import type { Env, Info, ResetOptions } from "../env.ts";
import { ValueError } from "../errors.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { readAll, writeAll, zeroValue } from "./space-values.ts";
import { Wrapper } from "./wrapper.ts";

/** Shows each observation `delay` steps late; until then zeros. */
export class DelayObservation extends Wrapper {
  readonly #delay: number;
  #queue: unknown[] = [];

  /** Throws TypeError or ValueError unless `delay` is an integer of at least 0. */
  constructor(env: Env, delay: number) {
    super(env, { delay });
    if (!Number.isInteger(delay))
      throw new TypeError(`DelayObservation: got delay ${String(delay)}, expected an integer`);
    if (delay < 0) throw new ValueError(`DelayObservation: got delay ${delay}, expected at least 0`);
    this.#delay = delay;
  }

  override get layer(): string {
    return "DelayObservation";
  }

  override reset(options?: ResetOptions): [unknown, Info] {
    this.#queue = [];
    const [obs, info] = this.env.reset(options);
    return [this.#pass(obs), info];
  }

  override step(action: unknown): [unknown, number, boolean, boolean, Info] {
    const [obs, reward, terminated, truncated, info] = this.env.step(action);
    return [this.#pass(obs), reward, terminated, truncated, info];
  }

  protected override save(writer: ByteWriter): void {
    writeAll(writer, this.env.observationSpace, this.#queue);
  }

  protected override load(reader: ByteReader): () => void {
    const queue = readAll(reader, this.env.observationSpace);
    return () => {
      this.#queue = queue;
    };
  }

  #pass(obs: unknown): unknown {
    this.#queue.push(obs);
    return this.#queue.length > this.#delay ? this.#queue.shift() : zeroValue(this.env.observationSpace);
  }
}
