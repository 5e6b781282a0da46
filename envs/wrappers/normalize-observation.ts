import type { Env } from "../env.ts";
import { InvalidBound } from "../errors.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { Box } from "../spaces/box.ts";
import type { NumberArray } from "../spaces/dtype.ts";
import type { Space } from "../spaces/space.ts";
import { RunningMeanStd } from "./running-mean-std.ts";
import { ObservationWrapper } from "./wrapper.ts";

/** Brings observations to mean 0 and variance 1 by running statistics, updated by each observation before it is normalised. */
export class NormalizeObservation<Action> extends ObservationWrapper<Float32Array, Action, NumberArray> {
  /** Statistics of the observations, one entry per number. */
  readonly rms: RunningMeanStd;
  /** Whether observations still change the statistics. */
  updateRunningMean = true;
  readonly #epsilon: number;
  readonly #round: (value: number) => number;

  /** Throws TypeError unless observations are a Box, InvalidBound unless `epsilon` is positive. */
  constructor(env: Env<NumberArray, Action>, epsilon = 1e-8) {
    super(env, { epsilon });
    const space: unknown = env.observationSpace;
    if (!(space instanceof Box)) throw new TypeError(`NormalizeObservation: got ${String(space)}, expected a Box`);
    if (!(epsilon > 0))
      throw new InvalidBound(`NormalizeObservation: got epsilon = ${epsilon}, expected a positive number`);
    this.#epsilon = epsilon;
    const isFloat32 = space.dtype === "float32";
    this.#round = isFloat32 ? Math.fround : (value) => value;
    this.rms = new RunningMeanStd(space.size, { isFloat32 });
    this.observationSpace = new Box(-Infinity, Infinity, { shape: space.shape }) as unknown as Space<Float32Array>; // float32
  }

  override get layer(): string {
    return "NormalizeObservation";
  }

  override observation(obs: NumberArray): Float32Array {
    const { rms } = this;
    const r = this.#round;
    if (this.updateRunningMean) rms.update(obs);
    return Float32Array.from(obs, (value, i) =>
      r(r(value - rms.mean[i]!) / r(Math.sqrt(r(rms.var[i]! + this.#epsilon)))),
    );
  }

  protected override save(writer: ByteWriter): void {
    writer.uint8(this.updateRunningMean ? 1 : 0);
    this.rms.save(writer);
  }

  protected override load(reader: ByteReader): () => void {
    const updates = reader.uint8(1) === 1;
    const commit = this.rms.load(reader);
    return () => {
      this.updateRunningMean = updates;
      commit();
    };
  }
}
