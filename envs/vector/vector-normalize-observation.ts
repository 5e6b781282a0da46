import type { Info } from "../env.ts";
import { InvalidBound, ValueError } from "../errors.ts";
import { batchSpace } from "../spaces/batch-space.ts";
import { Box } from "../spaces/box.ts";
import type { Space } from "../spaces/space.ts";
import { RunningMeanStd } from "../wrappers/running-mean-std.ts";
import type { VectorEnv, VectorResetOptions, VectorStep } from "./vector-env.ts";
import { VectorWrapper } from "./vector-wrapper.ts";

/** Brings observations to mean 0 and variance 1 by statistics over all copies. */
export class VectorNormalizeObservation extends VectorWrapper<Float32Array> {
  /** Statistics of the observations, one entry per number. */
  readonly rms: RunningMeanStd;
  /** Whether observations still change the statistics. */
  updateRunningMean = true;
  readonly #epsilon: number;

  /** Throws ValueError in another mode than NextStep (the last observation would be left out), TypeError unless observations are a Box, InvalidBound unless epsilon > 0. */
  constructor(env: VectorEnv, epsilon = 1e-8) {
    super(env);
    const { singleObservationSpace: single, metadata } = env;
    if (metadata.autoresetMode !== "NextStep") {
      throw new ValueError(
        `VectorNormalizeObservation: got autoreset mode ${metadata.autoresetMode}, expected NextStep`,
      );
    }
    if (!(single instanceof Box))
      throw new TypeError(`VectorNormalizeObservation: got ${String(single)}, expected a Box`);
    if (!(epsilon > 0))
      throw new InvalidBound(`VectorNormalizeObservation: got epsilon = ${epsilon}, expected a positive number`);
    this.#epsilon = epsilon;
    this.rms = new RunningMeanStd(single.size, { isFloat32: single.dtype === "float32" });
    this.singleObservationSpace = new Box(-Infinity, Infinity, { shape: single.shape });
    this.observationSpace = batchSpace(this.singleObservationSpace, env.numEnvs) as Space<Float32Array>; // float32
  }

  override reset(options?: VectorResetOptions): [Float32Array, Info] {
    const [obs, info] = this.env.reset(options);
    return [this.#normalize(obs as Float32Array), info];
  }

  override step(actions: unknown): VectorStep<Float32Array> {
    const [obs, ...rest] = this.env.step(actions);
    return [this.#normalize(obs as Float32Array), ...rest];
  }

  #normalize(obs: Float32Array): Float32Array {
    const { mean, var: variance } = this.rms;
    if (this.updateRunningMean) this.rms.update(obs);
    const size = mean.length;
    return Float32Array.from(
      obs,
      (value, i) => (value - mean[i % size]!) / Math.sqrt(variance[i % size]! + this.#epsilon),
    );
  }
}
