import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";

const exact = (value: number): number => value;

/**
 * Mean and variance of a stream of vectors: Gymnasium's `RunningMeanStd`, by the parallel formula of Chan et al.
 *
 * In float32 every operation is rounded, as numpy does for float32 observations.
 */
export class RunningMeanStd {
  /** [size] */
  readonly mean: Float64Array;
  /** Variance, [size]; 1 at first. */
  readonly var: Float64Array;
  /** Weight of what was seen; begins slightly above 0. */
  count: number;
  readonly #round: (value: number) => number;

  constructor(size: number, { epsilon = 1e-4, isFloat32 = false } = {}) {
    this.mean = new Float64Array(size);
    this.var = new Float64Array(size).fill(1);
    this.count = epsilon;
    this.#round = isFloat32 ? Math.fround : exact;
  }

  /** Takes one more vector, [size], or several side by side, [B, size]. */
  update(values: ArrayLike<number>): void {
    const size = this.mean.length;
    const B = values.length / size;
    const r = this.#round;
    const total = this.count + B;
    const [count, rTotal] = [r(this.count), r(total)];
    for (let i = 0; i < size; i++) {
      const [batchMean, batchVar] = B === 1 ? [values[i]!, 0] : moments(values, i, size, B, r);
      const delta = r(batchMean - this.mean[i]!);
      const squares = r(r(r(r(delta * delta) * count) * B) / rTotal);
      const sum = r(r(r(this.var[i]! * count) + r(batchVar * B)) + squares);
      this.mean[i] = r(this.mean[i]! + r(r(delta * B) / rTotal));
      this.var[i] = r(sum / rTotal);
    }
    this.count = total;
  }

  /** Writes the statistics. */
  save(writer: ByteWriter): void {
    writer.float64s(this.mean);
    writer.float64s(this.var);
    writer.float64(this.count);
  }

  /** Reads what `save` wrote; the returned function puts it in place. */
  load(reader: ByteReader): () => void {
    const [mean, variance] = [new Float64Array(this.mean.length), new Float64Array(this.mean.length)];
    reader.float64s(mean);
    reader.float64s(variance);
    const count = reader.float64();
    return () => {
      this.mean.set(mean);
      this.var.set(variance);
      this.count = count;
    };
  }
}

function moments(
  values: ArrayLike<number>,
  i: number,
  size: number,
  B: number,
  r: (value: number) => number,
): [number, number] {
  let sum = 0;
  for (let b = 0; b < B; b++) sum = r(sum + values[b * size + i]!);
  const mean = r(sum / B);
  let squares = 0;
  for (let b = 0; b < B; b++) squares = r(squares + r(r(values[b * size + i]! - mean) ** 2));
  return [mean, r(squares / B)];
}
