import { AssertionError, ValueError } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { BaseSpace } from "./base-space.ts";
import { canCast, DTYPE_LIMITS, dtypeOf, kindOf } from "./dtype.ts";
import type { DType } from "./dtype.ts";
import { isGiven } from "./given.ts";
import type { SampleOptions, SpaceSeed } from "./space.ts";

/** Options of `Discrete`. */
export interface DiscreteOptions {
  /** Smallest value; default 0. */
  readonly start?: number;
  /** An integer type; default int64. */
  readonly dtype?: DType;
  readonly seed?: SpaceSeed | Generator;
}

/** The integers start, start + 1, …, start + n - 1. Values are numbers. */
export class Discrete extends BaseSpace<number> {
  /** Number of values. */
  readonly n: number;
  /** Smallest value. */
  readonly start: number;
  declare readonly dtype: DType;

  /** Throws TypeError or ValueError unless `n` > 0 and `start` are integers and `dtype` is an integer type. */
  constructor(n: number, { start = 0, dtype = "int64", seed }: DiscreteOptions = {}) {
    if (!Number.isInteger(n)) throw new TypeError(`Discrete n: got ${String(n)}, expected a positive integer`);
    if (n <= 0) throw new ValueError(`Discrete n: got ${n}, expected a positive integer`);
    if (!Number.isInteger(start)) throw new TypeError(`Discrete start: got ${String(start)}, expected an integer`);
    if (!(dtype in DTYPE_LIMITS) || kindOf(dtype) === "f" || dtype === "bool") {
      throw new TypeError(`Discrete dtype: got ${dtype}, expected an integer type`);
    }
    super([], dtype, seed);
    this.n = n;
    this.start = start;
  }

  /**
   * `mask`: [n] of 0 or 1, only values marked 1 come; all zero gives `start` without a draw.
   * `probability`: [n], sums to 1. Throws ValueError on both, AssertionError on a wrong one.
   */
  override sample({ mask, probability }: SampleOptions = {}): number {
    if (isGiven(mask) && isGiven(probability)) {
      throw new ValueError("Discrete.sample: got both mask and probability, expected at most one");
    }
    if (isGiven(mask)) return this.start + this.#sampleMasked(mask);
    if (isGiven(probability)) return this.start + this.#sampleWeighted(probability);
    return this.start + this.#draw();
  }

  override contains(value: unknown): value is number {
    if (typeof value === "boolean") return this.contains(Number(value));
    if (typeof value !== "number" || !Number.isInteger(value)) return false;
    const [min, max] = DTYPE_LIMITS[this.dtype];
    return value >= min && value <= max && value >= this.start && value < this.start + this.n;
  }

  override equals(other: unknown): boolean {
    return other instanceof Discrete && other.n === this.n && other.start === this.start && other.dtype === this.dtype;
  }

  override toString(): string {
    const start = this.start === 0 ? "" : `, start=${this.start}`;
    return `Discrete(${this.n}${start}${this.dtype === "int64" ? "" : `, dtype=${this.dtype}`})`;
  }

  /** Types of 8 and 16 bits draw from pieces of 32 bits, as in numpy. */
  #draw(): number {
    const { dtype } = this;
    const isSmall = dtype === "int8" || dtype === "uint8" || dtype === "int16" || dtype === "uint16";
    return isSmall ? this.random.integers(0, this.n, { dtype }) : this.random.integers(this.n);
  }

  #sampleMasked(mask: unknown): number {
    const allowed = readMask(mask, this.n, "Discrete.sample mask");
    if (allowed.some((m) => m > 1)) throw new AssertionError("Discrete.sample mask: expected only 0 and 1");
    const values = [...allowed.keys()].filter((i) => allowed[i] === 1);
    return values.length === 0 ? 0 : this.random.choice(values);
  }

  #sampleWeighted(probability: unknown): number {
    return this.random.choice(this.n, { p: readProbability(probability, this.n, "Discrete.sample probability") });
  }
}

/** A mask as bytes. Throws AssertionError unless it is an int8-like array of `size` integers. */
export function readMask(mask: unknown, size: number, where: string): Uint8Array {
  const dtype = dtypeOf(mask);
  const isBytes = dtype !== null ? canCast(dtype, "int16") : Array.isArray(mask);
  if (!isBytes) throw new AssertionError(`${where}: expected an Int8Array or a list of 0 and 1`);
  const values = mask as ArrayLike<unknown>;
  if (values.length !== size) throw new AssertionError(`${where}: got ${values.length} entries, expected ${size}`);
  return Uint8Array.from(values, (value, i) => {
    const entry = Number(value);
    if (entry === 0 || entry === 1 || entry === 2) return entry;
    throw new AssertionError(`${where}[${i}]: got ${String(value)}, expected 0 or 1`);
  });
}

/** Probabilities as doubles. Throws AssertionError unless there are `size` in [0, 1] that sum to 1 (when `mustSum`). */
export function readProbability(probability: unknown, size: number, where: string, mustSum = true): Float64Array {
  if (!Array.isArray(probability) && !ArrayBuffer.isView(probability)) {
    throw new AssertionError(`${where}: expected an array of probabilities`);
  }
  const p = Float64Array.from(probability as unknown as ArrayLike<number>);
  if (p.length !== size) throw new AssertionError(`${where}: got ${p.length} entries, expected ${size}`);
  const wrong = p.findIndex((value) => !(value >= 0 && value <= 1));
  if (wrong >= 0) throw new AssertionError(`${where}[${wrong}]: got ${p[wrong]}, expected a value in [0, 1]`);
  const sum = p.reduce((a, b) => a + b, 0);
  if (mustSum && Math.abs(sum - 1) > 1e-8) throw new AssertionError(`${where}: sums to ${sum}, expected 1`);
  return p;
}
