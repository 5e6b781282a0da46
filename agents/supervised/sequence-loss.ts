/**
 * What a model is scored by. `meanSquaredError`: over rows and outputs. `crossEntropy`: -log softmax(outputs)[class] over rows; targets are
 * class numbers, `accuracy` comes with it.
 */
export type LossName = "meanSquaredError" | "crossEntropy";

/** Rows that a loss is computed over; matrices are padded, entry (r, c) at r * stride + c. */
export interface LossRows {
  /** outputs, O columns */
  readonly outputs: { readonly data: Float32Array; readonly stride: number };
  /** gradient of the loss, written; null to only measure */
  readonly dOutputs: { readonly data: Float32Array; readonly stride: number } | null;
  /** weight of each row: 1 / (number of rows that count), or 0 */
  readonly weights: Float32Array;
  readonly rows: number;
  readonly numOutputs: number;
}

/** How well outputs fit, averaged over the rows that count. */
export interface Score {
  loss: number;
  /** share of rows whose largest output is the class, in [0, 1]; NaN for values */
  accuracy: number;
}

/** Mean over rows and outputs of (output - target)². `targets` is [rows, O]. Writes dOutputs. */
export function meanSquaredError(
  { outputs, dOutputs, weights, rows, numOutputs: O }: LossRows,
  targets: Float32Array,
): Score {
  let loss = 0;
  for (let r = 0; r < rows; r++)
    for (let o = 0; o < O; o++) {
      const error = outputs.data[r * outputs.stride + o]! - targets[r * O + o]!;
      const weight = weights[r]! / O;
      loss += weight * error * error;
      if (dOutputs) dOutputs.data[r * dOutputs.stride + o] = 2 * weight * error;
    }
  return { loss, accuracy: NaN };
}

/** Mean over rows of -log softmax(outputs)[class]. `targets` is [rows] of class numbers. Writes dOutputs. */
export function crossEntropy(
  { outputs, dOutputs, weights, rows, numOutputs: O }: LossRows,
  targets: Float32Array,
): Score {
  let loss = 0;
  let accuracy = 0;
  for (let r = 0; r < rows; r++) {
    const at = r * outputs.stride;
    let best = 0;
    for (let o = 1; o < O; o++) if (outputs.data[at + o]! > outputs.data[at + best]!) best = o;
    const largest = outputs.data[at + best]!;
    let sum = 0;
    for (let o = 0; o < O; o++) sum += Math.exp(outputs.data[at + o]! - largest);
    const logSum = largest + Math.log(sum);
    const label = targets[r]!;
    const weight = weights[r]!;
    loss += weight * (logSum - outputs.data[at + label]!);
    if (best === label) accuracy += weight;
    if (dOutputs)
      for (let o = 0; o < O; o++) {
        const probability = Math.exp(outputs.data[at + o]! - logSum);
        dOutputs.data[r * dOutputs.stride + o] = weight * (probability - (o === label ? 1 : 0));
      }
  }
  return { loss, accuracy };
}
