import { AssertionError, ValueError } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { BaseSpace } from "./base-space.ts";
import { readMask, readProbability } from "./discrete.ts";
import { dtypeOf, sizeOf } from "./dtype.ts";
import { isGiven } from "./given.ts";
import { flattenNested, nest } from "./nested.ts";
import type { SampleOptions, SpaceSeed } from "./space.ts";

/** Arrays of bits. Values are flat Int8Arrays of 0 and 1, row-major. */
export class MultiBinary extends BaseSpace<Int8Array> {
  declare readonly shape: readonly number[];
  declare readonly dtype: "int8";
  /** Number of bits. */
  readonly size: number;

  /** `n`: the number of bits, or a shape. Throws ValueError unless all sizes are positive integers. */
  constructor(n: number | readonly number[], { seed }: { readonly seed?: SpaceSeed | Generator } = {}) {
    const shape = typeof n === "number" ? [n] : n;
    if (!Array.isArray(shape) || shape.length === 0 || !shape.every((size) => Number.isInteger(size) && size > 0)) {
      throw new ValueError(
        `MultiBinary: got ${JSON.stringify(n) ?? String(n)}, expected a positive integer or a list of them`,
      );
    }
    super([...shape], "int8", seed);
    this.size = sizeOf(shape);
  }

  /** `mask`: [size] of 0, 1 (fixed) or 2 (random). `probability`: [size], the probability of a 1. */
  override sample({ mask, probability }: SampleOptions = {}): Int8Array {
    if (isGiven(mask) && isGiven(probability)) {
      throw new ValueError("MultiBinary.sample: got both mask and probability, expected at most one");
    }
    if (isGiven(probability)) {
      const p = readProbability(flat(probability, this.shape), this.size, "MultiBinary.sample probability", false);
      return Int8Array.from(this.random.randomArray(this.size), (draw, i) => (draw <= p[i]! ? 1 : 0));
    }
    const fixed = isGiven(mask) ? readMask(flat(mask, this.shape), this.size, "MultiBinary.sample mask") : null;
    const bits = this.random.integersArray(this.size, 0, 2, { dtype: "int8" });
    return Int8Array.from(bits, (bit, i) => (fixed === null || fixed[i] === 2 ? bit : fixed[i]!));
  }

  override contains(value: unknown): value is Int8Array {
    const values = dtypeOf(value) === null ? flattenNested(value, this.shape) : (value as ArrayLike<number>);
    if (values === null || values.length !== this.size) return false;
    return Array.from(values, Number).every((bit) => bit === 0 || bit === 1);
  }

  override toJson(values: readonly Int8Array[]): unknown {
    return values.map((value) => nest(Array.from(value), this.shape));
  }

  override fromJson(data: unknown): Int8Array[] {
    if (!Array.isArray(data)) throw new ValueError(`${String(this)}.fromJson: expected a list of values`);
    return data.map((entry: unknown) => {
      if (!this.contains(entry)) throw new ValueError(`${String(this)}.fromJson: expected nested lists of 0 and 1`);
      return Int8Array.from(flattenNested(entry, this.shape)!);
    });
  }

  override equals(other: unknown): boolean {
    return other instanceof MultiBinary && other.toString() === this.toString();
  }

  override toString(): string {
    return this.shape.length === 1 ? `MultiBinary(${this.size})` : `MultiBinary((${this.shape.join(", ")}))`;
  }
}

function flat(value: unknown, shape: readonly number[]): unknown {
  if (!Array.isArray(value)) return value;
  const values = flattenNested(value, shape);
  if (values === null) throw new AssertionError(`MultiBinary.sample: expected lists of shape [${shape.join(", ")}]`);
  return values;
}
