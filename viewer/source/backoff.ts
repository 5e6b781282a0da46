const FIRST_MS = 250;
const LONGEST_MS = 8000;

/**
 * How long to wait before connection attempt `attempt` (0 is the first retry): doubling from 0.25 s to 8 s, times a random factor in
 * [0.5, 1), so that many pages do not come back at once. `uniform` is in [0, 1).
 */
export function backoffMs(attempt: number, uniform: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
  return longest * (0.5 + 0.5 * uniform);
}
