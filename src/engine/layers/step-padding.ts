import type { ByteTensor, Tensor } from "../tensor.ts";

/** True if any of the first rows is padding. */
export function anyPadded({ data }: ByteTensor, rows: number): boolean {
  for (let row = 0; row < rows; row++) if (data[row] !== 0) return true;
  return false;
}

/** x[row] <- 0 */
export function zeroRow({ data, stride }: Tensor, row: number): void {
  data.fill(0, row * stride, (row + 1) * stride);
}

/** to[toRow] <- from[fromRow], both as wide. */
export function copyRow(to: Tensor, toRow: number, from: Tensor, fromRow: number): void {
  to.data.set(from.data.subarray(fromRow * from.stride, (fromRow + 1) * from.stride), toRow * to.stride);
}

/** to[toRow] += from[fromRow], both as wide. */
export function addRow(to: Tensor, toRow: number, from: Tensor, fromRow: number): void {
  const [a, b] = [toRow * to.stride, fromRow * from.stride];
  for (let i = 0; i < to.stride; i++) to.data[a + i]! += from.data[b + i]!;
}

/** Padding may hold anything, a NaN or a time of 0 too: zeros and one period take its place. */
export function blankPadding(padding: ByteTensor, input: Tensor, elapsed: Tensor, rows: number): void {
  for (let row = 0; row < rows; row++) {
    if (padding.data[row] === 0) continue;
    zeroRow(input, row);
    elapsed.data[row] = 1;
  }
}

/** Outputs of padded steps of B samples: those of the step before, zeros at first. */
export function repeatOutputs(padding: ByteTensor, output: Tensor, row: number, B: number): void {
  for (let at = row; at < row + B; at++) {
    if (padding.data[at] === 0) continue;
    if (at < B) zeroRow(output, at);
    else copyRow(output, at, output, at - B);
  }
}

/** Backward of `repeatOutputs`: gradients of padded steps go to the step before. */
export function repeatOutputsBackward(padding: ByteTensor, dOutput: Tensor, row: number, B: number): void {
  for (let at = row; at < row + B; at++) {
    if (padding.data[at] === 0) continue;
    if (at >= B) addRow(dOutput, at - B, dOutput, at);
    zeroRow(dOutput, at);
  }
}

/** Takes the gradients of what padded samples keep out of a step; `giveBack` returns them after it. */
export class KeptGradients {
  readonly #kept: readonly Tensor[];

  /** One buffer like each of the gradients that are kept, [maxBatch, ·]. */
  constructor(kept: readonly Tensor[]) {
    this.#kept = kept;
  }

  take(padding: ByteTensor, gradients: readonly Tensor[], row: number, B: number): void {
    gradients.forEach((gradient, i) => {
      for (let b = 0; b < B; b++) {
        if (padding.data[row + b] === 0) continue;
        copyRow(this.#kept[i]!, b, gradient, b);
        zeroRow(gradient, b);
      }
    });
  }

  giveBack(padding: ByteTensor, gradients: readonly Tensor[], row: number, B: number): void {
    gradients.forEach((gradient, i) => {
      for (let b = 0; b < B; b++) if (padding.data[row + b] !== 0) copyRow(gradient, b, this.#kept[i]!, b);
    });
  }
}
