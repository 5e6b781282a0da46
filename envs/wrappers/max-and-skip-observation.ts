import type { Env, Info } from "../env.ts";
import { ValueError } from "../errors.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { Box } from "../spaces/box.ts";
import { Wrapper } from "./wrapper.ts";

/** Elementwise maximum of the last two of `skip` steps under one action; rewards add up. */
export class MaxAndSkipObservation extends Wrapper {
  readonly #skip: number;
  readonly #box: Box;
  readonly #frames: [Float64Array, Float64Array];

  /** Throws TypeError unless observations are a Box and `skip` an integer, ValueError unless it is at least 2. */
  constructor(env: Env, skip = 4) {
    super(env, { skip });
    if (!Number.isInteger(skip))
      throw new TypeError(`MaxAndSkipObservation: got skip ${String(skip)}, expected an integer`);
    if (skip < 2) throw new ValueError(`MaxAndSkipObservation: got skip ${skip}, expected at least 2`);
    if (!(env.observationSpace instanceof Box)) {
      throw new TypeError(`MaxAndSkipObservation: got ${String(env.observationSpace)}, expected a Box`);
    }
    this.#skip = skip;
    this.#box = env.observationSpace;
    this.#frames = [new Float64Array(this.#box.size), new Float64Array(this.#box.size)];
  }

  override get layer(): string {
    return "MaxAndSkipObservation";
  }

  override step(action: unknown): [unknown, number, boolean, boolean, Info] {
    let [total, terminated, truncated]: [number, boolean, boolean] = [0, false, false];
    let info: Info = {};
    for (let i = 0; i < this.#skip && !terminated && !truncated; i++) {
      const step = this.env.step(action);
      if (i >= this.#skip - 2) this.#frames[(i - this.#skip + 2) as 0 | 1].set(step[0] as ArrayLike<number>);
      total += step[1];
      [terminated, truncated, info] = [step[2], step[3], step[4]];
    }
    const obs = this.#box.zeros();
    for (let k = 0; k < this.#box.size; k++) obs[k] = Math.max(this.#frames[0][k]!, this.#frames[1][k]!);
    return [obs, total, terminated, truncated, info];
  }

  protected override save(writer: ByteWriter): void {
    for (const frame of this.#frames) writer.float64s(frame);
  }

  protected override load(reader: ByteReader): () => void {
    const frames = this.#frames.map((frame) => {
      const values = new Float64Array(frame.length);
      reader.float64s(values);
      return values;
    });
    return () => {
      for (const [i, frame] of this.#frames.entries()) frame.set(frames[i]!);
    };
  }
}
