import { type Game, type GameRandom, SHARED, isWithin } from "../game.ts";
import { paintAsterix } from "./paint.ts";
import { ASTERIX } from "./state.ts";

const { DOWN, GRID, LEFT, RIGHT, TERMINAL, UP } = SHARED;

const {
  PLAYER_X,
  PLAYER_Y,
  SPAWN_SPEED,
  SPAWN_TIMER,
  MOVE_SPEED,
  MOVE_TIMER,
  RAMP_TIMER,
  RAMP_INDEX,
  SLOTS,
  STATE_SIZE,
  NUM_SLOTS,
  FIRST_ROW,
  SLOT_SIZE,
  KIND,
  X,
  MOVES_RIGHT,
  NONE,
  ENEMY,
  GOLD,
} = ASTERIX;

const LAST = GRID - 1;
const START = { x: 5, y: 5, spawnSpeed: 10, moveSpeed: 5, rampInterval: 100 } as const;

/** Asterix: collect gold, dodge enemies. Rules in this folder's README. */
export const asterix: Game = {
  name: "Asterix",
  channels: ["player", "enemy", "trail", "gold"],
  minimalActions: [0, LEFT, UP, RIGHT, DOWN],
  stateSize: STATE_SIZE,
  reset,
  step,
  observe,
  isPossible,
  paint: paintAsterix,
};

function reset(s: Int32Array): void {
  s[TERMINAL] = 0;
  s[PLAYER_X] = START.x;
  s[PLAYER_Y] = START.y;
  s[SPAWN_SPEED] = s[SPAWN_TIMER] = START.spawnSpeed;
  s[MOVE_SPEED] = s[MOVE_TIMER] = START.moveSpeed;
  s[RAMP_TIMER] = START.rampInterval;
  s[RAMP_INDEX] = 0;
  s.fill(0, SLOTS);
}

function step(s: Int32Array, action: number, isRamping: boolean, random: GameRandom): number {
  if (s[SPAWN_TIMER] === 0) {
    spawn(s, random);
    s[SPAWN_TIMER] = s[SPAWN_SPEED]!;
  }
  movePlayer(s, action);
  let reward = 0;
  for (let slot = 0; slot < NUM_SLOTS; slot++) reward += meet(s, slot);
  if (s[MOVE_TIMER] === 0) {
    s[MOVE_TIMER] = s[MOVE_SPEED]!;
    for (let slot = 0; slot < NUM_SLOTS; slot++) reward += moveEntity(s, slot);
  }
  s[SPAWN_TIMER]!--;
  s[MOVE_TIMER]!--;
  if (isRamping && (s[SPAWN_SPEED]! > 1 || s[MOVE_SPEED]! > 1)) ramp(s);
  return reward;
}

/** Puts an enemy or a gold into a random free row. With all rows taken only the two first numbers are drawn. */
function spawn(s: Int32Array, random: GameRandom): void {
  const movesRight = random.random() < 1 / 2;
  const isGold = random.random() < 1 / 3;
  let numFree = 0;
  for (let slot = 0; slot < NUM_SLOTS; slot++) if (s[SLOTS + slot * SLOT_SIZE + KIND] === NONE) numFree++;
  if (numFree === 0) return;
  let skip = random.randint(0, numFree);
  for (let at = SLOTS; at < STATE_SIZE; at += SLOT_SIZE) {
    if (s[at + KIND] !== NONE || skip-- > 0) continue;
    s[at + KIND] = isGold ? GOLD : ENEMY;
    s[at + X] = movesRight ? 0 : LAST;
    s[at + MOVES_RIGHT] = movesRight ? 1 : 0;
    return;
  }
}

function movePlayer(s: Int32Array, action: number): void {
  if (action === LEFT) s[PLAYER_X] = Math.max(0, s[PLAYER_X]! - 1);
  else if (action === RIGHT) s[PLAYER_X] = Math.min(LAST, s[PLAYER_X]! + 1);
  else if (action === UP) s[PLAYER_Y] = Math.max(FIRST_ROW, s[PLAYER_Y]! - 1);
  else if (action === DOWN) s[PLAYER_Y] = Math.min(NUM_SLOTS, s[PLAYER_Y]! + 1);
}

/** What happens where the player and the slot's entity share a cell: gold gives 1 and goes, an enemy ends the episode. */
function meet(s: Int32Array, slot: number): number {
  const at = SLOTS + slot * SLOT_SIZE;
  if (s[at + KIND] === NONE || s[at + X] !== s[PLAYER_X] || slot + FIRST_ROW !== s[PLAYER_Y]) return 0;
  if (s[at + KIND] === GOLD) {
    s[at + KIND] = NONE;
    return 1;
  }
  s[TERMINAL] = 1;
  return 0;
}

function moveEntity(s: Int32Array, slot: number): number {
  const at = SLOTS + slot * SLOT_SIZE;
  if (s[at + KIND] === NONE) return 0;
  s[at + X]! += s[at + MOVES_RIGHT] === 1 ? 1 : -1;
  if (s[at + X]! < 0 || s[at + X]! > LAST) {
    s[at + KIND] = NONE;
    return 0;
  }
  return meet(s, slot);
}

/** Every 102 frames spawning, and every second time movement, becomes one frame faster. */
function ramp(s: Int32Array): void {
  if (s[RAMP_TIMER]! >= 0) {
    s[RAMP_TIMER]!--;
    return;
  }
  if (s[MOVE_SPEED]! > 1 && s[RAMP_INDEX]! % 2 === 1) s[MOVE_SPEED]!--;
  if (s[SPAWN_SPEED]! > 1) s[SPAWN_SPEED]!--;
  s[RAMP_INDEX]!++;
  s[RAMP_TIMER] = START.rampInterval;
}

function observe(s: Int32Array, obs: Uint8Array, at: number): void {
  const channels = 4;
  obs.fill(0, at, at + GRID * GRID * channels);
  obs[at + (s[PLAYER_Y]! * GRID + s[PLAYER_X]!) * channels] = 1;
  for (let slot = 0; slot < NUM_SLOTS; slot++) {
    const entity = SLOTS + slot * SLOT_SIZE;
    if (s[entity + KIND] === NONE) continue;
    const row = at + (slot + FIRST_ROW) * GRID * channels;
    const x = s[entity + X]!;
    obs[row + x * channels + (s[entity + KIND] === GOLD ? 3 : 1)] = 1;
    const behind = s[entity + MOVES_RIGHT] === 1 ? x - 1 : x + 1;
    if (behind >= 0 && behind <= LAST) obs[row + behind * channels + 2] = 1;
  }
}

function isPossible(s: Int32Array): boolean {
  const slots = Array.from({ length: NUM_SLOTS }, (_, slot) => SLOTS + slot * SLOT_SIZE);
  return (
    isWithin(s, PLAYER_X, 0, LAST) &&
    isWithin(s, PLAYER_Y, FIRST_ROW, NUM_SLOTS) &&
    isWithin(s, TERMINAL, 0, 1) &&
    [SPAWN_SPEED, MOVE_SPEED].every((word) => isWithin(s, word, 1, START.spawnSpeed)) &&
    [SPAWN_TIMER, MOVE_TIMER].every((word) => isWithin(s, word, 0, START.spawnSpeed)) &&
    slots.every((at) => isWithin(s, at + KIND, NONE, GOLD) && isWithin(s, at + MOVES_RIGHT, 0, 1)) &&
    slots.every((at) => s[at + KIND] === NONE || isWithin(s, at + X, 0, LAST))
  );
}
