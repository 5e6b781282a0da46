/**
 * What the clipped PPO kernels add to their `stats` (float64), by index. Sums over rows, unweighted.
 *
 * With ratio = exp(logProb - oldLogProb), advantage = (raw - advantageMean) * advantageScale:
 * policyLoss = -min(ratio * advantage, clip(ratio, 1 - c, 1 + c) * advantage); loss = weight * sum(policyLoss - entropyCoef * entropy).
 * approxKl is the k3 estimate (ratio - 1) - log(ratio), see Schulman, "Approximating KL divergence" (2020).
 */
export const ppoStats = { policyLoss: 0, entropy: 1, approxKl: 2, numClipped: 3, maxRatioError: 4 } as const;

/** Numbers in `stats`. */
export const NUM_PPO_STATS = 8;
