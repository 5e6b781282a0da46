/** Time and speed of a replay, as plain data that `advance` moves on. */
export interface PlayerState {
  /** step shown, may lie between two */
  readonly time: number;
  readonly isPlaying: boolean;
  /** 1 is the world's own speed */
  readonly speed: number;
  readonly isLooping: boolean;
}

/** Speeds offered, slowest first. */
export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16] as const;

/** State of a replay that has not begun. */
export const AT_START: PlayerState = { time: 0, isPlaying: false, speed: 1, isLooping: false };

/**
 * Moves on by `elapsedMs` of wall time in an episode of `length` steps that takes `stepsPerSecond` at speed 1. Stops at the last step,
 * or goes back to the first when looping.
 */
export function advance(state: PlayerState, elapsedMs: number, length: number, stepsPerSecond: number): PlayerState {
  if (!state.isPlaying || length === 0) return state;
  const time = state.time + (elapsedMs / 1000) * stepsPerSecond * state.speed;
  const last = length - 1;
  if (time <= last) return { ...state, time };
  return state.isLooping
    ? { ...state, time: last === 0 ? 0 : time % (last + 1) }
    : { ...state, time: last, isPlaying: false };
}

/** Goes to a step, cut to the episode. Playing goes on. */
export function seek(state: PlayerState, time: number, length: number): PlayerState {
  return { ...state, time: Math.max(0, Math.min(length - 1, time)) };
}

/** Goes `count` whole steps on (or back) and stops there. */
export function stepBy(state: PlayerState, count: number, length: number): PlayerState {
  return { ...seek(state, Math.floor(state.time) + count, length), isPlaying: false };
}

/** Starts or stops; at the end starts over. */
export function togglePlay(state: PlayerState, length: number): PlayerState {
  const isOver = state.time >= length - 1;
  if (!state.isPlaying && isOver) return { ...state, time: 0, isPlaying: true };
  return { ...state, isPlaying: !state.isPlaying };
}

/** The next faster (or slower) speed. */
export function changeSpeed(state: PlayerState, direction: 1 | -1): PlayerState {
  const nearest = SPEEDS.reduce(
    (best, s) => (Math.abs(s - state.speed) < Math.abs(best - state.speed) ? s : best),
    SPEEDS[0] as number,
  );
  const index = SPEEDS.findIndex((s) => s === nearest) + direction;
  return { ...state, speed: SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, index))] ?? 1 };
}
