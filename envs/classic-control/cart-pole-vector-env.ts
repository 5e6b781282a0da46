import { ClosedEnvironmentError, InvalidAction, ResetNeeded, ValueError } from "../errors.ts";
import type { EnvMetadata, Info } from "../env.ts";
import { defaultRng } from "../random/generator.ts";
import type { Generator } from "../random/generator.ts";
import type { Frame } from "../frame.ts";
import type { EnvSpec, Kwargs } from "../registration/env-spec.ts";
import { batchSpace } from "../spaces/batch-space.ts";
import type { Space } from "../spaces/space.ts";
import { takeResetMask } from "../vector/vector-env.ts";
import type { AutoresetMode, VectorEnv, VectorResetOptions, VectorStep } from "../vector/vector-env.ts";
import { describeAction } from "../world/describe-action.ts";
import { cartPole, readBound } from "./cart-pole.ts";
import type { CartPoleState } from "./cart-pole.ts";

/**
 * Gymnasium's CartPoleVectorEnv: N carts that share one random stream, so that copy i is not a single env with seed s + i.
 *
 * A reset draws all x first, then all xDot, and so on, for the copies of `resetMask` alone where there is one. An ended copy starts anew on
 * the following step, whose action it ignores (NextStep). After `close`, `reset` and `step` throw ClosedEnvironmentError.
 */
export class CartPoleVectorEnv implements VectorEnv<Float32Array, ArrayLike<number>> {
  readonly numEnvs: number;
  readonly observationSpace: Space<Float32Array>;
  readonly actionSpace: Space<ArrayLike<number>>;
  readonly singleObservationSpace: Space<unknown>;
  readonly singleActionSpace: Space<unknown>;
  readonly metadata: EnvMetadata & { readonly autoresetMode: AutoresetMode };
  spec: EnvSpec | null = null;
  closed = false;
  readonly #world;
  readonly #limit: number;
  readonly #states: CartPoleState[];
  readonly #steps: Int32Array;
  readonly #isOver: Uint8Array;
  readonly #isReset: Uint8Array;
  #random: Generator | null = null;
  #low = -0.05;
  #high = 0.05;
  readonly #isSuttonBarto: boolean;

  /**
   * `kwargs`: those of CartPole, and `maxEpisodeSteps` (null for no time limit). Throws ValueError unless `numEnvs` is a positive integer.
   * `reset` takes one seed for all copies, and the options `low` and `high`: bounds of every start until the next reset.
   */
  constructor(numEnvs: number, { maxEpisodeSteps = null, ...kwargs }: Kwargs) {
    if (!Number.isInteger(numEnvs) || numEnvs < 1)
      throw new ValueError(`CartPole vector: got ${numEnvs} envs, expected at least 1`);
    this.#world = cartPole(kwargs);
    this.#isSuttonBarto = kwargs["suttonBartoReward"] === true;
    this.#limit = maxEpisodeSteps === null ? Infinity : Number(maxEpisodeSteps);
    this.numEnvs = numEnvs;
    this.singleObservationSpace = this.#world.observationSpace;
    this.singleActionSpace = this.#world.actionSpace;
    this.observationSpace = batchSpace(this.#world.observationSpace, numEnvs) as unknown as Space<Float32Array>; // float32
    this.actionSpace = batchSpace(this.#world.actionSpace, numEnvs) as unknown as Space<ArrayLike<number>>; // integers
    this.metadata = { ...this.#world.metadata, autoresetMode: "NextStep" };
    this.#states = Array.from({ length: numEnvs }, () => this.#world.createState());
    this.#steps = new Int32Array(numEnvs);
    this.#isOver = new Uint8Array(numEnvs);
    this.#isReset = new Uint8Array(numEnvs);
  }

  reset({ seed, options }: VectorResetOptions = {}): [Float32Array, Info] {
    this.#checkOpen();
    if (typeof seed === "object")
      throw new ValueError("CartPole vector: expected one seed, since its copies share one random stream");
    const { mask } = takeResetMask(options, this.numEnvs);
    const low = readBound(options?.["low"], -0.05);
    const high = readBound(options?.["high"], 0.05);
    if (low > high) throw new ValueError(`CartPole.reset options: low (${low}) must not be above high (${high})`);
    if (seed !== undefined) this.#random = defaultRng(seed);
    this.#random ??= defaultRng();
    [this.#low, this.#high] = [low, high];
    const isChosen = (i: number): boolean => mask?.[i] ?? true;
    this.#restart(this.#states.filter((_, i) => isChosen(i)));
    for (let i = 0; i < this.numEnvs; i++) {
      if (!isChosen(i)) continue;
      this.#steps[i] = 0;
      this.#isOver[i] = 0;
      this.#isReset[i] = 1;
    }
    return [this.#observe(), {}];
  }

  step(actions: ArrayLike<number>): VectorStep<Float32Array> {
    this.#checkOpen();
    if (this.#isReset.includes(0)) throw new ResetNeeded("CartPole vector: call reset before the first step");
    const moves = this.#readActions(actions);
    const { numEnvs } = this;
    const rewards = new Float64Array(numEnvs);
    const [terminated, truncated] = [new Uint8Array(numEnvs), new Uint8Array(numEnvs)];
    const outcome = { reward: 0, terminated: false, truncated: false, elapsed: 1 };
    for (const [i, state] of this.#states.entries()) {
      if (this.#isOver[i] === 1) continue;
      this.#world.step(state, moves, i, this.#random!, outcome);
      rewards[i] = this.#isSuttonBarto ? outcome.reward : 1;
      this.#steps[i]!++;
      terminated[i] = Number(outcome.terminated);
      truncated[i] = Number(this.#steps[i]! >= this.#limit);
      outcome.terminated = false;
    }
    this.#restart(this.#states.filter((_, i) => this.#isOver[i] === 1));
    for (let i = 0; i < numEnvs; i++) {
      if (this.#isOver[i] === 1) this.#steps[i] = 0;
      this.#isOver[i] = terminated[i]! | truncated[i]!;
    }
    return [this.#observe(), rewards, terminated, truncated, {}];
  }

  close(): void {
    this.closed = true;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Draws new start states: all x first, then all xDot, theta, thetaDot. */
  #restart(states: readonly CartPoleState[]): void {
    const random = this.#random!;
    const next = (): number => random.uniform(this.#low, this.#high);
    for (const state of states) state.hasEnded = false;
    for (const state of states) state.x = next();
    for (const state of states) state.xDot = next();
    for (const state of states) state.theta = next();
    for (const state of states) state.thetaDot = next();
  }

  render(): readonly (Frame | null)[] {
    if (this.#isReset.includes(0)) throw new ResetNeeded("CartPole vector: call reset before the first render");
    return this.#states.map((state) => this.#world.draw(state));
  }

  #checkOpen(): void {
    if (this.closed) throw new ClosedEnvironmentError("CartPoleVectorEnv: it was closed, make a new one");
  }

  #observe(): Float32Array {
    const obs = new Float32Array(4 * this.numEnvs);
    for (const [i, state] of this.#states.entries()) this.#world.observe(state, obs, 4 * i);
    return obs;
  }

  #readActions(actions: ArrayLike<number>): Int32Array {
    const values = Array.from(actions ?? []);
    const wrong = values.findIndex((action) => !this.singleActionSpace.contains(action));
    if (values.length !== this.numEnvs || wrong >= 0) {
      const came = wrong >= 0 ? `action ${describeAction(values[wrong])} for env ${wrong}` : `${values.length} actions`;
      throw new InvalidAction(
        `CartPole vector: got ${came}, expected ${this.numEnvs} of ${String(this.singleActionSpace)}`,
      );
    }
    return Int32Array.from(values);
  }

  toString(): string {
    return `CartPoleVectorEnv(${this.spec === null ? "" : `${this.spec.id}, `}num_envs=${this.numEnvs})`;
  }
}
