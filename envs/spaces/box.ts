import { GymError, ValueError } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { BaseSpace } from "./base-space.ts";
import { allocate, canCast, DTYPE_LIMITS, dtypeOf, kindOf, sizeOf } from "./dtype.ts";
import type { DType, NumberArray, ValueArray } from "./dtype.ts";
import { formatBound } from "./format.ts";
import { isGiven } from "./given.ts";
import { flattenNested, nest } from "./nested.ts";
import type { NestedNumbers } from "./nested.ts";
import type { SampleOptions, SpaceSeed } from "./space.ts";

/** Options of `Box`. */
export interface BoxOptions {
  /** Shape of a value; taken from array bounds when absent. */
  readonly shape?: readonly number[];
  /** Default float32. */
  readonly dtype?: DType;
  readonly seed?: SpaceSeed | Generator;
}

/** One bound for all elements, or one per element: flat, or nested like the shape. */
export type Bound = number | NumberArray | NestedNumbers;

/** Arrays of a shape whose elements lie in closed intervals, each of which may be unbounded. Values are flat typed arrays, row-major. */
export class Box<A extends ValueArray = ValueArray> extends BaseSpace<A> {
  declare readonly shape: readonly number[];
  declare readonly dtype: DType;
  /** Number of elements. */
  readonly size: number;
  /** Lower bounds as doubles, [size]. Integer types without a bound hold their smallest value. */
  readonly low: Float64Array;
  /** Upper bounds as doubles, [size]. */
  readonly high: Float64Array;
  /** Which elements have a lower bound, [size] of 0 or 1. */
  readonly boundedBelow: Uint8Array;
  /** Which elements have an upper bound, [size] of 0 or 1. */
  readonly boundedAbove: Uint8Array;
  readonly #isWide: boolean;

  /** Throws ValueError or TypeError on bounds that are NaN, inverted, of another shape or outside the type. */
  constructor(low: Bound, high: Bound, { shape, dtype = "float32", seed }: BoxOptions = {}) {
    if (!(dtype in DTYPE_LIMITS))
      throw new ValueError(`Box dtype: got ${String(dtype)}, expected a number type such as float32`);
    const fullShape = resolveShape(low, high, shape);
    super(fullShape, dtype, seed);
    this.size = sizeOf(fullShape);
    const [lows, highs] = [readBound(low, fullShape, "low"), readBound(high, fullShape, "high")];
    this.boundedBelow = Uint8Array.from(lows, (value) => (value > -Infinity ? 1 : 0));
    this.boundedAbove = Uint8Array.from(highs, (value) => (value < Infinity ? 1 : 0));
    checkBounds(lows, highs, dtype);
    this.low = castBound(lows, dtype, 0);
    this.high = castBound(highs, dtype, 1);
    const [min, max] = [Math.min(...extremes(this.low)), Math.max(...extremes(this.high))];
    this.#isWide = dtype === "uint64" ? max > 0xffffffff : min < -0x80000000 || max > 0x7fffffff;
  }

  /** Whether all elements are bounded. Throws ValueError on another `manner`. */
  isBounded(manner: "both" | "below" | "above" = "both"): boolean {
    const below = !this.boundedBelow.includes(0);
    const above = !this.boundedAbove.includes(0);
    if (manner === "both") return below && above;
    if (manner === "below") return below;
    if (manner === "above") return above;
    throw new ValueError(`Box.isBounded: got ${String(manner)}, expected below, above or both`);
  }

  /** A new zeroed array for one value. */
  zeros(): A {
    return allocate(this.dtype, this.size, this.#isWide) as A; // the type parameter follows from dtype
  }

  /**
   * Unbounded elements are normal, half-bounded exponential, bounded uniform, drawn in this order as numpy does. Throws GymError on a mask or
   * probability: a Box has none.
   */
  override sample({ mask, probability }: SampleOptions = {}): A {
    if (isGiven(mask) || isGiven(probability)) {
      throw new GymError("Box.sample: got a mask or probability, expected none: a Box cannot be masked");
    }
    const draws = this.#draw();
    const value = this.zeros();
    for (let i = 0; i < this.size; i++) this.#store(value, i, draws[i]!);
    return value;
  }

  /**
   * Typed arrays must cast without loss to the type and hold every element in its interval (NaN in none);
   * lists of numbers, flat or nested like the shape, are converted first.
   */
  override contains(value: unknown): value is A {
    const dtype = dtypeOf(value);
    if (dtype !== null) {
      const array = value as ValueArray;
      return (
        (canCast(dtype, this.dtype) || this.#isNarrow(dtype)) && array.length === this.size && this.#allInside(array)
      );
    }
    const flat = Array.isArray(value) ? flattenNested(value, this.shape) : null;
    return flat !== null && this.#allInside(allocateFrom(flat, this.dtype));
  }

  override toJson(values: readonly A[]): unknown {
    return values.map((value) => nest(Array.from(value as ArrayLike<number>, jsonNumber), this.shape));
  }

  override fromJson(data: unknown): A[] {
    if (!Array.isArray(data)) throw new ValueError(`${String(this)}.fromJson: expected a list of values`);
    return data.map((entry: unknown) => {
      const flat = flattenNested(entry, this.shape);
      if (flat === null)
        throw new ValueError(`${String(this)}.fromJson: expected nested lists of shape [${this.shape.join(", ")}]`);
      const value = this.zeros();
      for (let i = 0; i < this.size; i++)
        value[i] = value instanceof BigInt64Array || value instanceof BigUint64Array ? BigInt(flat[i]!) : flat[i]!;
      return value;
    });
  }

  override equals(other: unknown): boolean {
    return (
      other instanceof Box &&
      other.dtype === this.dtype &&
      sameNumbers(other.shape, this.shape) &&
      sameNumbers(other.low, this.low) &&
      sameNumbers(other.high, this.high)
    );
  }

  override toString(): string {
    const bounds = [this.low, this.high].map((bound) => formatBound(bound, this.shape, this.dtype));
    const shape = this.shape.length === 1 ? `(${this.shape[0]},)` : `(${this.shape.join(", ")})`;
    return `Box(${bounds.join(", ")}, ${shape}, ${this.dtype})`;
  }

  #draw(): Float64Array {
    const { low, size } = this;
    const draws = new Float64Array(size);
    const upTo = this.dtype.startsWith("float") ? this.high : this.high.map((high) => high + 1);
    const each = (below: 0 | 1, above: 0 | 1, draw: (i: number) => number): void => {
      for (let i = 0; i < size; i++) {
        if (this.boundedBelow[i] === below && this.boundedAbove[i] === above) draws[i] = draw(i);
      }
    };
    each(0, 0, () => this.random.standardNormal());
    each(1, 0, (i) => this.random.standardExponential() + low[i]!);
    each(0, 1, (i) => -this.random.standardExponential() + upTo[i]!);
    each(1, 1, (i) => this.random.uniform(low[i], upTo[i]));
    return draws;
  }

  #store(value: A, i: number, draw: number): void {
    if (kindOf(this.dtype) === "f") {
      value[i] = draw;
      return;
    }
    const [min, max] = DTYPE_LIMITS[this.dtype];
    if (value instanceof BigInt64Array || value instanceof BigUint64Array) {
      // Doubles near the 64-bit limits round beyond them: numpy keeps a margin of 2 and clips to the bounds again.
      const [least, most] = this.dtype === "int64" ? [-(2n ** 63n), 2n ** 63n - 1n] : [0n, 2n ** 64n - 1n];
      const drawn = clampBigInt(BigInt(Math.floor(draw)), least + (this.dtype === "int64" ? 2n : 0n), most - 2n);
      value[i] = clampBigInt(
        drawn,
        clampBigInt(BigInt(this.low[i]!), least, most),
        clampBigInt(BigInt(this.high[i]!), least, most),
      );
      return;
    }
    value[i] = Math.min(Math.max(Math.floor(draw), min), max);
  }

  #isNarrow(dtype: DType): boolean {
    return this.dtype === "uint64" && !this.#isWide && dtype === "uint32";
  }

  #allInside(array: ArrayLike<number | bigint>): boolean {
    for (let i = 0; i < this.size; i++) {
      if (!(array[i]! >= this.low[i]! && array[i]! <= this.high[i]!)) return false;
    }
    return true;
  }
}

function resolveShape(low: Bound, high: Bound, shape: readonly number[] | undefined): readonly number[] {
  if (shape !== undefined) {
    if (!Array.isArray(shape) || !shape.every((n) => Number.isInteger(n) && n >= 0)) {
      throw new TypeError(`Box shape: got ${JSON.stringify(shape)}, expected a list of sizes such as [3]`);
    }
    return [...shape];
  }
  const shapes = [low, high].filter((bound) => typeof bound !== "number").map(shapeOf);
  const [first, second] = shapes;
  if (first && second && !sameNumbers(first, second)) {
    throw new ValueError(
      `Box bounds: low has shape [${first.join(", ")}], high [${second.join(", ")}], expected the same`,
    );
  }
  return first ?? [1];
}

function shapeOf(bound: Exclude<Bound, number>): number[] {
  if (!Array.isArray(bound) && !ArrayBuffer.isView(bound)) return []; // refused when it is read
  if (ArrayBuffer.isView(bound)) return [bound.length];
  const [first] = bound;
  return Array.isArray(first) ? [bound.length, ...shapeOf(first)] : [bound.length];
}

function readBound(bound: Bound, shape: readonly number[], name: "low" | "high"): Float64Array {
  const size = sizeOf(shape);
  if (typeof bound === "number") return new Float64Array(size).fill(bound);
  if (!Array.isArray(bound) && !ArrayBuffer.isView(bound))
    throw new TypeError(
      `Box ${name}: got ${String(bound)} (${typeof bound}), expected a number or an array of numbers`,
    );
  const flat = ArrayBuffer.isView(bound) && bound.length === size ? bound : flattenNested(bound, shape);
  if (flat === null) {
    const came = shapeOf(bound).join(", ");
    throw new ValueError(`Box ${name}: got shape [${came}], expected [${shape.join(", ")}]`);
  }
  return Float64Array.from(flat);
}

function checkBounds(low: Float64Array, high: Float64Array, dtype: DType): void {
  const [min, max] = DTYPE_LIMITS[dtype];
  const kind = kindOf(dtype);
  for (let i = 0; i < low.length; i++) {
    for (const [name, value] of [
      ["low", low[i]!],
      ["high", high[i]!],
    ] as const) {
      const where = `Box ${name}[${i}]`;
      if (Number.isNaN(value)) throw new ValueError(`${where}: got NaN, expected a number`);
      if (!Number.isFinite(value) && (kind === "u" || kind === "b")) {
        throw new ValueError(`${where}: got ${value}, expected a bound in [${min}, ${max}] (${dtype})`);
      }
      if (Number.isFinite(value) && (value < min || value > max)) {
        throw new ValueError(`${where}: got ${value}, expected a bound in [${min}, ${max}] (${dtype})`);
      }
    }
    if (low[i]! > high[i]!) throw new ValueError(`Box: low[${i}] = ${low[i]} is above high[${i}] = ${high[i]}`);
    if (low[i] === Infinity || high[i] === -Infinity) {
      throw new ValueError(`Box: element ${i} has the empty interval [${low[i]}, ${high[i]}]`);
    }
  }
}

/** Bounds as the type stores them: rounded to float32, truncated to integers, infinite integers at the type's limit. */
function castBound(bound: Float64Array, dtype: DType, side: 0 | 1): Float64Array {
  if (dtype === "float64") return bound;
  if (dtype === "float32") return bound.map(Math.fround);
  return bound.map((value) => (Number.isFinite(value) ? Math.trunc(value) : DTYPE_LIMITS[dtype][side]));
}

function extremes(values: Float64Array): [number, number] {
  return [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
}

function allocateFrom(values: readonly number[], dtype: DType): ArrayLike<number> {
  return dtype === "float32" ? Float32Array.from(values) : values;
}

function clampBigInt(value: bigint, min: bigint, max: bigint): bigint {
  return value < min ? min : value > max ? max : value;
}

function jsonNumber(value: number | bigint): number {
  return Number(value);
}

function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
