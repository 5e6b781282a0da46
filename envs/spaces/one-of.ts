import { AssertionError, ValueError } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { CompositeSpace, partOptions, partsOf } from "./composite-space.ts";
import { oneFromJson, oneToJson } from "./one-json.ts";
import type { SampleOptions, Space, SpaceSeed } from "./space.ts";

/** A value of one of several spaces, with the number of that space. */
export type OneOfValue = readonly [index: number, value: unknown];

/** Values of any one of several spaces, each with the number of the space that it is from. */
export class OneOf extends CompositeSpace<OneOfValue> {
  /** The spaces in order. */
  readonly spaces: readonly Space<unknown>[];

  /** Throws ValueError without spaces, TypeError when something is no space. */
  constructor(spaces: Iterable<Space<unknown>>, { seed }: { readonly seed?: SpaceSeed | Generator } = {}) {
    super(seed);
    this.spaces = partsOf("OneOf", spaces);
    if (this.spaces.length === 0) throw new ValueError("OneOf: got no spaces, expected at least one");
    this.seedFrom(seed);
  }

  get parts(): readonly Space<unknown>[] {
    return this.spaces;
  }

  /** Every space is as likely. `mask` or `probability`: a list with an entry for each space, of which the drawn one's is used. */
  override sample(options: SampleOptions = {}): OneOfValue {
    const index = this.random.integers(this.spaces.length);
    return [index, this.spaces[index]!.sample(partOptions(options, (whole) => this.#pick(whole, index)))];
  }

  override contains(value: unknown): value is OneOfValue {
    if (!Array.isArray(value) || value.length !== 2) return false;
    const [index, inner] = value as [unknown, unknown];
    return typeof index === "number" && this.spaces[index]?.contains(inner) === true;
  }

  /** One integer for all, or [own seed, one per space]. Returns the seeds used, its own first. */
  override seed(seed?: SpaceSeed): unknown {
    return this.seedOwnToo(seed);
  }

  /** A list of [number of the space, value]. */
  override toJson(values: readonly OneOfValue[]): unknown {
    return values.map(([index, value]) => [index, oneToJson(this.spaces[index]!, value)]);
  }

  override fromJson(data: unknown): OneOfValue[] {
    if (!Array.isArray(data)) throw new ValueError(`${String(this)}.fromJson: expected a list of [index, value]`);
    return data.map((entry: unknown) => {
      const [index, value] = Array.isArray(entry) ? (entry as unknown[]) : [];
      const space = typeof index === "number" ? this.spaces[index] : undefined;
      if (space === undefined)
        throw new ValueError(`${String(this)}.fromJson: got ${JSON.stringify(entry)}, expected [index, value]`);
      return [index as number, oneFromJson(space, value)];
    });
  }

  override equals(other: unknown): boolean {
    return (
      other instanceof OneOf &&
      other.spaces.length === this.spaces.length &&
      this.spaces.every((space, i) => space.equals(other.spaces[i]))
    );
  }

  override toString(): string {
    return `OneOf(${this.spaces.map(String).join(", ")})`;
  }

  #pick(whole: unknown, index: number): unknown {
    if (!Array.isArray(whole) || whole.length !== this.spaces.length)
      throw new AssertionError(`OneOf.sample: expected a mask with ${this.spaces.length} entries (null for none)`);
    return whole[index];
  }
}
