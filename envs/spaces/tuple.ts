import { AssertionError, ValueError } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { CompositeSpace, partOptions, partsOf } from "./composite-space.ts";
import type { SampleOptions, Space, SpaceSeed } from "./space.ts";

/** Lists with a value of its own space at each place. */
export class Tuple extends CompositeSpace<readonly unknown[]> {
  /** The spaces in order. */
  readonly spaces: readonly Space<unknown>[];

  /** Throws TypeError when something is no space. */
  constructor(spaces: Iterable<Space<unknown>>, { seed }: { readonly seed?: SpaceSeed | Generator } = {}) {
    super(seed);
    this.spaces = partsOf("Tuple", spaces);
    this.seedFrom(seed);
  }

  get parts(): readonly Space<unknown>[] {
    return this.spaces;
  }

  /** `mask` or `probability`: a list with an entry per place. */
  override sample(options: SampleOptions = {}): readonly unknown[] {
    return this.spaces.map((space, i) => space.sample(partOptions(options, (whole) => this.#pick(whole, i))));
  }

  override contains(value: unknown): value is readonly unknown[] {
    const isList = Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
    if (!isList) return false;
    const values = Array.from(value as unknown as ArrayLike<unknown>);
    return values.length === this.spaces.length && values.every((entry, i) => this.spaces[i]!.contains(entry));
  }

  /** One integer for all, or a list of seeds. Returns the seeds used. Throws ValueError on a wrong number of them. */
  override seed(seed?: SpaceSeed): unknown {
    if (typeof seed !== "object") return this.seedParts(seed);
    if (!Array.isArray(seed))
      throw new TypeError(`Tuple.seed: got ${JSON.stringify(seed)}, expected an integer or a list of seeds`);
    if (seed.length !== this.spaces.length) {
      throw new ValueError(`Tuple.seed: got ${seed.length} seeds, expected ${this.spaces.length}`);
    }
    return this.spaces.map((space, i) => space.seed((seed as readonly (SpaceSeed | null)[])[i] ?? undefined));
  }

  /** A list with the list of values of each place. */
  override toJson(values: readonly (readonly unknown[])[]): unknown {
    return this.spaces.map((space, i) => space.toJson(values.map((value) => value[i])));
  }

  override fromJson(data: unknown): (readonly unknown[])[] {
    if (!Array.isArray(data)) throw new ValueError(`${String(this)}.fromJson: expected a list of lists`);
    const columns = this.spaces.map((space, i) => space.fromJson(data[i]));
    return Array.from({ length: columns[0]?.length ?? 0 }, (_, k) => columns.map((values) => values[k]));
  }

  override equals(other: unknown): boolean {
    return (
      other instanceof Tuple &&
      other.spaces.length === this.spaces.length &&
      this.spaces.every((space, i) => space.equals(other.spaces[i]))
    );
  }

  override toString(): string {
    return `Tuple(${this.spaces.map(String).join(", ")})`;
  }

  #pick(whole: unknown, i: number): unknown {
    if (!Array.isArray(whole) || whole.length !== this.spaces.length) {
      throw new AssertionError(`Tuple.sample: expected a mask with ${this.spaces.length} entries (null for none)`);
    }
    return whole[i];
  }
}
