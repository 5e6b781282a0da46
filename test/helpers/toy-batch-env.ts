import { Box, Discrete, PCG64, type BatchEnv, type BatchStep, type Info, type Seed } from "gymnasium-js";

/** Rules of a toy world over a small integer state vector. */
export interface ToyRules {
  readonly obsSize: number;
  readonly numActions: number;
  /** numbers of state per env */
  readonly stateSize: number;
  start(state: Int32Array, uniform: () => number): void;
  observe(state: Int32Array, obs: Float32Array): void;
  /** changes the state; says the reward and whether the episode ended, and how */
  step(
    state: Int32Array,
    action: number,
    uniform: () => number,
  ): { reward: number; end: "no" | "terminated" | "truncated" };
}

/** A batched world from rules: one stream per env, same-step autoreset, snapshots. For tests. */
export class ToyBatchEnv implements BatchEnv {
  readonly numEnvs: number;
  readonly singleObservationSpace: Box;
  readonly singleActionSpace: Discrete;
  readonly metadata = { renderModes: [], renderFps: 30 };
  readonly #rules: ToyRules;
  readonly #random: PCG64[];
  readonly #states: Int32Array[];

  constructor(numEnvs: number, rules: ToyRules) {
    this.numEnvs = numEnvs;
    this.singleObservationSpace = new Box(-1, 1, { shape: [rules.obsSize] });
    this.singleActionSpace = new Discrete(rules.numActions);
    this.#rules = rules;
    this.#random = Array.from({ length: numEnvs }, () => new PCG64(0));
    this.#states = Array.from({ length: numEnvs }, () => new Int32Array(rules.stateSize));
  }

  reset(seeds: readonly Seed[], out: BatchStep): void {
    for (let n = 0; n < this.numEnvs; n++) {
      this.#random[n] = new PCG64(seeds[n]!);
      this.#start(n);
      this.#observe(n, out.obs as Float32Array);
    }
    out.elapsed.fill(1);
  }

  step(actions: Int32Array | Float32Array, out: BatchStep): void {
    for (let n = 0; n < this.numEnvs; n++) {
      const { reward, end } = this.#rules.step(this.#states[n]!, actions[n]!, () => this.#random[n]!.nextDouble());
      out.reward[n] = reward;
      out.terminated[n] = end === "terminated" ? 1 : 0;
      out.truncated[n] = end === "truncated" ? 1 : 0;
      if (end !== "no") {
        this.#observe(n, out.finalObs as Float32Array);
        out.finalElapsed[n] = 1;
        this.#start(n);
      }
      this.#observe(n, out.obs as Float32Array);
      out.elapsed[n] = 1;
    }
  }

  snapshot(i: number): Uint8Array {
    const random = this.#random[i]!;
    const words = new Uint32Array(random.numStateWords + this.#rules.stateSize);
    random.saveState(words);
    words.set(this.#states[i]!, random.numStateWords);
    return new Uint8Array(words.buffer);
  }

  restore(i: number, bytes: Uint8Array): void {
    const words = new Uint32Array(bytes.slice().buffer);
    const random = this.#random[i]!;
    random.loadState(words);
    this.#states[i]!.set(words.subarray(random.numStateWords));
  }

  observe(i: number, out: BatchStep): void {
    this.#observe(i, out.obs as Float32Array);
    out.elapsed[i] = 1;
  }

  finalInfo(): Info {
    return {};
  }

  close(): void {
    // nothing is held
  }

  #start(n: number): void {
    this.#states[n]!.fill(0);
    this.#rules.start(this.#states[n]!, () => this.#random[n]!.nextDouble());
  }

  #observe(n: number, obs: Float32Array): void {
    const D = this.#rules.obsSize;
    this.#rules.observe(this.#states[n]!, obs.subarray(n * D, (n + 1) * D));
  }
}

/** Say which of `numActions` lights is on: reward 1 when right. Episodes of 8 steps end by truncation. */
export const identityRules = (numActions: number): ToyRules => ({
  obsSize: numActions,
  numActions,
  stateSize: 2, // light, step
  start(state, uniform) {
    state[0] = Math.floor(uniform() * numActions);
  },
  observe(state, obs) {
    obs.fill(0);
    obs[state[0]!] = 1;
  },
  step(state, action, uniform) {
    const reward = action === state[0] ? 1 : 0;
    state[0] = Math.floor(uniform() * numActions);
    state[1]!++;
    return { reward, end: state[1] === 8 ? "truncated" : "no" };
  },
});

/** A cue (1 or -1) shows at the first step only; after `delay` more steps the action must match it: reward 1 or -1, end. */
export const recallRules = (delay: number): ToyRules => ({
  obsSize: 2,
  numActions: 2,
  stateSize: 2, // cue, step
  start(state, uniform) {
    state[0] = uniform() < 0.5 ? 0 : 1;
  },
  observe(state, obs) {
    obs[0] = state[1] === 0 ? 2 * state[0]! - 1 : 0;
    obs[1] = state[1] === delay ? 1 : 0;
  },
  step(state, action) {
    if (state[1]! < delay) {
      state[1]!++;
      return { reward: 0, end: "no" };
    }
    return { reward: action === state[0] ? 1 : -1, end: "terminated" };
  },
});
