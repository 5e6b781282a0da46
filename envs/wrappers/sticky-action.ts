import type { Env, Info, ResetOptions } from "../env.ts";
import { InvalidBound, ValueError } from "../errors.ts";
import { Generator } from "../random/generator.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { readValue, writeValue } from "../snapshot/value-bytes.ts";
import type { Space } from "../spaces/space.ts";
import { checkProbability } from "./check-probability.ts";
import { ActionWrapper, unwrapped } from "./wrapper.ts";

/**
 * With probability `repeatActionProbability`, in [0, 1), repeats the last action instead of the new one, for `repeatActionDuration` steps (or a
 * random number from low to high, both included).
 */
export class StickyAction<Obs, Action> extends ActionWrapper<Obs, Action, Action> {
  readonly #p: number;
  readonly #duration: readonly [number, number];
  #last: Action | null = null;
  #isStuck = false;
  #numRepeats = 0;
  #numTaken = 0;

  /**
   * Throws InvalidProbability on another probability, InvalidBound or ValueError on a duration that is none; `step` throws TypeError when the
   * env has no numpy-like random stream.
   */
  constructor(
    env: Env<Obs, Action>,
    repeatActionProbability: number,
    repeatActionDuration: number | readonly [number, number] = 1,
  ) {
    super(env, { repeatActionProbability, repeatActionDuration });
    checkProbability("StickyAction: repeatActionProbability", repeatActionProbability, false);
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
