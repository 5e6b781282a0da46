import { ASTERIX, type Env, MINATAR } from "gymnasium-js";
import type { Expert } from "./expert.ts";
import { readPosition } from "./minatar-position.ts";

const { NOOP, LEFT, UP, RIGHT, DOWN, GRID } = MINATAR;
const { ENEMY, FIRST_ROW, GOLD, KIND, MOVES_RIGHT, MOVE_SPEED, MOVE_TIMER, NONE, NUM_SLOTS } = ASTERIX;
const { PLAYER_X, PLAYER_Y, SLOTS, SLOT_SIZE, SPAWN_SPEED, SPAWN_TIMER, X } = ASTERIX;

const CHOICES = [
  { action: NOOP, dx: 0, dy: 0 },
  { action: LEFT, dx: -1, dy: 0 },
  { action: UP, dx: 0, dy: -1 },
  { action: RIGHT, dx: 1, dy: 0 },
  { action: DOWN, dx: 0, dy: 1 },
] as const;
const NUM_CHOICES = CHOICES.length;
/** Frames looked ahead. */
const HORIZON = 40;
/** Gold later counts less, so that it is fetched soon. */
const DISCOUNT = 0.98;
/** Worth of the episode's end, in gold. */
const DEATH = -60;
const NUM_CELLS = NUM_SLOTS * GRID;

/**
 * Asterix by dynamic programming: how everything on the field moves is known, and where new things will enter is known by chance. Backwards
 * in time this gives the expected gold of every cell and action, sticky actions included; the best action is taken.
 */
export const minatarAsterix: Expert = {
  name: "foresight",
  summary: "takes the action of the most expected gold, with everything's way known and arrivals expected",
  worlds: ["Asterix"],
  act(env: Env): number {
    const { state, stickyActionProb, indexOf } = readPosition(env, "foresight", "Asterix");
    const values = choiceValues(forecast(state), stickyActionProb, state[PLAYER_X]!, state[PLAYER_Y]! - FIRST_ROW);
    return indexOf(CHOICES[values.indexOf(Math.max(...values))]!.action);
  },
};

/** What awaits whoever stands on a cell during a frame, each [HORIZON, 8 rows, 10 columns]. */
interface Forecast {
  /** Chance that an enemy is met. */
  readonly risk: Float64Array;
  /** Expected gold that is found on coming. */
  readonly found: Float64Array;
  /** Expected gold that comes while one is there. */
  readonly brought: Float64Array;
}

function forecast(s: Int32Array): Forecast {
  const numValues = HORIZON * NUM_CELLS;
  const expected = {
    risk: new Float64Array(numValues),
    found: new Float64Array(numValues),
    brought: new Float64Array(numValues),
  };
  const moves = moveFrames(s);
  for (let row = 0; row < NUM_SLOTS; row++) {
    const at = SLOTS + row * SLOT_SIZE;
    const isFree = s[at + KIND] === NONE;
    if (isFree) expectArrivals(expected, s, row, moves);
    else follow(expected, s[at + KIND]!, row, s[at + X]!, s[at + MOVES_RIGHT] === 1, 0, 1, moves);
  }
  return expected;
}

/** In which of the next frames everything moves, at the present speed. */
function moveFrames(s: Int32Array): boolean[] {
  let timer = s[MOVE_TIMER]!;
  return Array.from({ length: HORIZON }, () => {
    const moves = timer === 0;
    timer = (moves ? s[MOVE_SPEED]! : timer) - 1;
    return moves;
  });
}

/** A free row may be entered at each coming spawn: from either side, by gold with chance 1/3. */
function expectArrivals(expected: Forecast, s: Int32Array, row: number, moves: readonly boolean[]): void {
  let numFree = 0;
  for (let slot = 0; slot < NUM_SLOTS; slot++) if (s[SLOTS + slot * SLOT_SIZE + KIND] === NONE) numFree++;
  let isStillFree = 1;
  for (let t = s[SPAWN_TIMER]!; t < HORIZON; t += s[SPAWN_SPEED]!) {
    const chance = isStillFree / Math.max(1, numFree);
    for (const movesRight of [false, true]) {
      const x = movesRight ? 0 : GRID - 1;
      follow(expected, ENEMY, row, x, movesRight, t, chance / 3, moves);
      follow(expected, GOLD, row, x, movesRight, t, chance / 6, moves);
    }
    isStillFree -= chance;
    numFree--;
    if (numFree <= 0) return;
  }
}

/** Adds one thing, that is on the field from frame `start` on with some chance, to the forecast of its row. */
function follow(
  { risk, found, brought }: Forecast,
  kind: number,
  row: number,
  startX: number,
  movesRight: boolean,
  start: number,
  chance: number,
  moves: readonly boolean[],
): void {
  let x = startX;
  for (let t = start; t < HORIZON; t++) {
    const before = t * NUM_CELLS + row * GRID + x;
    if (kind === ENEMY) risk[before]! += chance;
    else found[before]! += chance;
    if (!moves[t]) continue;
    x += movesRight ? 1 : -1;
    if (x < 0 || x >= GRID) return;
    const after = t * NUM_CELLS + row * GRID + x;
    if (kind === ENEMY) risk[after]! += chance;
    else brought[after]! += chance;
  }
}

/** Expected gold, and end, of playing each choice now at column x of lane `row`. */
function choiceValues(expected: Forecast, p: number, x: number, row: number): number[] {
  // later[cell, last]: expected value before a frame on a cell after the last choice executed.
  let later = new Float64Array(NUM_CELLS * NUM_CHOICES);
  let now = new Float64Array(NUM_CELLS * NUM_CHOICES);
  const values = new Float64Array(NUM_CHOICES);
  for (let t = HORIZON - 1; t > 0; t--) {
    for (let cell = 0; cell < NUM_CELLS; cell++) {
      let best = -Infinity;
      for (let choice = 0; choice < NUM_CHOICES; choice++) {
        values[choice] = valueOf(expected, later, t, cell, choice);
        best = Math.max(best, values[choice]!);
      }
      for (let last = 0; last < NUM_CHOICES; last++)
        now[cell * NUM_CHOICES + last] = p * values[last]! + (1 - p) * best;
    }
    [later, now] = [now, later];
  }
  return CHOICES.map((_, choice) => valueOf(expected, later, 0, row * GRID + x, choice));
}

/** Expected value when a choice really is played in frame `t` on a cell. */
function valueOf(expected: Forecast, later: Float64Array, t: number, cell: number, choice: number): number {
  const { dx, dy } = CHOICES[choice]!;
  const column = Math.min(GRID - 1, Math.max(0, (cell % GRID) + dx));
  const row = Math.min(NUM_SLOTS - 1, Math.max(0, Math.floor(cell / GRID) + dy));
  const next = row * GRID + column;
  const at = t * NUM_CELLS + next;
  const risk = Math.min(1, expected.risk[at]!);
  const gold = expected.brought[at]! + (next === cell ? 0 : expected.found[at]!);
  return gold + risk * DEATH + (1 - risk) * DISCOUNT * later[next * NUM_CHOICES + choice]!;
}
