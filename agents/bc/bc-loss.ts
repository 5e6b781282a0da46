import type { Rows } from "../../src/policy/rows.ts";

/** Which loss is minimised. */
export type BcLossKind = "mse" | "nll" | "cross-entropy";

/** Sums over the rows that count, each by its weight. */
export interface BcSums {
  loss: number;
  /** mean |error| over action dimensions (mse, nll), or 1 for a wrong choice */
  error: number;
  /** sum of weights */
  rows: number;
}

/** What a loss reads and writes beside the labels. */
export interface BcHeads {
  /** [rows, A] means or logits, and where their gradient goes */
  readonly logits: Rows;
  readonly dLogits: Rows;
  /** [A], for nll */
  readonly logStd: Float32Array | null;
  readonly dLogStd: Float32Array | null;
}

/** What a loss needs to know. */
export interface BcLossSettings {
  readonly kind: BcLossKind;
  /** action dimensions or choices */
  readonly A: number;
  /** errors of a row weigh exp(this × largest |label|) */
  readonly steeringWeight: number;
  /** rows that count in the whole batch, over all shards: the loss is their mean */
  readonly totalRows: number;
}

/**
 * Loss and gradient of one row with label(s) `labels[from …]`, which counts `rowWeight`. Adds to `sums`; writes the row of dLogits, adds to
 * dLogStd.
 *
 * mse: ½ Σ (y − μ)² w. nll: Σ (½ ((y − μ)/σ)² + log σ) w. cross-entropy: −log softmax(logits)[y] w. w is the row's weight, times
 * exp(c max |y|) for mse and nll.
 */
export function bcLossRow(
  row: number,
  labels: Float32Array,
  from: number,
  heads: BcHeads,
  settings: BcLossSettings,
  sums: BcSums,
  rowWeight = 1,
): void {
  if (settings.kind === "cross-entropy") crossEntropyRow(row, labels[from]!, heads, settings, sums, rowWeight);
  else regressionRow(row, labels, from, heads, settings, sums, rowWeight);
  sums.rows += rowWeight;
}

/** A row without loss: its gradient is zero. */
export function clearRow(row: number, { dLogits }: BcHeads, A: number): void {
  dLogits.data.fill(0, row * dLogits.stride, row * dLogits.stride + A);
}

function regressionRow(
  row: number,
  labels: Float32Array,
  from: number,
  heads: BcHeads,
  settings: BcLossSettings,
  sums: BcSums,
  rowWeight: number,
): void {
  const { A, kind, steeringWeight, totalRows } = settings;
  const { logits, dLogits, logStd, dLogStd } = heads;
  let largest = 0;
  for (let a = 0; a < A; a++) largest = Math.max(largest, Math.abs(labels[from + a]!));
  const weight = rowWeight * (steeringWeight === 0 ? 1 : Math.exp(steeringWeight * largest));
  for (let a = 0; a < A; a++) {
    const error = logits.data[row * logits.stride + a]! - labels[from + a]!;
    const precision = kind === "nll" ? Math.exp(-2 * logStd![a]!) : 1; // nll is for Box policies, which have one
    const squares = error * error * precision;
    sums.loss += weight * (0.5 * squares + (kind === "nll" ? logStd![a]! : 0));
    sums.error += (rowWeight * Math.abs(error)) / A;
    dLogits.data[row * dLogits.stride + a] = (weight * error * precision) / totalRows;
    if (kind === "nll") dLogStd![a]! += (weight * (1 - squares)) / totalRows;
  }
}

function crossEntropyRow(
  row: number,
  label: number,
  { logits, dLogits }: BcHeads,
  { A, totalRows }: BcLossSettings,
  sums: BcSums,
  rowWeight: number,
): void {
  const at = row * logits.stride;
  let largest = -Infinity;
  let best = 0;
  for (let a = 0; a < A; a++) {
    if (logits.data[at + a]! <= largest) continue;
    largest = logits.data[at + a]!;
    best = a;
  }
  let total = 0;
  for (let a = 0; a < A; a++) total += Math.exp(logits.data[at + a]! - largest);
  sums.loss += rowWeight * (Math.log(total) + largest - logits.data[at + label]!);
  sums.error += best === label ? 0 : rowWeight;
  for (let a = 0; a < A; a++) {
    const probability = Math.exp(logits.data[at + a]! - largest) / total;
    dLogits.data[row * dLogits.stride + a] = (rowWeight * (probability - (a === label ? 1 : 0))) / totalRows;
  }
}
