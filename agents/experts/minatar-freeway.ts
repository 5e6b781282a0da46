import { type Env, FREEWAY, MINATAR } from "gymnasium-js";
import type { Expert } from "./expert.ts";
import { readPosition } from "./minatar-position.ts";

const { NOOP, UP, DOWN, GRID } = MINATAR;
const { CARS, CAR_SIZE, CHICKEN_X, CHICKEN_Y, FIRST_ROW, MOVE_TIMER, NUM_CARS, SPEED, TIMER, X } = FREEWAY;

/** Actions worth considering. */
const CHOICES: readonly number[] = [NOOP, UP, DOWN];
const NUM_CHOICES = CHOICES.length;
const UP_CHOICE = CHOICES.indexOf(UP);
/** Frames. Up is played unless something else saves more: it costs no crossing, and whoever learns from it sees a habit and its exceptions. */
const INDIFFERENCE = 0.3;
/** Frames looked ahead; a free crossing takes 27. */
const HORIZON = 64;
const MAX_TIMER = 3;
const NUM_TIMERS = MAX_TIMER + 1;
const LAST_ROW = GRID - 1;

/**
 * Freeway by dynamic programming: where every car will be is known until the next crossing, so the least expected number of frames to the
 * other side, sticky actions included, follows backwards in time; the action with the least is taken, up where it hardly differs.
 */
export const minatarFreeway: Expert = {
  name: "timetable",
  summary: "takes the action with the least expected time to the other side, all cars being known",
  worlds: ["Freeway"],
  act(env: Env): number {
    const { state, stickyActionProb, indexOf } = readPosition(env, "timetable", "Freeway");
    const hit = carTimes(state);
    const after = expectedFrames(hit, stickyActionProb);
    const costs = CHOICES.map((_, choice) => cost(after, hit, 0, state[CHICKEN_Y]!, state[MOVE_TIMER]!, choice));
    const least = Math.min(...costs);
    const isUpGoodEnough = costs[UP_CHOICE]! <= least + INDIFFERENCE;
    return indexOf(isUpGoodEnough ? UP : CHOICES[costs.indexOf(least)]!);
  },
};

/** Whether a chicken in a row is hit during a frame, [HORIZON, 10] of 0 or 1: by the car before or after it moved. */
function carTimes(state: Int32Array): Uint8Array {
  const hit = new Uint8Array(HORIZON * GRID);
  for (let car = 0; car < NUM_CARS; car++) {
    const at = CARS + car * CAR_SIZE;
    const speed = state[at + SPEED]!;
    let [x, timer] = [state[at + X]!, state[at + TIMER]!];
    for (let t = 0; t < HORIZON; t++) {
      const isHitBefore = x === CHICKEN_X;
      if (timer === 0) {
        x = (x + (speed > 0 ? 1 : LAST_ROW)) % GRID;
        timer = Math.abs(speed);
      } else {
        timer--;
      }
      hit[t * GRID + car + FIRST_ROW] = isHitBefore || x === CHICKEN_X ? 1 : 0;
    }
  }
  return hit;
}

/**
 * Expected frames to the other side before a frame in which a sticky step would repeat `last`, [HORIZON + 1, 10 rows, 4 timers, 3 last choices].
 *
 * A step plays `last` with probability p and else what is chosen, so this is p cost(last) + (1 - p) min cost.
 */
function expectedFrames(hit: Uint8Array, p: number): Float64Array {
  const after = new Float64Array((HORIZON + 1) * GRID * NUM_TIMERS * NUM_CHOICES);
  const costs = new Float64Array(NUM_CHOICES);
  for (let t = HORIZON; t >= 0; t--) {
    for (let row = 1; row < GRID; row++) {
      for (let timer = 0; timer < NUM_TIMERS; timer++) {
        // Beyond the horizon: half as long again as a free road takes.
        for (let c = 0; c < NUM_CHOICES; c++) costs[c] = t === HORIZON ? 4.5 * row : cost(after, hit, t, row, timer, c);
        const least = Math.min(costs[0]!, costs[1]!, costs[2]!);
        for (let last = 0; last < NUM_CHOICES; last++) {
          after[indexOfSituation(t, row, timer) + last] = p * costs[last]! + (1 - p) * least;
        }
      }
    }
  }
  return after;
}

/** Expected frames to the other side when `choice` really is played in frame `t`. */
function cost(after: Float64Array, hit: Uint8Array, t: number, row: number, timer: number, choice: number): number {
  const moves = timer === 0 && CHOICES[choice] !== NOOP;
  const next = !moves ? row : CHOICES[choice] === UP ? row - 1 : Math.min(LAST_ROW, row + 1);
  if (next === 0) return 1;
  const reached = hit[t * GRID + next] === 1 ? LAST_ROW : next;
  const left = Math.max(0, (moves ? MAX_TIMER : timer) - 1);
  return 1 + after[indexOfSituation(t + 1, reached, left) + choice]!;
}

function indexOfSituation(t: number, row: number, timer: number): number {
  return ((t * GRID + row) * NUM_TIMERS + timer) * NUM_CHOICES;
}
