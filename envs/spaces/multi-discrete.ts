import { AssertionError, ValueError } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { BaseSpace } from "./base-space.ts";
import { Discrete, readMask, readProbability } from "./discrete.ts";
import { allocate, canCast, DTYPE_LIMITS, dtypeOf, kindOf, sizeOf } from "./dtype.ts";
import type { DType, ValueArray } from "./dtype.ts";
import { formatIntegers } from "./format.ts";
import { isGiven } from "./given.ts";
import { flattenNested, nest, shapeOfNested } from "./nested.ts";
import type { NestedNumbers } from "./nested.ts";
import type { SampleOptions, SpaceSeed } from "./space.ts";

/** Options of `MultiDiscrete`. */
export interface MultiDiscreteOptions {
  /** Smallest value of each element; default 0. */
  readonly start?: NestedNumbers | ArrayLike<number>;
  /** An integer type; default int64. */
  readonly dtype?: DType;
  /** Shape of a value where `nvec` is flat; default that of `nvec`. */
  readonly shape?: readonly number[];
  readonly seed?: SpaceSeed | Generator;
}

/** Arrays of integers, element i from start[i] to start[i] + nvec[i] - 1. Values are flat Int32Arrays (or of the given type), row-major. */
export class MultiDiscrete extends BaseSpace<Int32Array> {
  declare readonly shape: readonly number[];
  declare readonly dtype: DType;
  /** Number of values of each element, [size]. */
  readonly nvec: Float64Array;
  /** Smallest value of each element, [size]. */
  readonly start: Float64Array;

  /** Throws ValueError or TypeError unless all counts are positive integers and `start` has the same shape. */
  constructor(nvec: NestedNumbers | ArrayLike<number>, options: MultiDiscreteOptions = {}) {
    const { dtype = "int64", seed } = options;
    const shape = options.shape ?? shapeOfNested(nvec);
    if (!(dtype in DTYPE_LIMITS) || kindOf(dtype) === "f" || dtype === "bool") {
      throw new TypeError(`MultiDiscrete dtype: got ${String(dtype)}, expected an integer type`);
    }
    super(shape, dtype, seed);
    this.nvec = readIntegers(nvec, shape, "MultiDiscrete nvec");
    const wrong = this.nvec.findIndex((n) => n <= 0);
    if (wrong >= 0)
      throw new ValueError(`MultiDiscrete nvec[${wrong}]: got ${this.nvec[wrong]}, expected a positive integer`);
    this.start = isGiven(options.start)
      ? readIntegers(options.start, shape, "MultiDiscrete start")
      : new Float64Array(this.nvec.length);
  }

  /** Number of elements. */
  get size(): number {
    return this.nvec.length;
  }

  /**
   * One double per element. `mask`: a list of masks (or null), one per element, nested like the shape, of 0 or 1;
   * all zero gives the element's start without a draw. `probability`: likewise, each renormalised.
   */
  override sample({ mask, probability }: SampleOptions = {}): Int32Array {
    if (isGiven(mask) && isGiven(probability)) {
      throw new ValueError("MultiDiscrete.sample: got both mask and probability, expected at most one");
    }
    const value = this.zeros();
    const masks = isGiven(mask) ? this.#perElement(mask, "mask") : null;
    const weights = isGiven(probability) ? this.#perElement(probability, "probability") : null;
    for (let i = 0; i < this.size; i++) {
      const offset = masks
        ? this.#sampleMasked(masks[i], i)
        : weights
          ? this.#sampleWeighted(weights[i], i)
          : Math.floor(this.random.random() * this.nvec[i]!);
      value[i] = this.start[i]! + offset;
    }
    return value;
  }

  /** A new zeroed array for one value. */
  zeros(): Int32Array {
    return allocate(this.dtype, this.size) as Int32Array; // integers of another width behave alike
  }

  override contains(value: unknown): value is Int32Array {
    const dtype = dtypeOf(value);
    if (dtype !== null && !canCast(dtype, this.dtype)) return false;
    if (dtype === null && !canCast("int64", this.dtype)) return false; // lists hold int64, as in numpy
    const flat = dtype === null ? flattenNested(value, this.shape) : (value as ValueArray);
    if (flat === null || flat.length !== this.size) return false;
    return Array.from(flat as ArrayLike<number>, Number).every(
      (entry, i) => Number.isInteger(entry) && entry >= this.start[i]! && entry < this.start[i]! + this.nvec[i]!,
    );
  }

  /** Element i (or the part i of a higher-dimensional space) as a space of its own, with a copy of the random stream. */
  at(index: number): Discrete | MultiDiscrete {
    const count = this.shape[0]!;
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new ValueError(`MultiDiscrete.at: got ${index}, expected 0 to ${count - 1}`);
    }
    const seed = this.random.clone();
    if (this.shape.length === 1) {
      return new Discrete(this.nvec[index]!, { start: this.start[index]!, dtype: this.dtype, seed });
    }
    const size = this.size / count;
    const part = (values: Float64Array): Float64Array => values.slice(index * size, (index + 1) * size);
    return new MultiDiscrete(part(this.nvec), {
      start: part(this.start),
      shape: this.shape.slice(1),
      dtype: this.dtype,
      seed,
    });
  }

  override toJson(values: readonly Int32Array[]): unknown {
    return values.map((value) => nest(Array.from(value, Number), this.shape));
  }

  override fromJson(data: unknown): Int32Array[] {
    if (!Array.isArray(data)) throw new ValueError(`${String(this)}.fromJson: expected a list of values`);
    return data.map((entry: unknown) => {
      const value = this.zeros();
      value.set(readIntegers(entry as NestedNumbers, this.shape, `${String(this)}.fromJson`));
      return value;
    });
  }

  override equals(other: unknown): boolean {
    return other instanceof MultiDiscrete && other.dtype === this.dtype && other.toString() === this.toString();
  }

  override toString(): string {
    const start = this.start.some((s) => s !== 0) ? `, start=${formatIntegers(this.start, this.shape)}` : "";
    return `MultiDiscrete(${formatIntegers(this.nvec, this.shape)}${start})`;
  }

  #perElement(parts: unknown, what: string): readonly unknown[] {
    const flat = Array.isArray(parts) ? flattenLists(parts, this.shape.length) : [];
    if (flat.length !== this.size) {
      throw new AssertionError(`MultiDiscrete.sample ${what}: expected one entry for each of ${this.size} elements`);
    }
    return flat;
  }

  #sampleMasked(part: unknown, i: number): number {
    const n = this.nvec[i]!;
    const mask = isGiven(part) ? readMask(part, n, `MultiDiscrete.sample mask[${i}]`) : new Uint8Array(n).fill(1);
    if (mask.some((m) => m > 1)) throw new AssertionError(`MultiDiscrete.sample mask[${i}]: expected only 0 and 1`);
    const values = [...mask.keys()].filter((v) => mask[v] === 1);
    return values.length === 0 ? 0 : this.random.choice(values);
  }

  #sampleWeighted(part: unknown, i: number): number {
    const n = this.nvec[i]!;
    const weights = isGiven(part)
      ? readProbability(part, n, `MultiDiscrete.sample probability[${i}]`)
      : new Float64Array(n).fill(1 / n);
    const support = [...weights.keys()].filter((v) => weights[v]! > 0);
    const sum = support.reduce((total, v) => total + weights[v]!, 0);
    return this.random.choice(support, { p: support.map((v) => weights[v]! / sum) });
  }
}

function flattenLists(value: readonly unknown[], depth: number): readonly unknown[] {
  return depth <= 1 ? value : value.flatMap((part) => (Array.isArray(part) ? flattenLists(part, depth - 1) : [part]));
}

function readIntegers(
  values: NestedNumbers | ArrayLike<number>,
  shape: readonly number[],
  where: string,
): Float64Array {
  const isFlat = ArrayBuffer.isView(values) && values.length === sizeOf(shape);
  const flat = isFlat ? Array.from(values) : flattenNested(values, shape);
  if (flat === null) throw new ValueError(`${where}: expected shape [${shape.join(", ")}]`);
  const wrong = flat.findIndex((n) => !Number.isInteger(n));
  if (wrong >= 0) throw new TypeError(`${where}[${wrong}]: got ${flat[wrong]}, expected an integer`);
  return Float64Array.from(flat);
}
