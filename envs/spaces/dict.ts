import { AssertionError, ValueError } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { CompositeSpace, isSpace, partOptions } from "./composite-space.ts";
import type { SampleOptions, Space, SpaceSeed } from "./space.ts";

/** Values of a Dict: one value per key. */
export type DictValue = Readonly<Record<string, unknown>>;

/** Records with a value of its own space under each key. Values are plain objects. */
export class Dict extends CompositeSpace<DictValue> {
  /** The spaces by key, in order. */
  readonly spaces: ReadonlyMap<string, Space<unknown>>;

  /**
   * An object's keys are sorted; a Map or a list of pairs keeps its order.
   * Throws TypeError when something is no space, ValueError on a key given twice.
   */
  constructor(
    spaces: Readonly<Record<string, Space<unknown>>> | Iterable<readonly [string, Space<unknown>]>,
    { seed }: { readonly seed?: SpaceSeed | Generator } = {},
  ) {
    if (typeof spaces !== "object" || spaces === null) {
      throw new TypeError(
        `Dict: got ${String(spaces)}, expected an object, a Map or a list of pairs of name and space`,
      );
    }
    super(seed);
    const pairs =
      Symbol.iterator in spaces ? [...spaces] : Object.entries(spaces).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const map = new Map<string, Space<unknown>>();
    for (const [key, space] of pairs) {
      if (!isSpace(space)) throw new TypeError(`Dict.${key}: got ${String(space)}, expected a space`);
      if (map.has(key)) throw new ValueError(`Dict.${key}: the key is given twice`);
      map.set(key, space);
    }
    this.spaces = map;
    this.seedFrom(seed);
  }

  get parts(): readonly Space<unknown>[] {
    return [...this.spaces.values()];
  }

  /** The space of a key. Throws ValueError on an unknown one. */
  get(key: string): Space<unknown> {
    const space = this.spaces.get(key);
    if (space === undefined)
      throw new ValueError(`Dict: no key ${key}; there is ${[...this.spaces.keys()].join(", ")}`);
    return space;
  }

  /** `mask` or `probability`: an object with an entry per key. */
  override sample(options: SampleOptions = {}): DictValue {
    return Object.fromEntries(
      [...this.spaces].map(([key, space]) => [
        key,
        space.sample(partOptions(options, (whole) => this.#pick(whole, key))),
      ]),
    );
  }

  override contains(value: unknown): value is DictValue {
    if (typeof value !== "object" || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) return false;
    const record = value as DictValue;
    const keys = Object.keys(record);
    return (
      keys.length === this.spaces.size && keys.every((key) => this.spaces.get(key)?.contains(record[key]) === true)
    );
  }

  /** One integer for all, or an object of seeds by key. Returns the seeds used, by key. Throws ValueError on wrong keys. */
  override seed(seed?: SpaceSeed): unknown {
    const keys = [...this.spaces.keys()];
    if (typeof seed === "string")
      throw new TypeError(`Dict.seed: got a string, expected an integer or an object of seeds`);
    if (typeof seed !== "object") {
      const used = this.seedParts(seed);
      return Object.fromEntries(keys.map((key, i) => [key, used[i]]));
    }
    const given = seed as Readonly<Record<string, SpaceSeed>>;
    const names = Object.keys(given);
    if (names.length !== keys.length || !keys.every((key) => key in given)) {
      throw new ValueError(`Dict.seed: got keys ${names.join(", ")}, expected ${keys.join(", ")}`);
    }
    return Object.fromEntries(keys.map((key) => [key, this.get(key).seed(given[key])]));
  }

  /** An object with the list of values of each key. */
  override toJson(values: readonly DictValue[]): unknown {
    return Object.fromEntries(
      [...this.spaces].map(([key, space]) => [key, space.toJson(values.map((value) => value[key]))]),
    );
  }

  override fromJson(data: unknown): DictValue[] {
    const lists = data as Readonly<Record<string, unknown>>;
    const columns = [...this.spaces].map(([key, space]) => [key, space.fromJson(lists[key])] as const);
    const length = columns[0]?.[1].length ?? 0;
    return Array.from({ length }, (_, i) => Object.fromEntries(columns.map(([key, values]) => [key, values[i]])));
  }

  override equals(other: unknown): boolean {
    return (
      other instanceof Dict &&
      other.spaces.size === this.spaces.size &&
      [...this.spaces].every(([key, space]) => space.equals(other.spaces.get(key)))
    );
  }

  override toString(): string {
    return `Dict(${[...this.spaces].map(([key, space]) => `'${key}': ${String(space)}`).join(", ")})`;
  }

  #pick(whole: unknown, key: string): unknown {
    if (typeof whole !== "object" || whole === null || !(key in whole)) {
      throw new AssertionError(`Dict.sample: the mask has no entry for ${key}; expected one for each key (or null)`);
    }
    return (whole as Readonly<Record<string, unknown>>)[key];
  }
}
