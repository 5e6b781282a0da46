import { InvalidBound } from "../errors.ts";
import { RunningMeanStd } from "../wrappers/running-mean-std.ts";
import type { VectorEnv, VectorStep } from "./vector-env.ts";
import { VectorWrapper } from "./vector-wrapper.ts";

/** Divides rewards by the running standard deviation of the discounted returns of all copies. */
export class VectorNormalizeReward extends VectorWrapper {
  /** Statistics of the discounted returns. */
  readonly rms = new RunningMeanStd(1);
  /** Whether rewards still change the statistics. */
  updateRunningMean = true;
  readonly #discounted: Float64Array;
  readonly #gamma: number;
  readonly #epsilon: number;

  /** Throws InvalidBound unless 0 <= gamma <= 1 and epsilon > 0. */
  constructor(env: VectorEnv, gamma = 0.99, epsilon = 1e-8) {
    super(env);
    if (!(gamma >= 0 && gamma <= 1))
      throw new InvalidBound(`VectorNormalizeReward: got gamma = ${gamma}, expected 0 to 1`);
    if (!(epsilon > 0))
      throw new InvalidBound(`VectorNormalizeReward: got epsilon = ${epsilon}, expected a positive number`);
    this.#gamma = gamma;
    this.#epsilon = epsilon;
    this.#discounted = new Float64Array(env.numEnvs);
  }

  override step(actions: unknown): VectorStep<unknown> {
    const [obs, rewards, terminated, truncated, info] = this.env.step(actions);
    for (let i = 0; i < this.numEnvs; i++) {
      this.#discounted[i] = this.#discounted[i]! * this.#gamma * (1 - terminated[i]!) + rewards[i]!;
    }
    if (this.updateRunningMean) this.rms.update(this.#discounted);
    const scale = Math.sqrt(this.rms.var[0]! + this.#epsilon);
    return [obs, rewards.map((reward) => reward / scale), terminated, truncated, info];
  }
}
