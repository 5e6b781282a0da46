import { expect, test } from "vitest";
import { ASTERIX } from "../../../envs/minatar/asterix/state.ts";
import { FREEWAY } from "../../../envs/minatar/freeway/state.ts";
import { GameStream } from "../../../envs/minatar/game-stream.ts";
import type { Game } from "../../../envs/minatar/game.ts";
import { SHARED } from "../../../envs/minatar/game.ts";
import { GAMES } from "../../../envs/minatar/games.ts";
import { SEAQUEST } from "../../../envs/minatar/seaquest/state.ts";
import { SPACE_INVADERS } from "../../../envs/minatar/space-invaders/state.ts";

// The numbers of frames that the pages of the games state.

const { NOOP, UP, FIRE } = SHARED;

function started(name: string, seed = 1): { game: Game; state: Int32Array; step: (action?: number) => number } {
  const game = GAMES.find((candidate) => candidate.name === name)!;
  const [state, stream] = [new Int32Array(game.stateSize), new GameStream(seed)];
  game.reset(state, stream);
  return { game, state, step: (action = NOOP) => game.step(state, action, false, stream) };
}

/** Steps at which `word` changes within `numSteps` steps without action. */
function changes(state: Int32Array, step: () => number, word: number, numSteps: number): number[] {
  return Array.from({ length: numSteps }, (_, t) => {
    const before = state[word];
    step();
    return state[word] === before ? -1 : t;
  }).filter((t) => t >= 0);
}

const gaps = (times: readonly number[]): number[] => times.slice(1).map((t, i) => t - times[i]!);

test("Freeway: a car of speed k moves every k + 1 frames, and an episode lasts 2501", () => {
  const { state, step } = started("Freeway");
  for (let car = 0; car < FREEWAY.NUM_CARS; car++) {
    const at = FREEWAY.CARS + car * FREEWAY.CAR_SIZE;
    const speed = Math.abs(state[at + FREEWAY.SPEED]!);
    expect(new Set(gaps(changes(state, step, at + FREEWAY.X, 40)))).toEqual(new Set([speed + 1]));
  }
  let numSteps = 40 * FREEWAY.NUM_CARS;
  for (; state[SHARED.TERMINAL] === 0; numSteps++) step();
  expect(numSteps).toBe(2501);
});

test("Freeway: the chicken moves every third frame at most and is paid at the top", () => {
  const { state, step } = started("Freeway");
  for (let at = FREEWAY.CARS; at < FREEWAY.STATE_SIZE; at += FREEWAY.CAR_SIZE) state[at + FREEWAY.X] = 9;
  const rows = Array.from({ length: 9 }, () => {
    step(UP);
    return state[FREEWAY.CHICKEN_Y];
  });
  expect(rows).toEqual([9, 9, 9, 8, 8, 8, 7, 7, 7]);
});

test("Space Invaders: the whole fleet moves every 12 frames and shoots every 10; one alien moves every frame", () => {
  const { state, step } = started("SpaceInvaders");
  state[SPACE_INVADERS.CANNON_X] = 0;
  const top = SPACE_INVADERS.ALIENS;
  expect(changes(state, step, top, 37)).toEqual([12, 24, 36]);
  const shooting = started("SpaceInvaders");
  expect(changes(shooting.state, shooting.step, SPACE_INVADERS.ENEMY_BULLETS + 3, 12)).toEqual([10, 11]); // comes, goes on
  const alone = started("SpaceInvaders");
  alone.state.fill(0, top + 1, top + 10);
  alone.state[top] = 1 << 8;
  alone.state[SPACE_INVADERS.MOVE_TIMER] = 0;
  expect(changes(alone.state, alone.step, top, 5)).toEqual([0, 1, 2, 3, 4]);
});

test("Space Invaders and Seaquest: holding fire shoots every five frames", () => {
  for (const [name, word] of [
    ["SpaceInvaders", SPACE_INVADERS.SHOT_TIMER],
    ["Seaquest", SEAQUEST.SHOT_TIMER],
  ] as const) {
    const { state, step } = started(name);
    const shots = Array.from({ length: 16 }, (_, t) => {
      const isReady = state[word] === 0;
      step(FIRE);
      return isReady && state[word]! > 0 ? t : -1;
    }).filter((t) => t >= 0);
    expect(shots).toEqual([0, 5, 10, 15]);
  }
});

test("Asterix: something enters every 10 frames and moves every 5", () => {
  const { state, step } = started("Asterix");
  const count = (): number =>
    Array.from({ length: 8 }, (_, i) => state[ASTERIX.SLOTS + i * ASTERIX.SLOT_SIZE + ASTERIX.KIND]!).filter(Boolean)
      .length;
  const counts = Array.from({ length: 31 }, () => (step(), count()));
  expect([counts[9], counts[10], counts[19], counts[20], counts[30]]).toEqual([0, 1, 1, 2, 3]);
  const at = Array.from({ length: 8 }, (_, i) => ASTERIX.SLOTS + i * ASTERIX.SLOT_SIZE).find(
    (slot) => state[slot] !== 0,
  )!;
  expect(new Set(gaps(changes(state, step, at + ASTERIX.X, 21)))).toEqual(new Set([5]));
});

test("Seaquest: an enemy enters every 20 frames and moves every 6; divers come every 30", () => {
  const { state, step } = started("Seaquest");
  const { FISH, ENEMY_SUBS, DIVERS } = SEAQUEST;
  const arrivals: number[] = [];
  const divers: number[] = [];
  for (let t = 0; t < 62; t++) {
    const [enemies, saved] = [FISH.count(state) + ENEMY_SUBS.count(state), DIVERS.count(state)];
    step();
    if (FISH.count(state) + ENEMY_SUBS.count(state) > enemies) arrivals.push(t);
    if (DIVERS.count(state) > saved) divers.push(t);
  }
  expect(divers).toEqual([30, 60]);
  expect(arrivals[0]).toBe(20);
  expect(arrivals.every((t) => t % 20 === 0)).toBe(true);
  const alone = started("Seaquest");
  const fish = FISH.append(alone.state);
  alone.state.set([0, 5, 1, 5], fish); // column, row, moves right, timer
  expect(changes(alone.state, alone.step, fish, 24)).toEqual([5, 11, 17, 23]);
});

test("Seaquest: a full load is paid in tenths of the oxygen left and leaves -1 on board; an empty boat sinks", () => {
  const { state, step } = started("Seaquest");
  state[SEAQUEST.SUB_Y] = 1;
  state[SEAQUEST.IS_SURFACED] = 0;
  state[SEAQUEST.DIVERS_CARRIED] = 6;
  state[SEAQUEST.OXYGEN] = 139;
  expect(step(UP)).toBe(6);
  expect([state[SEAQUEST.DIVERS_CARRIED], state[SEAQUEST.OXYGEN], state[SHARED.TERMINAL]]).toEqual([-1, 200, 0]);
  const empty = started("Seaquest");
  empty.state[SEAQUEST.SUB_Y] = 1;
  empty.state[SEAQUEST.IS_SURFACED] = 0;
  empty.step(UP);
  expect(empty.state[SHARED.TERMINAL]).toBe(1);
});
