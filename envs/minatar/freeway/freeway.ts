import { type Game, type GameRandom, SHARED, isWithin } from "../game.ts";
import { paintFreeway } from "./paint.ts";
import { FREEWAY } from "./state.ts";

const { DOWN, GRID, TERMINAL, UP } = SHARED;

const {
  CHICKEN_Y,
  MOVE_TIMER,
  COUNTDOWN,
  CARS,
  STATE_SIZE,
  NUM_CARS,
  FIRST_ROW,
  CAR_SIZE,
  X,
  TIMER,
  SPEED,
  CHICKEN_X,
} = FREEWAY;

const LAST = GRID - 1;
const CHICKEN_INTERVAL = 3;
const FRAMES = 2500;

/** Freeway: cross the road again and again. Rules in this folder's README. */
export const freeway: Game = {
  name: "Freeway",
  channels: ["chicken", "car", "speed1", "speed2", "speed3", "speed4", "speed5"],
  minimalActions: [0, UP, DOWN],
  stateSize: STATE_SIZE,
  reset,
  step,
  observe,
  isPossible,
  paint: paintFreeway,
};

function reset(s: Int32Array, random: GameRandom): void {
  drawSpeeds(s, random);
  for (let at = CARS; at < STATE_SIZE; at += CAR_SIZE) s[at + X] = 0;
  s[TERMINAL] = 0;
  s[CHICKEN_Y] = LAST;
  s[MOVE_TIMER] = CHICKEN_INTERVAL;
  s[COUNTDOWN] = FRAMES;
}

/** Gives every car a new speed: first all eight amounts, then all eight directions. Places stay. */
function drawSpeeds(s: Int32Array, random: GameRandom): void {
  for (let at = CARS; at < STATE_SIZE; at += CAR_SIZE) s[at + SPEED] = s[at + TIMER] = random.randint(1, 6);
  for (let at = CARS; at < STATE_SIZE; at += CAR_SIZE) s[at + SPEED]! *= Math.sign(random.random() - 0.5);
}

function step(s: Int32Array, action: number, _isRamping: boolean, random: GameRandom): number {
  moveChicken(s, action);
  let reward = 0;
  if (s[CHICKEN_Y] === 0) {
    reward = 1;
    drawSpeeds(s, random);
    s[CHICKEN_Y] = LAST;
  }
  for (let car = 0; car < NUM_CARS; car++) moveCar(s, car);
  if (s[MOVE_TIMER]! > 0) s[MOVE_TIMER]!--;
  s[COUNTDOWN]!--;
  if (s[COUNTDOWN]! < 0) s[TERMINAL] = 1;
  return reward;
}

function moveChicken(s: Int32Array, action: number): void {
  if (s[MOVE_TIMER] !== 0 || (action !== UP && action !== DOWN)) return;
  s[MOVE_TIMER] = CHICKEN_INTERVAL;
  s[CHICKEN_Y] = action === UP ? Math.max(0, s[CHICKEN_Y]! - 1) : Math.min(LAST, s[CHICKEN_Y]! + 1);
}

/** Advances a car when its time has come; the chicken is sent back both by running into it and by being run over. */
function moveCar(s: Int32Array, car: number): void {
  const at = CARS + car * CAR_SIZE;
  hit(s, car);
  if (s[at + TIMER] !== 0) {
    s[at + TIMER]!--;
    return;
  }
  const speed = s[at + SPEED]!;
  s[at + TIMER] = Math.abs(speed);
  s[at + X] = (s[at + X]! + (speed > 0 ? 1 : LAST)) % GRID;
  hit(s, car);
}

function hit(s: Int32Array, car: number): void {
  if (s[CARS + car * CAR_SIZE + X] === CHICKEN_X && car + FIRST_ROW === s[CHICKEN_Y]) s[CHICKEN_Y] = LAST;
}

function observe(s: Int32Array, obs: Uint8Array, at: number): void {
  const channels = 7;
  obs.fill(0, at, at + GRID * GRID * channels);
  obs[at + (s[CHICKEN_Y]! * GRID + CHICKEN_X) * channels] = 1;
  for (let car = 0; car < NUM_CARS; car++) {
    const place = CARS + car * CAR_SIZE;
    const row = at + (car + FIRST_ROW) * GRID * channels;
    const x = s[place + X]!;
    const speed = s[place + SPEED]!;
    obs[row + x * channels + 1] = 1;
    const behind = (x + (speed > 0 ? LAST : 1)) % GRID;
    obs[row + behind * channels + 1 + Math.abs(speed)] = 1;
  }
}

function isPossible(s: Int32Array): boolean {
  const cars = Array.from({ length: NUM_CARS }, (_, car) => CARS + car * CAR_SIZE);
  return (
    isWithin(s, CHICKEN_Y, 0, LAST) &&
    isWithin(s, MOVE_TIMER, 0, CHICKEN_INTERVAL) &&
    isWithin(s, COUNTDOWN, -1, FRAMES) &&
    isWithin(s, TERMINAL, 0, 1) &&
    cars.every((at) => isWithin(s, at + X, 0, LAST) && isWithin(s, at + TIMER, 0, 5) && isWithin(s, at + SPEED, -5, 5))
  );
}
