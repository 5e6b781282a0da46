import type { Generator, Info } from "gymnasium-js";

/** How the executed actions of a demonstration stray from the expert's, so that clones see how to get back. */
export interface PerturbationSettings {
  /** Standard deviation of slow steering noise, in action units; 0: none. */
  readonly noise: number;
  /** How long the noise remembers itself, in steps. */
  readonly memory: number;
  /** Pushes per 1000 steps: the first action is held off by up to ± `pushSize` for a while, then the expert recovers. */
  readonly pushes: number;
  /** Largest push, in action units. */
  readonly pushSize: number;
  /** Shortest and longest push in steps. */
  readonly pushSteps: readonly [number, number];
  /** Share of steps, in [0, 1], at which a discrete action is replaced by a random one. */
  readonly randomActions: number;
  /** Where the car is about to be further off than this [m], nothing is disturbed, so that the expert can still save it. */
  readonly safeLateralError: number;
}

/** Disturbs nothing. */
export const NO_PERTURBATION: PerturbationSettings = {
  noise: 0,
  memory: 15,
  pushes: 0,
  pushSize: 0,
  pushSteps: [10, 30],
  randomActions: 0,
  safeLateralError: 1.1,
};

/**
 * Disturbs enough to show a clone every offset it will meet, without driving the expert off the road: noise 0.15, 5 pushes of up to 0.5 per
 * 1000 steps, 5 % random discrete actions.
 */
export const DEFAULT_PERTURBATION: PerturbationSettings = {
  ...NO_PERTURBATION,
  noise: 0.15,
  pushes: 5,
  pushSize: 0.5,
  randomActions: 0.05,
};

/**
 * Turns the expert's actions into executed ones, step by step. The expert's action stays the label.
 *
 * Continuous: executed = clip(label + noise + push) with Ornstein–Uhlenbeck noise n ← a n + σ √(1 − a²) z, a = exp(−1 / memory).
 * Discrete: now and then a random action. Pure but for `random`, which it draws from.
 */
export class Perturbation {
  readonly #settings: PerturbationSettings;
  readonly #random: Generator;
  #noise = 0;
  #push = 0;
  #pushSteps = 0;

  constructor(settings: PerturbationSettings, random: Generator) {
    this.#settings = settings;
    this.#random = random;
  }

  /** Starts an episode undisturbed. */
  reset(): void {
    this.#noise = 0;
    this.#push = 0;
    this.#pushSteps = 0;
  }

  /** The discrete action to execute for the expert's `label`, out of `numActions` from `start` on. */
  discrete(label: number, start: number, numActions: number): number {
    const isReplaced = this.#random.random() < this.#settings.randomActions;
    const other = start + Math.floor(this.#random.random() * numActions);
    return isReplaced ? other : label;
  }

  /**
   * The continuous action [A] to execute for the expert's `label` [A]; only its first number is disturbed and clipped to [low, high].
   * `info` is that of the present state.
   */
  continuous(label: Float32Array, info: Info, low: number, high: number): Float32Array {
    const offset = this.#advance();
    const isSafe = Math.abs(lateralSoon(info)) < this.#settings.safeLateralError;
    const executed = label.slice();
    if (isSafe) executed[0] = Math.max(low, Math.min(high, label[0]! + offset));
    else this.#pushSteps = 0;
    return executed;
  }

  #advance(): number {
    const { noise, memory, pushes, pushSize, pushSteps } = this.#settings;
    const keep = Math.exp(-1 / memory);
    this.#noise = keep * this.#noise + noise * Math.sqrt(1 - keep * keep) * this.#random.standardNormal();
    const [starts, size, length] = [this.#random.random(), this.#random.random(), this.#random.random()];
    if (this.#pushSteps > 0) this.#pushSteps -= 1;
    else if (starts < pushes / 1000) {
      this.#push = pushSize * (2 * size - 1);
      this.#pushSteps = Math.round(pushSteps[0] + length * (pushSteps[1] - pushSteps[0]));
    }
    return this.#noise + (this.#pushSteps > 0 ? this.#push : 0);
  }
}

/** How far ahead trouble is looked for [s]. */
const FORESIGHT_SECONDS = 0.4;

/** Where a car will be across its lane if it goes on straight [m]; 0 in worlds without a lane. */
function lateralSoon(info: Info): number {
  const { lateralError, headingError, speed } = info as Readonly<Record<string, unknown>>;
  if (typeof lateralError !== "number") return 0;
  if (typeof headingError !== "number" || typeof speed !== "number") return lateralError;
  return lateralError + FORESIGHT_SECONDS * speed * headingError;
}
