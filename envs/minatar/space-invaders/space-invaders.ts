import { type Game, SHARED, isWithin } from "../game.ts";
import { paintSpaceInvaders } from "./paint.ts";
import { SPACE_INVADERS } from "./state.ts";

const { FIRE, GRID, LEFT, OWN, RIGHT, TERMINAL } = SHARED;

const {
  CANNON_X,
  ALIEN_DIR,
  MOVE_INTERVAL,
  MOVE_TIMER,
  ALIEN_SHOT_TIMER,
  SHOT_TIMER,
  RAMP_INDEX,
  ALIENS,
  FRIENDLY_BULLETS,
  ENEMY_BULLETS,
  STATE_SIZE,
} = SPACE_INVADERS;

const LAST = GRID - 1;
const ROW_MASK = (1 << GRID) - 1;
const BLOCK_ROWS = 4;
/** Columns 2..7. */
const BLOCK_ROW = 0b0011111100;
const SLOWEST = 12;
const FASTEST_START = 6;
const ALIEN_SHOT_INTERVAL = 10;
const SHOT_INTERVAL = 5;

/** Space Invaders: shoot the fleet before it lands. Rules in this folder's README. */
export const spaceInvaders: Game = {
  name: "SpaceInvaders",
  channels: ["cannon", "alien", "alien_left", "alien_right", "friendly_bullet", "enemy_bullet"],
  minimalActions: [0, LEFT, RIGHT, FIRE],
  stateSize: STATE_SIZE,
  reset,
  step,
  observe,
  isPossible,
  paint: paintSpaceInvaders,
};

function reset(s: Int32Array): void {
  s.fill(0, OWN);
  s[TERMINAL] = 0;
  s[CANNON_X] = 5;
  s[ALIEN_DIR] = -1;
  s[MOVE_INTERVAL] = s[MOVE_TIMER] = SLOWEST;
  s[ALIEN_SHOT_TIMER] = ALIEN_SHOT_INTERVAL;
  fillBlock(s);
}

function fillBlock(s: Int32Array): void {
  for (let row = 0; row < GRID; row++) s[ALIENS + row] = row < BLOCK_ROWS ? BLOCK_ROW : 0;
}

function step(s: Int32Array, action: number, isRamping: boolean): number {
  moveCannon(s, action);
  moveBullets(s);
  if (isAt(s, ENEMY_BULLETS + LAST) || isAt(s, ALIENS + LAST)) s[TERMINAL] = 1;
  if (s[MOVE_TIMER] === 0) {
    moveAliens(s);
    if (isAt(s, ALIENS + LAST)) s[TERMINAL] = 1;
  }
  if (s[ALIEN_SHOT_TIMER] === 0) {
    s[ALIEN_SHOT_TIMER] = ALIEN_SHOT_INTERVAL;
    shootBack(s);
  }
  const reward = strike(s);
  s[MOVE_TIMER]!--;
  s[ALIEN_SHOT_TIMER]!--;
  if (s[SHOT_TIMER]! > 0) s[SHOT_TIMER]!--;
  if (reward > 0 && countAliens(s) === 0) nextWave(s, isRamping);
  return reward;
}

function moveCannon(s: Int32Array, action: number): void {
  if (action === FIRE && s[SHOT_TIMER] === 0) {
    s[FRIENDLY_BULLETS + LAST]! |= 1 << s[CANNON_X]!;
    s[SHOT_TIMER] = SHOT_INTERVAL;
  } else if (action === LEFT) {
    s[CANNON_X] = Math.max(0, s[CANNON_X]! - 1);
  } else if (action === RIGHT) {
    s[CANNON_X] = Math.min(LAST, s[CANNON_X]! + 1);
  }
}

/** Friendly bullets go one row up, enemy bullets one row down; the outermost are lost. */
function moveBullets(s: Int32Array): void {
  for (let row = 0; row < LAST; row++) s[FRIENDLY_BULLETS + row] = s[FRIENDLY_BULLETS + row + 1]!;
  s[FRIENDLY_BULLETS + LAST] = 0;
  for (let row = LAST; row > 0; row--) s[ENEMY_BULLETS + row] = s[ENEMY_BULLETS + row - 1]!;
  s[ENEMY_BULLETS] = 0;
}

/** Whether the row in word `row` has something in the cannon's column. */
function isAt(s: Int32Array, row: number): boolean {
  return ((s[row]! >> s[CANNON_X]!) & 1) === 1;
}

/** Moves the fleet one cell sideways, or one down and about where it stands at the wall. Row 9 at that moment: the episode ends. */
function moveAliens(s: Int32Array): void {
  s[MOVE_TIMER] = Math.min(countAliens(s), s[MOVE_INTERVAL]!);
  const movesLeft = s[ALIEN_DIR]! < 0;
  let columns = 0;
  for (let row = 0; row < GRID; row++) columns |= s[ALIENS + row]!;
  if ((columns & (movesLeft ? 1 : 1 << LAST)) !== 0) {
    s[ALIEN_DIR] = -s[ALIEN_DIR]!;
    const lowest = s[ALIENS + LAST]!;
    if (lowest !== 0) s[TERMINAL] = 1;
    for (let row = LAST; row > 0; row--) s[ALIENS + row] = s[ALIENS + row - 1]!;
    s[ALIENS] = lowest;
  } else {
    for (let row = 0; row < GRID; row++) {
      const aliens = s[ALIENS + row]!;
      s[ALIENS + row] = movesLeft ? aliens >> 1 : (aliens << 1) & ROW_MASK;
    }
  }
}

/** The lowest alien of the column nearest to the cannon (the left one of two) drops a bullet in its own cell. */
function shootBack(s: Int32Array): void {
  let columns = 0;
  for (let row = 0; row < GRID; row++) columns |= s[ALIENS + row]!;
  const column = 1 << nearest(columns, s[CANNON_X]!);
  let row = LAST;
  while ((s[ALIENS + row]! & column) === 0) row--;
  s[ENEMY_BULLETS + row]! |= column;
}

/** Index of the set bit nearest to `x`; the lower one of two equally near. At least one of the ten bits is set. */
function nearest(bits: number, x: number): number {
  for (let distance = 0; ; distance++) {
    if (x >= distance && ((bits >> (x - distance)) & 1) === 1) return x - distance;
    if (((bits >> (x + distance)) & 1) === 1) return x + distance;
  }
}

/** Removes every alien that shares its cell with a friendly bullet, and the bullet; returns how many. */
function strike(s: Int32Array): number {
  let numHit = 0;
  for (let row = 0; row < GRID; row++) {
    const hit = s[ALIENS + row]! & s[FRIENDLY_BULLETS + row]!;
    if (hit === 0) continue;
    s[ALIENS + row]! ^= hit;
    s[FRIENDLY_BULLETS + row]! ^= hit;
    numHit += popCount(hit);
  }
  return numHit;
}

function nextWave(s: Int32Array, isRamping: boolean): void {
  if (isRamping && s[MOVE_INTERVAL]! > FASTEST_START) {
    s[MOVE_INTERVAL]!--;
    s[RAMP_INDEX]!++;
  }
  fillBlock(s);
}

function countAliens(s: Int32Array): number {
  let count = 0;
  for (let row = 0; row < GRID; row++) count += popCount(s[ALIENS + row]!);
  return count;
}

function popCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function observe(s: Int32Array, obs: Uint8Array, at: number): void {
  const channels = 6;
  obs.fill(0, at, at + GRID * GRID * channels);
  obs[at + (LAST * GRID + s[CANNON_X]!) * channels] = 1;
  const heading = s[ALIEN_DIR]! < 0 ? 2 : 3;
  for (let row = 0; row < GRID; row++) {
    const start = at + row * GRID * channels;
    mark(s[ALIENS + row]!, obs, start + 1, channels);
    mark(s[ALIENS + row]!, obs, start + heading, channels);
    mark(s[FRIENDLY_BULLETS + row]!, obs, start + 4, channels);
    mark(s[ENEMY_BULLETS + row]!, obs, start + 5, channels);
  }
}

/** Sets one byte per set bit of a row. */
function mark(bits: number, obs: Uint8Array, start: number, channels: number): void {
  for (let rest = bits, x = 0; rest !== 0; rest >>= 1, x++) if ((rest & 1) === 1) obs[start + x * channels] = 1;
}

function isPossible(s: Int32Array): boolean {
  const rows = Array.from({ length: 3 * GRID }, (_, row) => ALIENS + row);
  return (
    isWithin(s, CANNON_X, 0, LAST) &&
    Math.abs(s[ALIEN_DIR]!) === 1 &&
    isWithin(s, MOVE_INTERVAL, FASTEST_START, SLOWEST) &&
    isWithin(s, MOVE_TIMER, 0, SLOWEST) &&
    isWithin(s, ALIEN_SHOT_TIMER, 0, ALIEN_SHOT_INTERVAL) &&
    isWithin(s, SHOT_TIMER, 0, SHOT_INTERVAL) &&
    isWithin(s, TERMINAL, 0, 1) &&
    rows.every((word) => isWithin(s, word, 0, ROW_MASK)) &&
    countAliens(s) > 0
  );
}
