// Diagonal Gaussian over A action dimensions; means and actions [rows, ld], logStd [A] shared by all rows.
import { exp1 } from "./math";
import { ppoRow } from "./ppo";

/** ln(2 pi) / 2 */
const HALF_LOG_TAU: f32 = 0.9189385332;

// @ts-ignore: decorator
@inline
function at(row: usize, j: i32): f32 {
  return load<f32>(row + (<usize>j << 2));
}

function logProbOf(mean: usize, action: usize, logStd: usize, A: i32): f32 {
  let total: f32 = 0;
  for (let j = 0; j < A; j++) {
    const z = (at(action, j) - at(mean, j)) * exp1(-at(logStd, j));
    total -= 0.5 * z * z + at(logStd, j) + HALF_LOG_TAU;
  }
  return total;
}

function entropyOf(logStd: usize, A: i32): f32 {
  let total: f32 = 0;
  for (let j = 0; j < A; j++) total += at(logStd, j) + 0.5 + HALF_LOG_TAU;
  return total;
}

/** With z = (a - mean) / std: d logProb / d mean = z / std, d logProb / d logStd = z² - 1, d entropy / d logStd = 1. */
export function gaussianPpo(
  means: usize, dMeans: usize, ld: i32, A: i32, rows: i32, logStd: usize, dLogStd: usize, actions: usize, oldLogProbs: usize,
  advantages: usize, advantageMean: f32, advantageScale: f32, clipRange: f32, entropyCoef: f32, weight: f32, stats: usize,
): void {
  const entropy = entropyOf(logStd, A);
  for (let r = 0; r < rows; r++) {
    const o = (<usize>r * ld) << 2;
    const advantage = (load<f32>(advantages + (<usize>r << 2)) - advantageMean) * advantageScale;
    const logRatio = logProbOf(means + o, actions + o, logStd, A) - load<f32>(oldLogProbs + (<usize>r << 2));
    const g = ppoRow(logRatio, exp1(logRatio), advantage, entropy, clipRange, stats);
    for (let j = 0; j < A; j++) {
      const inverseStd = exp1(-at(logStd, j));
      const z = (at(actions + o, j) - at(means + o, j)) * inverseStd;
      const dAt = dLogStd + (<usize>j << 2);
      store<f32>(dMeans + o + (<usize>j << 2), weight * g * z * inverseStd);
      store<f32>(dAt, load<f32>(dAt) + weight * (g * (z * z - 1) - entropyCoef));
    }
  }
}
