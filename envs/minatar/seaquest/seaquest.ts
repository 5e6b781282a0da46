import { type Game, type GameRandom, SHARED, isWithin } from "../game.ts";
import { paintSeaquest } from "./paint.ts";
import type { RecordList } from "./record-list.ts";
import { SEAQUEST } from "./state.ts";

const { DOWN, FIRE, GRID, LEFT, NOOP, OWN, RIGHT, TERMINAL, UP } = SHARED;
const { OXYGEN, DIVERS_CARRIED, SUB_X, SUB_Y, FACES_RIGHT, SHOT_TIMER, IS_SURFACED } = SEAQUEST;
const { ENEMY_SPAWN_SPEED, ENEMY_SPAWN_TIMER, DIVER_SPAWN_TIMER, MOVE_SPEED, RAMP_INDEX } = SEAQUEST;
const { FRIENDLY_BULLETS, ENEMY_BULLETS, FISH, ENEMY_SUBS, DIVERS, STATE_SIZE } = SEAQUEST;
const { X, Y, MOVES_RIGHT, TIMER, ENEMY_SHOT_TIMER, MAX_OXYGEN, MAX_DIVERS, SEA_FLOOR } = SEAQUEST;

const LAST = GRID - 1;
const FIRST_SPAWN_SPEED = 20;
const FIRST_MOVE_SPEED = 5;
const DIVER_INTERVAL = 30;
const DIVER_MOVE_INTERVAL = 5;
const SHOT_INTERVAL = 5;
const ENEMY_SHOT_INTERVAL = 10;

/** Seaquest: shoot what swims, save divers, breathe. Rules in this folder's README. */
export const seaquest: Game = {
  name: "Seaquest",
  channels: [
    "sub_front",
    "sub_back",
    "friendly_bullet",
    "trail",
    "enemy_bullet",
    "enemy_fish",
    "enemy_sub",
    "oxygen_gauge",
    "diver_gauge",
    "diver",
  ],
  minimalActions: [NOOP, LEFT, UP, RIGHT, DOWN, FIRE],
  stateSize: STATE_SIZE,
  reset,
  step,
  observe,
  isPossible,
  paint: paintSeaquest,
};

function reset(s: Int32Array): void {
  s.fill(0, OWN);
  s[TERMINAL] = 0;
  s[OXYGEN] = MAX_OXYGEN;
  s[SUB_X] = 5;
  s[ENEMY_SPAWN_SPEED] = s[ENEMY_SPAWN_TIMER] = FIRST_SPAWN_SPEED;
  s[DIVER_SPAWN_TIMER] = DIVER_INTERVAL;
  s[MOVE_SPEED] = FIRST_MOVE_SPEED;
  s[IS_SURFACED] = 1;
}

function step(s: Int32Array, action: number, isRamping: boolean, random: GameRandom): number {
  if (s[ENEMY_SPAWN_TIMER] === 0) {
    spawnEnemy(s, random);
    s[ENEMY_SPAWN_TIMER] = s[ENEMY_SPAWN_SPEED]!;
  }
  if (s[DIVER_SPAWN_TIMER] === 0) {
    spawnDiver(s, random);
    s[DIVER_SPAWN_TIMER] = DIVER_INTERVAL;
  }
  moveSub(s, action);
  let reward = 0;
  for (let i = FRIENDLY_BULLETS.count(s) - 1; i >= 0; i--) reward += moveFriendlyBullet(s, i);
  for (let i = DIVERS.count(s) - 1; i >= 0; i--) moveDiver(s, i);
  for (let i = ENEMY_SUBS.count(s) - 1; i >= 0; i--) reward += moveEnemySub(s, i);
  for (let i = ENEMY_BULLETS.count(s) - 1; i >= 0; i--) moveEnemyBullet(s, i);
  for (let i = FISH.count(s) - 1; i >= 0; i--) reward += moveFish(s, i);
  for (const timer of TIMERS) if (s[timer]! > 0) s[timer]!--;
  return reward + breathe(s, isRamping);
}

const TIMERS = [ENEMY_SPAWN_TIMER, DIVER_SPAWN_TIMER, SHOT_TIMER] as const;

/** A fish or submarine enters, unless one that swims the other way is in its row. */
function spawnEnemy(s: Int32Array, random: GameRandom): void {
  const movesRight = random.random() < 1 / 2 ? 1 : 0;
  const isSub = random.random() < 1 / 3;
  const y = random.randint(1, SEA_FLOOR + 1);
  if (hasOpposing(s, FISH, y, movesRight) || hasOpposing(s, ENEMY_SUBS, y, movesRight)) return;
  const at = enter(s, isSub ? ENEMY_SUBS : FISH, y, movesRight);
  s[at + TIMER] = s[MOVE_SPEED]!;
  if (isSub) s[at + ENEMY_SHOT_TIMER] = ENEMY_SHOT_INTERVAL;
}

function spawnDiver(s: Int32Array, random: GameRandom): void {
  const movesRight = random.random() < 1 / 2 ? 1 : 0;
  const at = enter(s, DIVERS, random.randint(1, SEA_FLOOR + 1), movesRight);
  s[at + TIMER] = DIVER_MOVE_INTERVAL;
}

function hasOpposing(s: Int32Array, list: RecordList, y: number, movesRight: number): boolean {
  for (let i = 0; i < list.count(s); i++) {
    const at = list.record(i);
    if (s[at + Y] === y && s[at + MOVES_RIGHT] !== movesRight) return true;
  }
  return false;
}

/** Appends a record at the border it swims in from and returns where it begins. */
function enter(s: Int32Array, list: RecordList, y: number, movesRight: number): number {
  return place(s, list, movesRight === 1 ? 0 : LAST, y, movesRight);
}

function place(s: Int32Array, list: RecordList, x: number, y: number, movesRight: number): number {
  const at = list.append(s);
  s[at + X] = x;
  s[at + Y] = y;
  s[at + MOVES_RIGHT] = movesRight;
  return at;
}

function moveSub(s: Int32Array, action: number): void {
  if (action === FIRE && s[SHOT_TIMER] === 0) {
    place(s, FRIENDLY_BULLETS, s[SUB_X]!, s[SUB_Y]!, s[FACES_RIGHT]!);
    s[SHOT_TIMER] = SHOT_INTERVAL;
  } else if (action === LEFT) {
    s[SUB_X] = Math.max(0, s[SUB_X]! - 1);
    s[FACES_RIGHT] = 0;
  } else if (action === RIGHT) {
    s[SUB_X] = Math.min(LAST, s[SUB_X]! + 1);
    s[FACES_RIGHT] = 1;
  } else if (action === UP) {
    s[SUB_Y] = Math.max(0, s[SUB_Y]! - 1);
  } else if (action === DOWN) {
    s[SUB_Y] = Math.min(SEA_FLOOR, s[SUB_Y]! + 1);
  }
}

/** Moves record `at` one cell and returns whether it is still on the grid. */
function swim(s: Int32Array, at: number): boolean {
  s[at + X]! += s[at + MOVES_RIGHT] === 1 ? 1 : -1;
  return s[at + X]! >= 0 && s[at + X]! <= LAST;
}

/** Only the front of the submarine can be hit or pick up. */
function isOnSub(s: Int32Array, at: number): boolean {
  return s[at + X] === s[SUB_X] && s[at + Y] === s[SUB_Y];
}

function moveFriendlyBullet(s: Int32Array, index: number): number {
  const at = FRIENDLY_BULLETS.record(index);
  if (!swim(s, at)) {
    FRIENDLY_BULLETS.removeEqual(s, index);
    return 0;
  }
  const fish = FISH.find(s, s[at + X]!, s[at + Y]!);
  const sub = fish >= 0 ? -1 : ENEMY_SUBS.find(s, s[at + X]!, s[at + Y]!);
  if (fish < 0 && sub < 0) return 0;
  FRIENDLY_BULLETS.removeEqual(s, index);
  if (fish >= 0) FISH.removeEqual(s, fish);
  else ENEMY_SUBS.removeEqual(s, sub);
  return 1;
}

function moveDiver(s: Int32Array, index: number): void {
  const at = DIVERS.record(index);
  const hasRoom = s[DIVERS_CARRIED]! < MAX_DIVERS;
  if (isOnSub(s, at) && hasRoom) {
    pickUp(s, index);
  } else if (s[at + TIMER] !== 0) {
    s[at + TIMER]!--;
  } else {
    s[at + TIMER] = DIVER_MOVE_INTERVAL;
    if (!swim(s, at)) DIVERS.removeEqual(s, index);
    else if (isOnSub(s, at) && hasRoom) pickUp(s, index);
  }
}

function pickUp(s: Int32Array, index: number): void {
  DIVERS.removeEqual(s, index);
  s[DIVERS_CARRIED]!++;
}

/** What became of an enemy in one frame. */
const STAYS = 0;
const LEFT_GRID = 1;
const SHOT = 2;

function moveFish(s: Int32Array, index: number): number {
  const fate = moveEnemy(s, FISH, index);
  if (fate !== STAYS) FISH.removeEqual(s, index);
  return fate === SHOT ? 1 : 0;
}

/** An enemy submarine also shoots, even in the frame it goes; it is removed last, but as it was before it shot. */
function moveEnemySub(s: Int32Array, index: number): number {
  const fate = moveEnemy(s, ENEMY_SUBS, index);
  const gone = fate === STAYS ? -1 : ENEMY_SUBS.firstEqual(s, index);
  const at = ENEMY_SUBS.record(index);
  if (s[at + ENEMY_SHOT_TIMER] === 0) {
    s[at + ENEMY_SHOT_TIMER] = ENEMY_SHOT_INTERVAL;
    place(s, ENEMY_BULLETS, s[at + X]!, s[at + Y]!, s[at + MOVES_RIGHT]!);
  } else {
    s[at + ENEMY_SHOT_TIMER]!--;
  }
  if (gone >= 0) ENEMY_SUBS.removeAt(s, gone);
  return fate === SHOT ? 1 : 0;
}

/** Advances a fish or submarine when its time has come. Touching the player ends the episode; a bullet on its new cell is used up. */
function moveEnemy(s: Int32Array, list: RecordList, index: number): number {
  const at = list.record(index);
  if (isOnSub(s, at)) s[TERMINAL] = 1;
  if (s[at + TIMER] !== 0) {
    s[at + TIMER]!--;
    return STAYS;
  }
  s[at + TIMER] = s[MOVE_SPEED]!;
  if (!swim(s, at)) return LEFT_GRID;
  if (isOnSub(s, at)) {
    s[TERMINAL] = 1;
    return STAYS;
  }
  const bullet = FRIENDLY_BULLETS.find(s, s[at + X]!, s[at + Y]!);
  if (bullet < 0) return STAYS;
  FRIENDLY_BULLETS.removeEqual(s, bullet);
  return SHOT;
}

function moveEnemyBullet(s: Int32Array, index: number): void {
  const at = ENEMY_BULLETS.record(index);
  if (isOnSub(s, at)) s[TERMINAL] = 1;
  if (!swim(s, at)) ENEMY_BULLETS.removeEqual(s, index);
  else if (isOnSub(s, at)) s[TERMINAL] = 1;
}

/** Oxygen and surfacing; returns the reward for divers brought home. */
function breathe(s: Int32Array, isRamping: boolean): number {
  if (s[OXYGEN]! <= 0) s[TERMINAL] = 1;
  if (s[SUB_Y]! > 0) {
    s[OXYGEN]!--;
    s[IS_SURFACED] = 0;
    return 0;
  }
  if (s[IS_SURFACED] === 1) return 0;
  if (s[DIVERS_CARRIED] === 0) {
    s[TERMINAL] = 1;
    return 0;
  }
  return surface(s, isRamping);
}

/** Surfacing costs one diver, always; a full load is worth the oxygen left, in tenths. */
function surface(s: Int32Array, isRamping: boolean): number {
  let reward = 0;
  s[IS_SURFACED] = 1;
  if (s[DIVERS_CARRIED] === MAX_DIVERS) {
    s[DIVERS_CARRIED] = 0;
    reward = oxygenCells(s);
  }
  s[OXYGEN] = MAX_OXYGEN;
  s[DIVERS_CARRIED]!--;
  if (isRamping && (s[ENEMY_SPAWN_SPEED]! > 1 || s[MOVE_SPEED]! > 2)) {
    if (s[MOVE_SPEED]! > 2 && s[RAMP_INDEX]! % 2 === 1) s[MOVE_SPEED]!--;
    if (s[ENEMY_SPAWN_SPEED]! > 1) s[ENEMY_SPAWN_SPEED]!--;
    s[RAMP_INDEX]!++;
  }
  return reward;
}

const NUM_CHANNELS = 10;

function observe(s: Int32Array, obs: Uint8Array, at: number): void {
  obs.fill(0, at, at + GRID * GRID * NUM_CHANNELS);
  const subRow = at + s[SUB_Y]! * GRID * NUM_CHANNELS;
  obs[subRow + s[SUB_X]! * NUM_CHANNELS] = 1;
  const back = s[SUB_X]! + (s[FACES_RIGHT] === 1 ? -1 : 1);
  if (back >= 0 && back <= LAST) obs[subRow + back * NUM_CHANNELS + 1] = 1;
  markAll(s, FRIENDLY_BULLETS, obs, at, 2, false);
  markAll(s, ENEMY_BULLETS, obs, at, 4, false);
  markAll(s, FISH, obs, at, 5, true);
  markAll(s, ENEMY_SUBS, obs, at, 6, true);
  markAll(s, DIVERS, obs, at, 9, true);
  const gauges = at + LAST * GRID * NUM_CHANNELS;
  for (let x = oxygenCells(s) - 1; x >= 0; x--) obs[gauges + x * NUM_CHANNELS + 7] = 1;
  for (let x = LAST - s[DIVERS_CARRIED]!; x < LAST; x++) obs[gauges + x * NUM_CHANNELS + 8] = 1;
}

/** Marks every record of a list in `channel` and, with a trail, the cell behind it in channel 3. */
function markAll(
  s: Int32Array,
  list: RecordList,
  obs: Uint8Array,
  at: number,
  channel: number,
  hasTrail: boolean,
): void {
  for (let i = 0; i < list.count(s); i++) {
    const record = list.record(i);
    const row = at + s[record + Y]! * GRID * NUM_CHANNELS;
    const x = s[record + X]!;
    obs[row + x * NUM_CHANNELS + channel] = 1;
    const behind = x + (s[record + MOVES_RIGHT] === 1 ? -1 : 1);
    if (hasTrail && behind >= 0 && behind <= LAST) obs[row + behind * NUM_CHANNELS + 3] = 1;
  }
}

/** Tenths of a full tank, as the gauge shows and a rescue pays. */
function oxygenCells(s: Int32Array): number {
  return Math.floor((Math.max(0, s[OXYGEN]!) * GRID) / MAX_OXYGEN);
}

function isPossible(s: Int32Array): boolean {
  return (
    isWithin(s, SUB_X, 0, LAST) &&
    isWithin(s, SUB_Y, 0, SEA_FLOOR) &&
    isWithin(s, OXYGEN, -1, MAX_OXYGEN) &&
    s[DIVERS_CARRIED]! <= MAX_DIVERS &&
    isWithin(s, ENEMY_SPAWN_SPEED, 1, FIRST_SPAWN_SPEED) &&
    isWithin(s, MOVE_SPEED, 2, FIRST_MOVE_SPEED) &&
    [ENEMY_SPAWN_TIMER, DIVER_SPAWN_TIMER, SHOT_TIMER].every((word) => isWithin(s, word, 0, DIVER_INTERVAL)) &&
    [FACES_RIGHT, IS_SURFACED, TERMINAL].every((word) => isWithin(s, word, 0, 1)) &&
    [FRIENDLY_BULLETS, ENEMY_BULLETS, FISH, ENEMY_SUBS, DIVERS].every((list) => isPossibleList(s, list))
  );
}

function isPossibleList(s: Int32Array, list: RecordList): boolean {
  if (!isWithin(s, list.at, 0, list.capacity)) return false;
  return Array.from({ length: list.count(s) }, (_, i) => list.record(i)).every(
    (at) => isWithin(s, at + X, 0, LAST) && isWithin(s, at + Y, 0, SEA_FLOOR) && isWithin(s, at + MOVES_RIGHT, 0, 1),
  );
}
