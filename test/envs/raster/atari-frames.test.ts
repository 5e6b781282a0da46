import { describe, expect, test } from "vitest";
import {
  AtariFrames,
  Box,
  createBatchStep,
  Discrete,
  InvalidSnapshot,
  make,
  makeBatch,
  Rasterizer,
  ResetNeeded,
  ValueError,
} from "../../../envs/index.ts";
import type { AtariFramesOptions, Env, Frame, Info } from "../../../envs/index.ts";

/** Bytes as text, which compares faster than element by element. */
const text = (bytes: unknown): string => Buffer.from(bytes as Uint8Array).toString("base64");

/** A world that shows the number of its step as brightness: 10 grey levels a step. Loses a life every `lifeSteps` steps. */
class Counter implements Env<Float32Array, number> {
  readonly observationSpace = new Box(0, 1000) as unknown as Env<Float32Array, number>["observationSpace"];
  readonly actionSpace = new Discrete(3) as unknown as Env<Float32Array, number>["actionSpace"];
  readonly spec = null;
  readonly metadata = { renderFps: 60 };
  count = 0;
  readonly log: string[] = [];
  readonly #end: number;
  readonly #lifeSteps: number;

  constructor(end = 1000, lifeSteps = Infinity) {
    this.#end = end;
    this.#lifeSteps = lifeSteps;
  }

  reset(): [Float32Array, Info] {
    this.log.push("reset");
    this.count = 0;
    return [Float32Array.of(0), this.#info()];
  }

  step(action: number): [Float32Array, number, boolean, boolean, Info] {
    this.log.push(`step ${action}`);
    this.count++;
    return [Float32Array.of(this.count), action === 2 ? -3 : 2, this.count >= this.#end, false, this.#info()];
  }

  render(): Frame {
    const level = 10 * this.count;
    const view = { x: 0, y: 0, width: 1, height: 1 };
    return { view, yAxis: "up", background: (level << 16) | (level << 8) | level, primitives: [] };
  }

  snapshot(): Uint8Array {
    return Uint8Array.of(this.count);
  }

  restore(bytes: Uint8Array): void {
    this.count = bytes[0]!;
  }

  close(): void {}

  #info(): Info {
    return { lives: 3 - Math.floor(this.count / this.#lifeSteps) };
  }
}

const PLAIN: Partial<AtariFramesOptions> = { noopMax: 0, screenSize: 2 };
/** The four pictures of the first pixel. */
const pictures = (obs: Uint8Array): number[] => Array.from(obs.subarray(0, 4));

test("a reset fills the stack; each action steps four times, sums rewards and appends the brighter of the last two pictures", () => {
  const env = new AtariFrames(new Counter(), { ...PLAIN, clipReward: false });
  expect(pictures(env.reset()[0])).toEqual([0, 0, 0, 0]);
  const [obs, reward] = env.step(0);
  expect(reward).toBe(8);
  expect(pictures(obs)).toEqual([0, 0, 0, 40]);
  env.step(0);
  expect(pictures(env.step(0)[0])).toEqual([0, 40, 80, 120]);
  expect(String(env.observationSpace)).toBe("Box(0, 255, (2, 2, 4), uint8)");
  expect(env.metadata.renderFps).toBe(15);
});

test("rewards become their sign unless clipReward is off", () => {
  const env = new AtariFrames(new Counter(), PLAIN);
  env.reset();
  expect([env.step(0)[1], env.step(2)[1]]).toEqual([1, -1]);
});

test("an end within the skip stops at once, shows its last picture and tells the shorter time", () => {
  const inner = new Counter(5);
  const env = new AtariFrames(inner, PLAIN);
  env.reset();
  env.step(0);
  const [obs, , terminated, , info] = env.step(0);
  expect([terminated, inner.count, pictures(obs)]).toEqual([true, 5, [0, 0, 40, 50]]);
  expect(info.elapsedTime).toBe(0.25);
});

test("starts take 1 to noopMax no-ops, the same for the same seed, and begin again where they end the episode", () => {
  const starts = Array.from({ length: 40 }, (_, seed) => {
    const inner = new Counter();
    new AtariFrames(inner, { ...PLAIN, noopMax: 7, noopAction: 1 }).reset({ seed });
    expect(inner.log.slice(1).every((entry) => entry === "step 1")).toBe(true);
    return inner.count;
  });
  expect(new Set(starts)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
  const short = new Counter(2);
  new AtariFrames(short, { ...PLAIN, noopMax: 30 }).reset({ seed: 3 });
  expect(short.log.filter((entry) => entry === "reset").length).toBeGreaterThan(2);
  expect(short.count).toBeLessThan(2);
});

test("with lifeLossTerminates a lost life ends the episode, and reset plays on with one no-op", () => {
  const inner = new Counter(30, 6);
  const env = new AtariFrames(inner, { ...PLAIN, lifeLossTerminates: true });
  env.reset({ seed: 1 });
  expect(env.step(0)[2]).toBe(false);
  expect(env.step(0)[2]).toBe(true);
  expect(inner.count).toBe(6);
  expect(() => env.step(0)).toThrow(ResetNeeded);
  expect(pictures(env.reset()[0])).toEqual([70, 70, 70, 70]);
  expect(inner.count).toBe(7);
  env.reset({ seed: 1 });
  expect(inner.count).toBe(0);
});

test("other stack sizes and a reset after play show only what was seen since", () => {
  const env = new AtariFrames(new Counter(), { ...PLAIN, stackSize: 3, frameSkip: 1 });
  env.reset();
  for (let t = 0; t < 4; t++) env.step(0);
  expect(Array.from(env.step(0)[0].subarray(0, 6))).toEqual([30, 40, 50, 30, 40, 50]);
  expect(Array.from(env.reset()[0])).toEqual(Array.from({ length: 12 }, () => 0));
});

test("wrong options and envs that cannot be seen are refused", () => {
  const inner = new Counter();
  expect(() => new AtariFrames(inner, { frameSkip: 0 })).toThrow(ValueError);
  expect(() => new AtariFrames(inner, { screenSize: 2.5 })).toThrow(
    /AtariFrames.screenSize: got 2.5, expected an integer/,
  );
  expect(() => new AtariFrames(inner, { noopAction: 9 })).toThrow(/noopAction: got 9/);
  expect(() => new AtariFrames(inner, { frameSkips: 1 } as never)).toThrow(/did you mean frameSkip/);
  inner.render = (): never => null as never;
  expect(() => new AtariFrames(inner, PLAIN).reset()).toThrow(/draws nothing/);
  const cartPole = new AtariFrames(make("CartPole-v1"), { ...PLAIN, lifeLossTerminates: true });
  expect(() => cartPole.reset()).toThrow(/needs a number info.lives/);
});

const FRAME_IDS = [
  ...["Asterix", "Breakout", "Freeway", "Seaquest", "SpaceInvaders"].map((name) => `MinAtarFrames/${name}-v1`),
  "CartPoleFrames-v1",
];

describe.each(FRAME_IDS)("%s", (id) => {
  const worldId = id.startsWith("CartPole") ? "CartPole-v1" : id.replace("Frames", "");
  const kwargs = { frameSkip: 3, noopMax: 5, clipReward: true };

  test("single form, batched form and AtariFrames around the world show the same", () => {
    const [batch, single] = [
      makeBatch(id, 2, kwargs, { maxEpisodeSteps: -1 }),
      make(id, kwargs, { maxEpisodeSteps: -1 }),
    ];
    const wrapped = new AtariFrames(make(worldId, {}, { maxEpisodeSteps: -1 }), kwargs);
    const out = createBatchStep(2, batch.singleObservationSpace);
    const size = 84 * 84 * 4;
    batch.reset([7, 8], out);
    const start = text(single.reset({ seed: 8 })[0]);
    expect(text(wrapped.reset({ seed: 8 })[0])).toBe(start);
    expect(text(out.obs.slice(size))).toBe(start);
    for (let t = 0; t < 60; t++) {
      batch.step(Int32Array.of(0, t % 2), out);
      const [obs, reward, terminated] = single.step(t % 2);
      const other = wrapped.step(t % 2);
      expect([text(other[0]), other[1], other[2]]).toEqual([text(obs), reward, terminated]);
      expect([out.reward[1], out.terminated[1]]).toEqual([reward, Number(terminated)]);
      if (terminated) {
        expect(text(out.finalObs.slice(size))).toBe(text(obs));
        const next = text(single.reset()[0]);
        expect(text(wrapped.reset()[0])).toBe(next);
        expect(text(out.obs.slice(size))).toBe(next);
      } else {
        expect(text(out.obs.slice(size))).toBe(text(obs));
      }
    }
    expect(text(batch.snapshot(1))).toBe(text(single.snapshot()));
  });

  test("the newest picture is the world's own picture in grey, and a snapshot continues identically", () => {
    const env = make(id);
    env.reset({ seed: 2 });
    env.step(1);
    const obs = env.step(1)[0] as Uint8Array;
    const raster = new Rasterizer({ width: 84, height: 84, channels: 1, fit: "stretch" });
    expect(text(obs.filter((_, i) => i % 4 === 3))).toBe(text(raster.draw(env.render()!)));
    const other = make(id);
    other.restore(env.snapshot());
    expect(text(other.step(0)[0])).toBe(text(env.step(0)[0]));
    expect(() => other.restore(make(worldId).snapshot())).toThrow(InvalidSnapshot);
  });

  test("unknown or impossible arguments are refused", () => {
    expect(() => make(id, { frameSkip: 0 })).toThrow(ValueError);
    expect(() => make(id, { frameskip: 2 })).toThrow(TypeError);
    expect(() => make(id, { noopAction: 17 })).toThrow(ValueError);
  });
});

test("AtariFrames continues identically from a snapshot, random start included", () => {
  const create = (): AtariFrames<unknown> => new AtariFrames(make("MinAtar/Asterix-v1"), { noopMax: 9 });
  const [env, other] = [create(), create()];
  env.reset({ seed: 4 });
  env.step(2);
  other.restore(env.snapshot());
  expect(text(other.step(2)[0])).toBe(text(env.step(2)[0]));
  expect(text(other.reset()[0])).toBe(text(env.reset()[0]));
  const before = text(other.snapshot());
  const bytes = env.snapshot();
  expect(() => other.restore(bytes.with(100, bytes[100]! ^ 1))).toThrow(InvalidSnapshot);
  expect(text(other.snapshot())).toBe(before);
});
