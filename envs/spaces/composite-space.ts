import type { Seed } from "../env.ts";
import { ValueError } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
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

  /** Seeds the own generator with `seed`, draws one seed per part from it and gives each part its own. Returns what the parts return. */
  protected seedParts(seed?: Seed): unknown[] {
    this.seedOwn(seed);
    const seeds = this.random.integersArray(this.parts.length, 2 ** 31 - 1);
    return this.parts.map((part, i) => part.seed(seeds[i]!));
  }
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
