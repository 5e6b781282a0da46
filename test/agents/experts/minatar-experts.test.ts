import { BREAKOUT, FREEWAY, make } from "gymnasium-js";
import { describe, expect, test } from "vitest";
import { demonstrate } from "../../../agents/experts/demonstrate.ts";
import { expertsFor, findExpert } from "../../../agents/experts/experts.ts";
import { readPosition } from "../../../agents/experts/minatar-position.ts";
import { EnvError } from "../../../src/errors.ts";

interface Played {
  readonly returns: number[];
  readonly lengths: number[];
  readonly hasDied: boolean[];
}

function play(id: string, name: string, episodes: number, kwargs = {}, maxEpisodeSteps = 3000): Played {
  const env = make(id, kwargs, { maxEpisodeSteps });
  const played: Played = { returns: [], lengths: [], hasDied: [] };
  for (const { steps } of demonstrate(env, findExpert(name, id), { seed: 3, episodes })) {
    let [total, length, died] = [0, 0, false];
    for (const step of steps) [total, length, died] = [total + step.reward, length + 1, step.terminated];
    played.returns.push(total);
    played.lengths.push(length);
    played.hasDied.push(died);
  }
  return played;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe("Freeway, timetable", () => {
  test("crosses at least 65 times in every game, sticky actions included (PPO: 63, random: 0.5)", () => {
    expect(Math.min(...play("MinAtar/Freeway-v1", "timetable", 3).returns)).toBeGreaterThanOrEqual(65);
  });

  test("crosses at least 68 times where actions do not stick", () => {
    const { returns } = play("MinAtar/Freeway-v0", "timetable", 1, { stickyActionProb: 0 });
    expect(Math.min(...returns)).toBeGreaterThanOrEqual(68);
  });
});

describe("Freeway, gap", () => {
  test("crosses at least 60 times in a game on average", () => {
    expect(mean(play("MinAtar/Freeway-v1", "gap", 3).returns)).toBeGreaterThanOrEqual(60);
  });

  test("does the same whenever the cars move next", () => {
    const env = make("MinAtar/Freeway-v1");
    const expert = findExpert("gap", "MinAtar/Freeway-v1");
    env.reset({ seed: 4 });
    const { state } = readPosition(env, "gap", "Freeway");
    const timers = Array.from(
      { length: FREEWAY.NUM_CARS },
      (_, car) => FREEWAY.CARS + car * FREEWAY.CAR_SIZE + FREEWAY.TIMER,
    );
    for (let t = 0; t < 200; t++) {
      const action = expert.act(env);
      const kept = timers.map((at) => state[at]!);
      for (const at of timers) state[at] = 0;
      expect(expert.act(env)).toBe(action);
      timers.forEach((at, car) => (state[at] = kept[car]!));
      env.step(action);
    }
  });
});

describe("Breakout, look-ahead", () => {
  test("never misses the ball in 1200 frames and breaks 90 bricks (PPO: 50 in all, random: 0.6)", () => {
    const { returns, hasDied } = play("MinAtar/Breakout-v1", "look-ahead", 1, {}, 1200);
    expect(hasDied).toEqual([false]);
    expect(Math.min(...returns)).toBeGreaterThanOrEqual(90);
  });

  test("catches with all six actions and without sticky ones as well", () => {
    expect(play("MinAtar/Breakout-v0", "look-ahead", 1, { stickyActionProb: 0 }, 600).hasDied).toEqual([false]);
  });
});

describe("Breakout, rebound", () => {
  test("breaks 130 bricks on average in 3000 frames", () => {
    expect(mean(play("MinAtar/Breakout-v1", "rebound", 8).returns)).toBeGreaterThanOrEqual(130);
  });

  test("does the same whatever bricks are left", () => {
    const env = make("MinAtar/Breakout-v1");
    const expert = findExpert("rebound", "MinAtar/Breakout-v1");
    env.reset({ seed: 2 });
    const { state } = readPosition(env, "rebound", "Breakout");
    for (let t = 0; t < 200; t++) {
      const action = expert.act(env);
      const bricks = state.slice(BREAKOUT.BRICKS, BREAKOUT.BRICKS + BREAKOUT.BRICK_ROWS);
      state.fill(0, BREAKOUT.BRICKS, BREAKOUT.BRICKS + BREAKOUT.BRICK_ROWS);
      expect(expert.act(env)).toBe(action);
      state.set(bricks, BREAKOUT.BRICKS);
      if (env.step(action)[2]) env.reset();
    }
  });
});

describe("Asterix, foresight", () => {
  test("collects at least 60 gold on average in 1200 frames (PPO: 22, random: 0.6)", () => {
    expect(mean(play("MinAtar/Asterix-v1", "foresight", 4, {}, 1200).returns)).toBeGreaterThanOrEqual(60);
  });

  test("survives 1200 frames at constant difficulty", () => {
    expect(play("MinAtar/Asterix-v0", "foresight", 2, { difficultyRamping: false }, 1200).hasDied).toEqual([
      false,
      false,
    ]);
  });
});

test("each plays its game seen through pictures too, and refuses others and envs that were not reset", () => {
  for (const [game, name] of [
    ["Asterix", "foresight"],
    ["Breakout", "look-ahead"],
    ["Breakout", "rebound"],
    ["Freeway", "timetable"],
    ["Freeway", "gap"],
  ] as const) {
    const id = `MinAtarFrames/${game}-v1`;
    expect(expertsFor(id).map((expert) => expert.name)).toContain(name);
    const expert = findExpert(name, id);
    const [seen, plain] = [make(id, { screenSize: 4 }), make(`MinAtar/${game}-v1`)];
    seen.reset({ seed: 6 });
    plain.reset({ seed: 6 });
    for (let t = 0; t < 20; t++) {
      const action = expert.act(seen);
      expect(action).toBe(expert.act(plain));
      expect(seen.step(action)[1]).toBe(plain.step(action)[1]);
    }
    expect(() => expert.act(make(`MinAtar/${game}-v1`))).toThrow(EnvError);
    const other = make("CartPole-v1");
    other.reset({ seed: 1 });
    expect(() => expert.act(other)).toThrow(/expected a MinAtar .* env that was reset, got .*CartPole/);
    const wrong = make(game === "Asterix" ? "MinAtar/Freeway-v1" : "MinAtar/Asterix-v1");
    wrong.reset({ seed: 1 });
    expect(() => expert.act(wrong)).toThrow(EnvError);
  }
});
