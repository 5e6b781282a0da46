// Categorical distribution over A actions; logits [rows, ld].
import { exp1, exp4, log1 } from "./math";
import { ppoRow } from "./ppo";

// @ts-ignore: decorator
@inline
function at(row: usize, j: i32): f32 {
  return load<f32>(row + (<usize>j << 2));
}

function largest(row: usize, A: i32): f32 {
  let m = at(row, 0);
  for (let j = 1; j < A; j++) m = max(m, at(row, j));
  return m;
}

/** log sum exp(logits), in a form that cannot overflow. */
function logSumExp(row: usize, A: i32): f32 {
  const m = largest(row, A);
  let total: f32 = 0;
  for (let j = 0; j < A; j++) total += exp1(at(row, j) - m);
  return m + log1(total);
}

/** d loss / d logit[j] = weight * (g (onehot[j] - p[j]) + entropyCoef p[j] (log p[j] + entropy)), g = d policyLoss / d logProb. */
export function categoricalPpo(
  logits: usize, dLogits: usize, ld: i32, A: i32, rows: i32, actions: usize, oldLogProbs: usize, advantages: usize,
  advantageMean: f32, advantageScale: f32, clipRange: f32, entropyCoef: f32, weight: f32, stats: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const row = logits + ((<usize>r * ld) << 2);
    const dRow = dLogits + ((<usize>r * ld) << 2);
    const norm = logSumExp(row, A);
    const entropy = softmaxInto(dRow, row, ld, A, norm);
    const action = load<i32>(actions + (<usize>r << 2));
    const advantage = (load<f32>(advantages + (<usize>r << 2)) - advantageMean) * advantageScale;
    const logProb = at(row, action) - norm;
    const g = ppoRow(logProb, load<f32>(oldLogProbs + (<usize>r << 2)), advantage, entropy, clipRange, stats);
    for (let j = 0; j < A; j++) {
      const p = at(dRow, j);
      const isTaken: f32 = j == action ? 1 : 0;
      const d = g * (isTaken - p) + entropyCoef * p * (at(row, j) - norm + entropy);
      store<f32>(dRow + (<usize>j << 2), weight * d);
    }
  }
}

/** p <- exp(logits - norm) with padding left zero; returns the entropy. */
function softmaxInto(p: usize, row: usize, ld: i32, A: i32, norm: f32): f32 {
  const n = f32x4.splat(norm);
  for (let i: usize = 0; i < <usize>A << 2; i += 16) v128.store(p + i, exp4(f32x4.sub(v128.load(row + i), n)));
  let entropy: f32 = 0;
  for (let j = 0; j < A; j++) entropy -= at(p, j) * (at(row, j) - norm);
  for (let j = A; j < ld; j++) store<f32>(p + (<usize>j << 2), 0);
  return entropy;
}
