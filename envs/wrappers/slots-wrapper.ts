import type { ObsArray } from "../batch-env.ts";
import type { EnvSlots } from "../batch/env-slots.ts";
import { SingleSlots } from "../batch/single-slots.ts";
import type { Env, Info, ResetOptions, SnapshotOptions } from "../env.ts";
import { InvalidAction, ResetNeeded } from "../errors.ts";
import { freshEntropy } from "../random/entropy.ts";
import type { EnvSpec, Kwargs } from "../registration/env-spec.ts";
import type { Space } from "../spaces/space.ts";
import { describeAction } from "../world/describe-action.ts";
import type { ActionArray, Outcome } from "../world/world.ts";
import { Wrapper } from "./wrapper.ts";

/** What a `SlotsWrapper` is told beside its options. */
export interface SlotsWrapperOrigin {
  /** Whether `make` put it there for an argument of the world: the spec holds that argument already. */
  readonly isWorldArgument?: boolean;
}

/** The single form of a batch modifier: one slot of it around one env, so that both forms are the same by construction. */
export class SlotsWrapper extends Wrapper<ObsArray, number | ActionArray, unknown, unknown> {
  readonly #slots: EnvSlots;
  readonly #outcome: Outcome = { reward: 0, terminated: false, truncated: false, elapsed: 1 };
  readonly #isWorldArgument: boolean;
  #isSeeded = false;

  /** `recordedKwargs` null: the wrapper came from an argument of the world, which the inner spec holds already. */
  constructor(env: Env, recordedKwargs: Kwargs | null, modify: (slots: EnvSlots) => EnvSlots) {
    super(env, recordedKwargs);
    this.#isWorldArgument = recordedKwargs === null;
    this.#slots = modify(new SingleSlots([env]));
  }

  override get spec(): EnvSpec | null {
    return this.#isWorldArgument ? this.env.spec : super.spec;
  }

  override get observationSpace(): Space<ObsArray> {
    return this.#slots.observationSpace as Space<ObsArray>; // slots observe in float32 or uint8
  }

  override reset({ seed, options }: ResetOptions = {}): [ObsArray, Info] {
    if (seed !== undefined || !this.#isSeeded) this.#slots.seed(0, seed ?? freshEntropy());
    this.#isSeeded = true;
    this.#slots.begin(0, options);
    return [this.#observe(), this.#slots.info(0)];
  }

  override step(action: number | ActionArray): [ObsArray, number, boolean, boolean, Info] {
    if (!this.#isSeeded) throw new ResetNeeded(`${String(this)}.step: call reset before the first step`);
    if (!this.env.actionSpace.contains(action)) {
      throw new InvalidAction(
        `${String(this)}.step: got action ${describeAction(action)}, expected one of ${String(this.env.actionSpace)}`,
      );
    }
    const outcome = this.#outcome;
    // A single number travels as a double, so that the env sees exactly what it was given.
    const actions = typeof action === "object" ? action : ([action] as unknown as ActionArray);
    this.#slots.advance(0, actions, 0, outcome);
    const info = { ...this.#slots.info(0), elapsedTime: outcome.elapsed };
    return [this.#observe(), outcome.reward, outcome.terminated, outcome.truncated, info];
  }

  override snapshot(options?: SnapshotOptions): Uint8Array {
    return this.#slots.snapshot(0, options);
  }

  override restore(bytes: Uint8Array): void {
    this.#slots.restore(0, bytes);
    this.#isSeeded = true;
  }

  #observe(): ObsArray {
    const { observationSpace, obsSize } = this.#slots;
    const obs = observationSpace.dtype === "uint8" ? new Uint8Array(obsSize) : new Float32Array(obsSize);
    this.#slots.observe(0, obs, 0);
    return obs;
  }
}
