import type { Env, Info } from "../env.ts";
import { batchSpace } from "../spaces/batch-space.ts";
import { concatenate, iterate } from "../spaces/batch-values.ts";
import { ObservationWrapper } from "../wrappers/wrapper.ts";
import type { VectorEnv, VectorResetOptions, VectorStep } from "./vector-env.ts";
import { VectorWrapper } from "./vector-wrapper.ts";
import { wrapStandIn } from "./wrap-stand-in.ts";

/** Applies a single-env observation wrapper without state to every copy's observation. */
export class VectorizeObservation extends VectorWrapper {
  readonly #wrapper: ObservationWrapper;

  /** `wrap` puts the wrapper around an env. Throws TypeError unless it gives an ObservationWrapper. */
  constructor(env: VectorEnv, wrap: (env: Env) => Env) {
    super(env);
    const wrapper = wrapStandIn(env, wrap, "VectorizeObservation");
    if (!(wrapper instanceof ObservationWrapper))
      throw new TypeError(`VectorizeObservation: got ${String(wrapper)}, expected an ObservationWrapper`);
    this.#wrapper = wrapper;
    this.singleObservationSpace = wrapper.observationSpace;
    this.observationSpace = batchSpace(wrapper.observationSpace, env.numEnvs);
  }

  override reset(options?: VectorResetOptions): [unknown, Info] {
    const [obs, info] = this.env.reset(options);
    return [this.#map(obs), info];
  }

  override step(actions: unknown): VectorStep<unknown> {
    const [obs, rewards, terminated, truncated, info] = this.env.step(actions);
    const finals = info["final_obs"];
    const isSeen = Array.isArray(finals);
    const mapped = isSeen
      ? { ...info, final_obs: finals.map((one) => (one === null ? null : this.#wrapper.observation(one))) }
      : info;
    return [this.#map(obs), rewards, terminated, truncated, mapped];
  }

  #map(obs: unknown): unknown {
    const each = iterate(this.env.singleObservationSpace, obs, this.numEnvs);
    return concatenate(
      this.singleObservationSpace,
      each.map((one) => this.#wrapper.observation(one)),
    );
  }
}
