import type { Env, Info, ResetOptions, SnapshotOptions } from "../env.ts";
import { ResetNeeded, ValueError } from "../errors.ts";
import type { EnvSpec } from "../registry.ts";
import { readTimeLimitLayer, timeLimitLayer } from "./layers.ts";
import { Wrapper } from "./wrapper.ts";

/** Truncates an episode after `maxEpisodeSteps` steps. The last step may also be a terminating one; a step after it throws ResetNeeded. */
export class TimeLimit<Obs, Action> extends Wrapper<Obs, Action> {
  readonly maxEpisodeSteps: number;
  #steps = 0;

  /** Throws TypeError unless `maxEpisodeSteps` is an integer, ValueError unless it is positive. */
  constructor(env: Env<Obs, Action>, maxEpisodeSteps: number) {
    super(env);
    this.maxEpisodeSteps = checkMaxEpisodeSteps(maxEpisodeSteps);
  }

  override get spec(): EnvSpec | null {
    const spec = this.env.spec;
    return spec === null ? null : spec.with({ maxEpisodeSteps: this.maxEpisodeSteps });
  }

  override reset(options?: ResetOptions): [Obs, Info] {
    const result = this.env.reset(options);
    this.#steps = 0;
    return result;
  }

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    if (this.#steps >= this.maxEpisodeSteps) {
      throw new ResetNeeded(
        `${String(this)}.step: the episode has ended (its ${this.maxEpisodeSteps} steps are over), call reset first`,
      );
    }
    const result = this.env.step(action);
    this.#steps++;
    if (this.#steps >= this.maxEpisodeSteps) result[3] = true;
    return result;
  }

  override snapshot(options?: SnapshotOptions): Uint8Array {
    return timeLimitLayer(this.#steps, this.env.snapshot(options));
  }

  override restore(bytes: Uint8Array): void {
    const { steps, inner } = readTimeLimitLayer(bytes);
    this.env.restore(inner);
    this.#steps = steps;
  }
}

/** A time limit in steps. Throws TypeError unless it is an integer, ValueError unless it is positive. */
export function checkMaxEpisodeSteps(steps: unknown): number {
  if (typeof steps !== "number" || !Number.isInteger(steps))
    throw new TypeError(`maxEpisodeSteps: got ${String(steps)}, expected a positive integer`);
  if (steps <= 0) throw new ValueError(`maxEpisodeSteps: got ${steps}, expected a positive integer`);
  return steps;
}
