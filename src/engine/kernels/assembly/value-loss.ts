// Squared error of values against returns; values [rows, ld], first column.

/**
 * Row loss = 0.5 (v - R)², or with clipRange > 0 the larger of it and 0.5 (clip(v, old ± clipRange) - R)².
 * Returns the sum over rows; dValues[r] = weight * d rowLoss / d v.
 */
export function valueLoss(
  values: usize,
  dValues: usize,
  ld: i32,
  rows: i32,
  returns: usize,
  oldValues: usize,
  clipRange: f32,
  weight: f32,
): f64 {
  let total: f64 = 0;
  for (let r = 0; r < rows; r++) {
    const o = (<usize>r * ld) << 2;
    const target = load<f32>(returns + ((<usize>r) << 2));
    const value = load<f32>(values + o);
    let error = value - target;
    let slope = error;
    if (clipRange > 0) {
      const old = load<f32>(oldValues + ((<usize>r) << 2));
      const change = value - old;
      const limited = old + min(max(change, -clipRange), clipRange) - target;
      if (limited * limited > error * error) {
        error = limited;
        slope = abs(change) < clipRange ? limited : 0;
      }
    }
    total += 0.5 * <f64>error * <f64>error;
    store<f32>(dValues + o, weight * slope);
  }
  return total;
}
