import { describe, expect, test } from "vitest";
import {
  createBatchStep,
  draw,
  InvalidAction,
  InvalidSnapshot,
  make,
  makeBatch,
  RandomState,
  ResetNeeded,
  rgbArray,
  ValueError,
} from "../../../envs/index.ts";
import { act } from "../../../envs/minatar/act.ts";
import { GameStream } from "../../../envs/minatar/game-stream.ts";
import { SHARED } from "../../../envs/minatar/game.ts";
import { GAMES } from "../../../envs/minatar/games.ts";
import { seaquest } from "../../../envs/minatar/seaquest/seaquest.ts";
import { SEAQUEST } from "../../../envs/minatar/seaquest/state.ts";

const IDS = GAMES.flatMap(({ name }) => [`MinAtar/${name}-v0`, `MinAtar/${name}-v1`]);

/** Bytes as text, which compares faster than element by element. */
const text = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString("base64");

describe.each(IDS)("%s", (id) => {
  test("each env of a batch is the single env of its seed, and snapshots restore between the two", () => {
    const seeds = [3, 2 ** 40, 77];
    const batch = makeBatch(id, 3);
    const out = createBatchStep(3, batch.singleObservationSpace);
    const size = out.obs.length / 3;
    const row = (all: typeof out.obs, i: number): string => text(all.slice(size * i, size * (i + 1)));
    batch.reset(seeds, out);
    let singles = seeds.map(() => make(id));
    singles.forEach((env, i) => expect(text(env.reset({ seed: seeds[i]! })[0])).toBe(row(out.obs, i)));
    const policy = new RandomState(1);
    const numActions = (batch.singleActionSpace as unknown as { n: number }).n;
    let numEnds = 0;
    for (let t = 0; t < 400; t++) {
      const actions = Int32Array.from({ length: 3 }, () => policy.randint(numActions));
      batch.step(actions, out);
      singles.forEach((env, i) => {
        const [obs, reward, terminated, truncated] = env.step(actions[i]);
        if (terminated) expect(row(out.finalObs, i)).toBe(text(obs));
        expect(row(out.obs, i)).toBe(text(terminated ? env.reset()[0] : obs));
        expect([out.reward[i], out.terminated[i], out.truncated[i]]).toEqual([
          reward,
          Number(terminated),
          Number(truncated),
        ]);
        numEnds += Number(terminated);
      });
      if (t % 100 !== 50) continue;
      singles = singles.map((env, i) => {
        expect(text(batch.snapshot(i))).toBe(text(env.snapshot()));
        const other = make(id);
        other.restore(batch.snapshot(i));
        return other;
      });
    }
    if (!id.includes("Freeway")) expect(numEnds).toBeGreaterThan(0);
  });

  test("a seeded reset starts the same stream whatever was played before, sticky action included", () => {
    const play = (env: ReturnType<typeof make>): unknown[] => {
      const start = env.reset({ seed: 5 });
      return [start, ...[2, 1, 0, 2].map((action) => env.step(action))];
    };
    const used = make(id, { stickyActionProb: 0.9 });
    used.reset({ seed: 9 });
    used.step(1);
    expect(play(used)).toEqual(play(make(id, { stickyActionProb: 0.9 })));
  });

  test("a snapshot without randomness is small and draws the same picture; the picture shows the whole grid", () => {
    const env = make(id);
    env.reset({ seed: 1 });
    for (let t = 0; t < 4; t++) env.step(0);
    const bytes = env.snapshot({ random: false });
    expect(bytes.length).toBeLessThan(400);
    const frame = draw(id, bytes);
    expect(frame).toEqual(env.render());
    expect(frame!.view).toEqual({ x: 0, y: 0, width: 10, height: 10 });
    expect(new Set(rgbArray(frame!, 84, 84)).size).toBeGreaterThan(10);
  });

  test("wrong input raises the right error: actions, order, arguments, foreign and damaged snapshots", () => {
    const env = make(id);
    expect(() => env.step(0)).toThrow(ResetNeeded);
    env.reset({ seed: 1 });
    for (const action of [-1, 6, 0.5, NaN, "1"]) expect(() => env.step(action)).toThrow(InvalidAction);
    expect(() => make(id, { stickyActionProb: 1.5 })).toThrow(ValueError);
    expect(() => make(id, { difficultyRamping: 1 })).toThrow(TypeError);
    expect(() => make(id, { stickyActionProbability: 0.1 })).toThrow(/did you mean stickyActionProb/);
    const bytes = env.snapshot();
    const before = env.snapshot();
    const foreign = make("CartPole-v1");
    foreign.reset({ seed: 1 });
    for (const wrong of [new Uint8Array(), foreign.snapshot(), bytes.slice(0, -1), bytes.with(40, bytes[40]! ^ 1)]) {
      expect(() => env.restore(wrong)).toThrow(InvalidSnapshot);
    }
    expect(text(env.snapshot())).toBe(text(before));
  });
});

test("every state that play leads to is possible; shifted or nonsense words are not", () => {
  const difficulty = { stickyActionProb: 0.1, difficultyRamping: true };
  for (const game of GAMES) {
    const [stream, policy] = [new GameStream(4), new RandomState(5)];
    const state = new Int32Array(game.stateSize);
    game.reset(state, stream);
    for (let t = 0; t < 3000; t++) {
      act(game, state, policy.randint(6), difficulty, stream);
      if (!game.isPossible(state)) throw new Error(`${game.name}: impossible after step ${t}: ${state.join(" ")}`);
      if (state[SHARED.TERMINAL] === 1) game.reset(state, stream);
    }
    expect(game.isPossible(state.map((word) => word + 100))).toBe(false);
    expect(game.isPossible(state.map(() => -7))).toBe(false);
  }
});

test("a step after the end changes nothing but the random stream and the last action", () => {
  for (const game of GAMES) {
    const stream = new GameStream(0);
    const state = new Int32Array(game.stateSize);
    game.reset(state, stream);
    state[SHARED.TERMINAL] = 1;
    const before = state.slice();
    expect(act(game, state, 1, { stickyActionProb: 0, difficultyRamping: true }, stream)).toBe(0);
    expect(state).toEqual(before);
    expect(stream.lastAction).toBe(1);
  }
});

test("stickyActionProb 1 always repeats the first executed action, 0 never does", () => {
  const [stream, state] = [new GameStream(0), new Int32Array(GAMES[0]!.stateSize)];
  GAMES[0]!.reset(state, stream);
  act(GAMES[0]!, state, 3, { stickyActionProb: 1, difficultyRamping: true }, stream);
  expect(stream.lastAction).toBe(0);
  act(GAMES[0]!, state, 3, { stickyActionProb: 0, difficultyRamping: true }, stream);
  expect(stream.lastAction).toBe(3);
});

test("Seaquest at its fastest never fills its lists", () => {
  const [stream, state] = [new GameStream(2), new Int32Array(seaquest.stateSize)];
  const { ENEMY_SPAWN_SPEED, MOVE_SPEED, OXYGEN, SUB_X, SUB_Y, FISH, ENEMY_SUBS, ENEMY_BULLETS } = SEAQUEST;
  seaquest.reset(state, stream);
  state[ENEMY_SPAWN_SPEED] = 1;
  state[MOVE_SPEED] = 2;
  const most = [0, 0];
  for (let t = 0; t < 20_000; t++) {
    // Out of everyone's way, with air: nothing is ever removed but at the border.
    state[OXYGEN] = 200;
    state[SUB_X] = 0;
    state[SUB_Y] = 0;
    seaquest.step(state, t % 50 < 25 ? 0 : 5, true, stream);
    state[SHARED.TERMINAL] = 0;
    most[0] = Math.max(most[0]!, FISH.count(state) + ENEMY_SUBS.count(state));
    most[1] = Math.max(most[1]!, ENEMY_BULLETS.count(state));
  }
  expect(most[0]).toBeGreaterThan(15);
  expect(most[0]).toBeLessThan(40);
  expect(most[1]).toBeLessThan(40);
});
