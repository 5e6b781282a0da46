// Categorical distribution over A actions; logits [rows, ld]. Four rows at a time lie in the lanes of a vector.
import { PANELS } from "./blocks";
import { exp4, log4 } from "./math";
import { ppoRow } from "./ppo";

// what is known per row of four
const NORM: usize = PANELS;
const ENTROPY: usize = PANELS + 16;
const LOG_RATIO: usize = PANELS + 32;
const RATIO: usize = PANELS + 48;

// @ts-ignore: decorator
@inline
function number(from: usize, i: i32): f32 {
  return load<f32>(from + (<usize>i << 2));
}

/** The numbers at four addresses. */
// @ts-ignore: decorator
@inline
function column(a: usize, b: usize, c: usize, d: usize): v128 {
  let x = v128.load32_zero(a);
  x = v128.load32_lane(b, x, 1);
  x = v128.load32_lane(c, x, 2);
  return v128.load32_lane(d, x, 3);
}

/** d loss / d logit[j] = weight * (g (onehot[j] - p[j]) + entropyCoef p[j] (log p[j] + entropy)), g = d policyLoss / d logProb. */
export function categoricalPpo(
  logits: usize, dLogits: usize, ld: i32, A: i32, rows: i32, actions: usize, oldLogProbs: usize, advantages: usize,
  advantageMean: f32, advantageScale: f32, clipRange: f32, entropyCoef: f32, weight: f32, stats: usize,
): void {
  const stride = <usize>ld << 2;
  for (let r = 0; r < rows; r += 4) {
    const count = min(4, rows - r);
    const x = logits + <usize>r * stride, p = dLogits + <usize>r * stride;
    softmaxOfRows(p, x, stride, A, count);
    for (let i = 0; i < count; i++) {
      const at = <usize>(r + i) << 2;
      const logProb = number(x + <usize>i * stride, load<i32>(actions + at)) - number(NORM, i);
      store<f32>(LOG_RATIO + (<usize>i << 2), logProb - load<f32>(oldLogProbs + at));
    }
    v128.store(RATIO, exp4(v128.load(LOG_RATIO)));
    for (let i = 0; i < count; i++) {
      const at = <usize>(r + i) << 2;
      const advantage = (load<f32>(advantages + at) - advantageMean) * advantageScale;
      const entropy = number(ENTROPY, i);
      const g = ppoRow(number(LOG_RATIO, i), number(RATIO, i), advantage, entropy, clipRange, stats);
      const row = <usize>i * stride;
      gradientOfRow(p + row, x + row, ld, A, load<i32>(actions + at), g, number(NORM, i), entropy, entropyCoef, weight);
    }
  }
}

/** p <- softmax of the first `count` of four rows; their log sum exp and entropy to NORM and ENTROPY. */
function softmaxOfRows(p: usize, x: usize, stride: usize, A: i32, count: i32): void {
  // rows that are missing at the end repeat the last one
  const to1 = count > 1 ? stride : 0, to2 = count > 2 ? 2 * stride : to1, to3 = count > 3 ? 3 * stride : to2;
  const end = x + (<usize>A << 2);
  let most = column(x, x + to1, x + to2, x + to3);
  for (let j = x + 4; j < end; j += 4) most = f32x4.max(most, column(j, j + to1, j + to2, j + to3));
  let total = f32x4.splat(0);
  for (let j = x; j < end; j += 4) total = f32x4.add(total, exp4(f32x4.sub(column(j, j + to1, j + to2, j + to3), most)));
  const norm = f32x4.add(most, log4(total));
  let entropy = f32x4.splat(0);
  for (let j = x; j < end; j += 4) {
    const logP = f32x4.sub(column(j, j + to1, j + to2, j + to3), norm);
    const probability = exp4(logP);
    const to = p + (j - x);
    v128.store32_lane(to + to3, probability, 3);
    v128.store32_lane(to + to2, probability, 2);
    v128.store32_lane(to + to1, probability, 1);
    v128.store32_lane(to, probability, 0);
    entropy = f32x4.sub(entropy, f32x4.mul(probability, logP));
  }
  v128.store(NORM, norm);
  v128.store(ENTROPY, entropy);
}

/** dRow holds probabilities and becomes the gradient; its padding becomes zero. */
function gradientOfRow(
  dRow: usize, row: usize, ld: i32, A: i32, action: i32, g: f32, norm: f32, entropy: f32, entropyCoef: f32, weight: f32,
): void {
  for (let j = 0; j < A; j++) {
    const p = number(dRow, j);
    const isTaken: f32 = j == action ? 1 : 0;
    const d = g * (isTaken - p) + entropyCoef * p * (number(row, j) - norm + entropy);
    store<f32>(dRow + (<usize>j << 2), weight * d);
  }
  for (let j = A; j < ld; j++) store<f32>(dRow + (<usize>j << 2), 0);
}
