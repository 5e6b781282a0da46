import type { Seed } from "../env.ts";
import { ValueError } from "../errors.ts";
import { freshEntropy } from "../random/entropy.ts";
import { Generator } from "../random/generator.ts";
import { BaseSpace } from "./base-space.ts";
import { isGiven } from "./given.ts";
import type { SampleOptions, Space, SpaceSeed } from "./space.ts";

/** What spaces made of spaces share. */
export abstract class CompositeSpace<T> extends BaseSpace<T> {
  constructor(seed: SpaceSeed | Generator | undefined) {
    super(null, null, typeof seed === "object" ? undefined : seed);
  }

  /** The parts in order. */
  abstract get parts(): readonly Space<unknown>[];

  override get isFlattenable(): boolean {
    return this.parts.every((part) => part.isFlattenable);
  }

  /** What a constructor does with its `seed`, once the parts are in place. */
  protected seedFrom(seed: SpaceSeed | Generator | undefined): void {
    if (seed instanceof Generator) this.random = seed;
    else if (seed !== undefined) this.seed(seed);
  }

  /** Seeds the own generator with `seed`, draws one seed per part from it and gives each part its own. Returns what the parts return. */
  protected seedParts(seed?: Seed): unknown[] {
    this.seedOwn(seed);
    const seeds = this.random.integersArray(this.parts.length, 2 ** 31 - 1);
    return this.parts.map((part, i) => part.seed(seeds[i]!));
  }

  /**
   * For spaces that draw numbers of their own. With one integer the parts are seeded as in `seedParts`, and the own generator starts again; a
   * list gives [own seed, one per part]. Returns the seeds used in that order. Throws ValueError on a wrong number of them.
   */
  protected seedOwnToo(seed?: SpaceSeed): unknown[] {
    if (typeof seed !== "object") {
      const own = seed ?? freshEntropy();
      const used = this.seedParts(own);
      return [this.seedOwn(own), ...used];
    }
    const { parts } = this;
    if (!Array.isArray(seed) || seed.length !== parts.length + 1)
      throw new ValueError(
        `${String(this)}.seed: got ${JSON.stringify(seed)}, expected an integer or a list of ${parts.length + 1} seeds`,
      );
    const [own, ...rest] = seed as readonly (SpaceSeed | null)[];
    if (typeof own === "object" && own !== null)
      throw new TypeError(`${String(this)}.seed: got ${JSON.stringify(own)} as its own seed, expected an integer`);
    return [this.seedOwn(own ?? undefined), ...parts.map((part, i) => part.seed(rest[i] ?? undefined))];
  }
}

/** A list of spaces. Throws TypeError when something is no space. */
export function partsOf(owner: string, spaces: Iterable<Space<unknown>>): readonly Space<unknown>[] {
  const parts = [...spaces];
  for (const [i, space] of parts.entries())
    if (!isSpace(space)) throw new TypeError(`${owner}[${i}]: got ${String(space)}, expected a space`);
  return parts;
}

/** The mask or probability of one part. */
export function partOptions(options: SampleOptions, pick: (whole: unknown) => unknown): SampleOptions {
  if (isGiven(options.mask) && isGiven(options.probability)) {
    throw new ValueError("sample: got both mask and probability, expected at most one");
  }
  if (isGiven(options.mask)) return { mask: pick(options.mask) };
  return isGiven(options.probability) ? { probability: pick(options.probability) } : {};
}

/** Whether a value is a space. */
export function isSpace(value: unknown): value is Space<unknown> {
  const space = value as Partial<Space<unknown>> | null | undefined;
  return (
    typeof space === "object" &&
    space !== null &&
    typeof space.contains === "function" &&
    typeof space.sample === "function"
  );
}
