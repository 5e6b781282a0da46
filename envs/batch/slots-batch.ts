import type { BatchEnv, BatchStep } from "../batch-env.ts";
import type { EnvMetadata, Info, Seed, SnapshotOptions } from "../env.ts";
import { InvalidAction, InvalidSnapshot, ResetNeeded, ValueError } from "../errors.ts";
import { Box } from "../spaces/box.ts";
import { Discrete } from "../spaces/discrete.ts";
import type { Space } from "../spaces/space.ts";
import { describeAction } from "../world/describe-action.ts";
import type { ActionArray, Outcome } from "../world/world.ts";
import type { EnvSlots } from "./env-slots.ts";

/** A batched env made of slots: steps all of them together and resets ended ones within the step. */
export class SlotsBatch implements BatchEnv {
  readonly numEnvs: number;
  readonly singleObservationSpace: Space<unknown>;
  readonly singleActionSpace: Space<unknown>;
  readonly metadata: EnvMetadata;
  readonly slots: EnvSlots;
  readonly #actionWidth: number;
  readonly #finalInfos: Info[];
  readonly #outcome: Outcome = { reward: 0, terminated: false, truncated: false, elapsed: 1 };

  constructor(slots: EnvSlots) {
    this.slots = slots;
    this.numEnvs = slots.numEnvs;
    this.singleObservationSpace = slots.observationSpace;
    this.singleActionSpace = slots.actionSpace;
    this.metadata = slots.metadata;
    this.#actionWidth = (slots.actionSpace.shape ?? []).reduce((product, n) => product * n, 1);
    this.#finalInfos = Array.from({ length: slots.numEnvs }, () => ({}));
  }

  reset(seeds: readonly Seed[], out: BatchStep): void {
    const { slots } = this;
    if (seeds.length !== this.numEnvs) {
      throw new ValueError(`${slots.name} batch: got ${seeds.length} seeds, expected ${this.numEnvs}`);
    }
    this.#checkOut(out);
    for (let i = 0; i < this.numEnvs; i++) {
      slots.seed(i, seeds[i]!);
      this.#begin(i, out);
    }
  }

  step(actions: Int32Array | Float32Array, out: BatchStep): void {
    const { slots } = this;
    const outcome = this.#outcome;
    const width = this.#actionWidth;
    this.#checkStep(actions);
    this.#checkOut(out);
    for (let i = 0; i < this.numEnvs; i++) {
      outcome.reward = 0;
      outcome.terminated = false;
      outcome.truncated = false;
      outcome.elapsed = 1;
      slots.advance(i, actions, i * width, outcome);
      out.reward[i] = outcome.reward;
      out.terminated[i] = outcome.terminated ? 1 : 0;
      out.truncated[i] = outcome.truncated ? 1 : 0;
      if (outcome.terminated || outcome.truncated) {
        slots.observe(i, out.finalObs, i * slots.obsSize);
        out.finalElapsed[i] = outcome.elapsed;
        this.#finalInfos[i] = slots.info(i);
        this.#begin(i, out);
      } else {
        slots.observe(i, out.obs, i * slots.obsSize);
        out.elapsed[i] = outcome.elapsed;
      }
    }
  }

  snapshot(i: number, options?: SnapshotOptions): Uint8Array {
    this.#checkIndex(i);
    return this.slots.snapshot(i, options);
  }

  restore(i: number, bytes: Uint8Array): void {
    this.#checkIndex(i);
    const before = this.slots.snapshot(i);
    this.slots.restore(i, bytes);
    if (this.slots.isRunning(i)) return;
    this.slots.restore(i, before);
    throw new InvalidSnapshot(`${this.slots.name} batch: env ${i} cannot continue a snapshot taken outside an episode`);
  }

  observe(i: number, out: BatchStep): void {
    this.#checkIndex(i);
    this.slots.observe(i, out.obs, i * this.slots.obsSize);
    out.elapsed[i] = 1;
  }

  finalInfo(i: number): Info {
    this.#checkIndex(i);
    return this.#finalInfos[i]!;
  }

  close(): void {
    this.slots.close();
  }

  #begin(i: number, out: BatchStep): void {
    this.slots.begin(i);
    this.slots.observe(i, out.obs, i * this.slots.obsSize);
    out.elapsed[i] = 1;
  }

  /** Throws ResetNeeded before the reset of every env, InvalidAction naming the first env whose action is outside the space. */
  #checkStep(actions: ActionArray): void {
    const { name, numEnvs, actionSpace } = this.slots;
    for (let i = 0; i < numEnvs; i++) {
      if (!this.slots.isRunning(i)) throw new ResetNeeded(`${name} batch: call reset before the first step (env ${i})`);
    }
    const width = this.#actionWidth;
    if (actions.length !== numEnvs * width) {
      throw new InvalidAction(`${name} batch: got ${actions.length} action numbers, expected ${numEnvs} x ${width}`);
    }
    const wrong = actionSpace instanceof Discrete ? firstOutside(actions, actionSpace) : this.#firstOutsideBox(actions);
    if (wrong < 0) return;
    const action = width === 1 ? actions[wrong] : actions.slice(wrong * width, (wrong + 1) * width);
    const expected = `expected one of ${String(actionSpace)}`;
    throw new InvalidAction(`${name} batch, env ${wrong}: got action ${describeAction(action)}, ${expected}`);
  }

  /** The first env whose action is outside; -1 if none. */
  #firstOutsideBox(actions: ActionArray): number {
    const { actionSpace } = this.slots;
    const width = this.#actionWidth;
    for (let i = 0; i < this.numEnvs; i++) {
      if (actionSpace instanceof Box) {
        for (let k = 0; k < width; k++) {
          const value = actions[i * width + k]!;
          if (!(value >= actionSpace.low[k]! && value <= actionSpace.high[k]!)) return i;
        }
      } else if (!actionSpace.contains(actions.slice(i * width, (i + 1) * width))) return i;
    }
    return -1;
  }

  /** Throws ValueError where the caller's arrays are too small: typed arrays would swallow what does not fit. */
  #checkOut(out: BatchStep): void {
    const { numEnvs } = this;
    const { obsSize, name } = this.slots;
    const smallest = Math.min(
      out.reward.length,
      out.terminated.length,
      out.truncated.length,
      out.elapsed.length,
      out.finalElapsed.length,
    );
    if (smallest >= numEnvs && Math.min(out.obs.length, out.finalObs.length) >= numEnvs * obsSize) return;
    throw new ValueError(
      `${name} batch: out holds less than ${numEnvs} envs with observations of ${obsSize} numbers; make it with createBatchStep`,
    );
  }

  #checkIndex(i: number): void {
    if (!Number.isInteger(i) || i < 0 || i >= this.numEnvs) {
      throw new ValueError(`${this.slots.name} batch: got env index ${i}, expected 0 to ${this.numEnvs - 1}`);
    }
  }
}

function firstOutside(actions: ActionArray, { start, n }: Discrete): number {
  for (let i = 0; i < actions.length; i++) {
    const value = actions[i]!;
    if (!(value >= start && value < start + n && Math.trunc(value) === value)) return i;
  }
  return -1;
}

/** The number of envs of a batch. Throws ValueError unless it is a positive integer. */
export function checkNumEnvs(where: string, numEnvs: number): number {
  if (Number.isInteger(numEnvs) && numEnvs >= 1) return numEnvs;
  throw new ValueError(`${where}: got ${String(numEnvs)} envs, expected at least 1`);
}
