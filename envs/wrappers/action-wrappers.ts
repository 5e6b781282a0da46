import type { Env, Info, ResetOptions } from "../env.ts";
import { InvalidAction, InvalidBound, InvalidProbability, ValueError } from "../errors.ts";
import { Generator } from "../random/generator.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { readValue, writeValue } from "../snapshot/value-bytes.ts";
import { Box } from "../spaces/box.ts";
import type { Bound } from "../spaces/box.ts";
import { Discrete } from "../spaces/discrete.ts";
import { MultiDiscrete } from "../spaces/multi-discrete.ts";
import type { Space } from "../spaces/space.ts";
import { describeAction } from "../world/describe-action.ts";
import { rescaleBox } from "./box-affine.ts";
import type { BoxAffine } from "./box-affine.ts";
import { ActionWrapper, unwrapped, Wrapper } from "./wrapper.ts";

type FloatArray = Float32Array | Float64Array;

/** The Box of actions. Throws TypeError for another space. */
function boxActions(env: Env<never, never>, name: string): Box {
  const space: unknown = env.actionSpace;
  if (space instanceof Box) return space;
  throw new TypeError(`${name}: got action space ${String(space)}, expected a Box`);
}

/** Takes any action and clips it to the env's bounds. */
export class ClipAction<Obs> extends ActionWrapper<Obs, FloatArray, FloatArray> {
  readonly #box: Box;

  constructor(env: Env<Obs, FloatArray>) {
    super(env, {});
    this.#box = boxActions(env as Env<never, never>, "ClipAction");
    const { shape, dtype } = this.#box;
    this.actionSpace = new Box(-Infinity, Infinity, { shape, dtype }) as unknown as Space<FloatArray>; // floats, as before
  }

  override action(action: FloatArray): FloatArray {
    const { low, high } = this.#box;
    return action.map((value, i) => Math.min(Math.max(value, low[i]!), high[i]!));
  }
}

/** Takes actions in [minAction, maxAction] and maps them affinely onto the env's bounds. */
export class RescaleAction<Obs> extends ActionWrapper<Obs, FloatArray, FloatArray> {
  readonly #affine: BoxAffine;

  /** Throws InvalidBound when the new bounds are equal. */
  constructor(env: Env<Obs, FloatArray>, minAction: Bound, maxAction: Bound) {
    super(env, { minAction, maxAction });
    const box = boxActions(env as Env<never, never>, "RescaleAction");
    this.#affine = rescaleBox(box, minAction, maxAction);
    this.actionSpace = this.#affine.box as unknown as Space<FloatArray>; // floats, as before
  }

  override action(action: FloatArray): FloatArray {
    return this.#affine.backward(action) as FloatArray; // floats, as before
  }
}

/** Cuts each dimension of a Box into bins. The action is one number (row-major), or one per dimension with `multidiscrete`; the env gets bin centres. */
export class DiscretizeAction<Obs> extends ActionWrapper<Obs, number | Int32Array, FloatArray> {
  readonly #box: Box;
  readonly #bins: readonly number[];

  /** Throws ValueError on infinite bounds or wrong bins. */
  constructor(env: Env<Obs, FloatArray>, bins: number | readonly number[], multidiscrete = false) {
    super(env, { bins, multidiscrete });
    this.#box = boxActions(env as Env<never, never>, "DiscretizeAction");
    this.#bins = readBins("DiscretizeAction", this.#box, bins);
    const space: unknown = multidiscrete
      ? new MultiDiscrete(this.#bins)
      : new Discrete(this.#bins.reduce((a, b) => a * b, 1));
    this.actionSpace = space as Space<number | Int32Array>;
  }

  override action(action: number | Int32Array): FloatArray {
    if (!this.actionSpace.contains(action)) {
      throw new InvalidAction(
        `DiscretizeAction: got ${describeAction(action)}, expected one of ${String(this.actionSpace)}`,
      );
    }
    const { low, high } = this.#box;
    const value = this.#box.zeros() as FloatArray; // a Box with finite fractional bounds is one of floats
    for (const [i, bin] of this.#binsOf(action).entries()) {
      const width = (high[i]! - low[i]!) / this.#bins[i]!;
      value[i] = low[i]! + (bin + 0.5) * width;
    }
    return value;
  }

  #binsOf(action: number | Int32Array): number[] {
    if (typeof action !== "number") return Array.from(action);
    let rest = action;
    return this.#bins
      .toReversed()
      .map((n) => {
        const bin = rest % n;
        rest = Math.floor(rest / n);
        return bin;
      })
      .toReversed();
  }
}

/** Bins per dimension. Throws ValueError on infinite bounds, a wrong number of bins, or bins that are no positive integers. */
export function readBins(where: string, box: Box, bins: number | readonly number[]): readonly number[] {
  if (!Array.from(box.low).concat(Array.from(box.high)).every(Number.isFinite)) {
    throw new ValueError(`${where}: ${String(box)} has infinite bounds, expected finite ones`);
  }
  const all = typeof bins === "number" ? Array.from({ length: box.size }, () => bins) : bins;
  if (all.length !== box.size || !all.every((n) => Number.isInteger(n) && n > 0)) {
    throw new ValueError(`${where}: got bins ${JSON.stringify(bins)}, expected ${box.size} positive integers`);
  }
  return all;
}

/** With probability `p` repeats the last action instead of the new one, for `duration` steps (or a random number from lo to hi). */
export class StickyAction<Obs, Action> extends ActionWrapper<Obs, Action, Action> {
  readonly #p: number;
  readonly #duration: readonly [number, number];
  #last: Action | null = null;
  #isStuck = false;
  #numRepeats = 0;
  #numTaken = 0;

  /** Throws InvalidProbability, InvalidBound, ValueError; TypeError when the env has no numpy-like random stream. */
  constructor(
    env: Env<Obs, Action>,
    repeatActionProbability: number,
    repeatActionDuration: number | readonly [number, number] = 1,
  ) {
    super(env, { repeatActionProbability, repeatActionDuration });
    if (!(repeatActionProbability >= 0 && repeatActionProbability < 1)) {
      throw new InvalidProbability(`StickyAction: got probability ${repeatActionProbability}, expected 0 to below 1`);
    }
    const duration: readonly [number, number] =
      typeof repeatActionDuration === "number" ? [repeatActionDuration, repeatActionDuration] : repeatActionDuration;
    if (duration[0] > duration[1])
      throw new InvalidBound(`StickyAction: got duration ${duration.join(" to ")}, expected low <= high`);
    if (!(duration[0] >= 1))
      throw new ValueError(`StickyAction: got duration ${duration.join(" to ")}, expected at least 1`);
    this.#p = repeatActionProbability;
    this.#duration = duration;
  }

  override get layer(): string {
    return "StickyAction";
  }

  override reset(options?: ResetOptions): [Obs, Info] {
    this.#forget();
    return this.env.reset(options);
  }

  override action(action: Action): Action {
    const random = this.#random();
    let executed = action;
    if (this.#isStuck || (this.#last !== null && random.uniform() < this.#p)) {
      if (this.#numRepeats === 0) this.#numRepeats = random.integers(this.#duration[0], this.#duration[1] + 1);
      executed = this.#last!;
      this.#isStuck = true;
      this.#numTaken++;
      if (this.#numTaken === this.#numRepeats) this.#endSeries();
    }
    this.#last = executed;
    return executed;
  }

  protected override save(writer: ByteWriter): void {
    writer.uint8(this.#isStuck ? 1 : 0);
    writer.uint32(this.#numRepeats);
    writer.uint32(this.#numTaken);
    writer.uint8(this.#last === null ? 0 : 1);
    if (this.#last !== null) writeValue(writer, this.env.actionSpace as Space<unknown>, this.#last);
  }

  protected override load(reader: ByteReader): () => void {
    const [isStuck, numRepeats, numTaken] = [reader.uint8(1) === 1, reader.uint32(), reader.uint32()];
    const last = reader.uint8(1) === 1 ? (readValue(reader, this.env.actionSpace as Space<unknown>) as Action) : null;
    return () => {
      [this.#isStuck, this.#numRepeats, this.#numTaken, this.#last] = [isStuck, numRepeats, numTaken, last];
    };
  }

  #random(): Generator {
    const { random } = unwrapped(this.env as Env) as Env & { readonly random?: unknown };
    if (random instanceof Generator) return random;
    throw new TypeError(`StickyAction: ${String(this.env)} has no random stream of class Generator`);
  }

  #endSeries(): void {
    this.#isStuck = false;
    this.#numRepeats = 0;
    this.#numTaken = 0;
  }

  #forget(): void {
    this.#endSeries();
    this.#last = null;
  }
}

/** Repeats each action `numRepeats` times or until the end; rewards add up. */
export class RepeatAction<Obs, Action> extends Wrapper<Obs, Action> {
  readonly #numRepeats: number;

  /** Throws ValueError unless `numRepeats` is at least 1. */
  constructor(env: Env<Obs, Action>, numRepeats: number) {
    super(env, { numRepeats });
    if (!Number.isInteger(numRepeats))
      throw new TypeError(`RepeatAction: got ${String(numRepeats)}, expected an integer`);
    if (numRepeats < 1) throw new ValueError(`RepeatAction: got ${numRepeats}, expected at least 1`);
    this.#numRepeats = numRepeats;
  }

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    const result = this.env.step(action);
    for (let i = 1; i < this.#numRepeats && !result[2] && !result[3]; i++) {
      const [obs, reward, terminated, truncated, info] = this.env.step(action);
      [result[0], result[2], result[3], result[4]] = [obs, terminated, truncated, info];
      result[1] += reward;
    }
    return result;
  }
}
