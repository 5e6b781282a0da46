/** What generalised advantage estimation reads. Arrays are time-major [T, N]. */
export interface GaeInput {
  readonly T: number;
  readonly N: number;
  readonly reward: Float32Array;
  /** critic's value of the observation acted on at t */
  readonly value: Float32Array;
  /** 0 or 1 */
  readonly terminated: Uint8Array;
  /** 0 or 1 */
  readonly truncated: Uint8Array;
  /** value of the episode's final observation and final state; read only where `truncated` is set and `terminated` is not */
  readonly finalValue: Float32Array;
  /** [N] value of the observation after the last step */
  readonly lastValue: Float32Array;
}

/**
 * Generalised advantage estimation: A_t = delta_t + gamma * lambda * A_{t+1} within an episode, with
 * delta_t = r_t + gamma * nextValue - V_t, where nextValue is 0 after a termination, the value of the final observation after a
 * truncation (the task went on, only we stopped looking), and V_{t+1} otherwise. Returns are A + V.
 *
 * Source: Schulman et al. 2016, arXiv:1506.02438. Writes `advantages` and `returns`, both [T, N]; allocates nothing.
 */
export function gae(
  input: GaeInput,
  gamma: number,
  lambda: number,
  advantages: Float32Array,
  returns: Float32Array,
): void {
  const { T, N, reward, value, terminated, truncated, finalValue, lastValue } = input;
  for (let n = 0; n < N; n++) {
    let nextValue = lastValue[n]!;
    let nextAdvantage = 0;
    for (let i = (T - 1) * N + n; i >= 0; i -= N) {
      if (terminated[i] === 1) {
        nextValue = 0;
        nextAdvantage = 0;
      } else if (truncated[i] === 1) {
        nextValue = finalValue[i]!;
        nextAdvantage = 0;
      }
      const delta = reward[i]! + gamma * nextValue - value[i]!;
      nextAdvantage = delta + gamma * lambda * nextAdvantage;
      advantages[i] = nextAdvantage;
      returns[i] = nextAdvantage + value[i]!;
      nextValue = value[i]!;
    }
  }
}
