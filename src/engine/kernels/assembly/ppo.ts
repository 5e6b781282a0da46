// The part of the clipped PPO loss that both kinds of action share. Names and formulas: ../../loss/ppo-stats.ts.

/**
 * Adds one row, with the ratio of new to old probability, to stats and returns d policyLoss / d logProb.
 * policyLoss = -min(ratio A, clip(ratio) A); where the clipped branch is the smaller one, its gradient is zero.
 */
export function ppoRow(logRatio: f32, ratio: f32, advantage: f32, entropy: f32, clipRange: f32, stats: usize): f32 {
  const clipped = min(max(ratio, 1 - clipRange), 1 + clipRange);
  const plain = ratio * advantage;
  const limited = clipped * advantage;
  const isLimited = limited < plain;
  store<f64>(stats, load<f64>(stats) - <f64>(isLimited ? limited : plain));
  store<f64>(stats, load<f64>(stats, 8) + <f64>entropy, 8);
  store<f64>(stats, load<f64>(stats, 16) + (<f64>ratio - 1 - <f64>logRatio), 16);
  if (abs(ratio - 1) > clipRange) store<f64>(stats, load<f64>(stats, 24) + 1, 24);
  store<f64>(stats, max(load<f64>(stats, 32), <f64>abs(ratio - 1)), 32);
  return isLimited ? 0 : -plain;
}
