import { describe, expect, test, vi } from "vitest";
import {
  Box,
  checkEnv,
  checkEnvironmentsMatch,
  createBatchStep,
  defaultRng,
  Discrete,
  draw,
  InvalidAction,
  InvalidSnapshot,
  make,
  makeBatch,
  parseEnvId,
  ResetNeeded,
} from "../../envs/index.ts";
import { fnv1a } from "../helpers/fnv1a.ts";
import type { BatchStep, Env, Frame, Generator, Info } from "../../envs/index.ts";

// A registry of its own: the one that test files share also holds what they registered.
vi.resetModules();
const { registry } = await import("../../envs/index.ts");
const ids = [...registry.keys()];

/** Steps of a run: fewer where observations are pictures. */
const stepsFor = (id: string, steps: number): number => (/Frames|LaneKeeping/.test(id) ? Math.ceil(steps / 4) : steps);

/** A random action of any action space, float32 where the space has floats. */
function randomAction(env: Env, rng: Generator): number | Float32Array {
  const { actionSpace } = env;
  if (actionSpace instanceof Discrete) return actionSpace.start + rng.integers(actionSpace.n);
  if (actionSpace instanceof Box)
    return Float32Array.from(actionSpace.low, (low, i) => rng.uniform(low, actionSpace.high[i]));
  throw new Error(`no random action for ${String(actionSpace)}`);
}

/** A value with every typed array as its fingerprint: quick to compare, even for pictures. */
function seen(value: unknown): unknown {
  if (ArrayBuffer.isView(value))
    return `${value.constructor.name} ${fnv1a(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))}`;
  if (Array.isArray(value)) return value.map(seen);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, seen(inner)]));
}

interface Trace {
  readonly rows: unknown[];
  readonly ends: number;
}

/** What `steps` random actions show; resets follow ends. */
function trace(env: Env, rng: Generator, steps: number): Trace {
  const rows: unknown[] = [];
  let ends = 0;
  for (let t = 0; t < steps; t++) {
    const [obs, reward, terminated, truncated] = env.step(randomAction(env, rng));
    rows.push(seen(obs), reward, terminated, truncated);
    if (terminated || truncated) {
      ends++;
      rows.push(seen(env.reset()[0]));
    }
  }
  return { rows, ends };
}

function expectValidFrame(frame: Frame | null): void {
  expect(frame).not.toBeNull();
  const { view, primitives, background } = frame!;
  expect(view.width * view.height).toBeGreaterThan(0);
  expect(Number.isInteger(background) && background >= 0 && background <= 0xffffff).toBe(true);
  expect(primitives.length).toBeGreaterThan(0);
  for (const primitive of primitives) {
    for (const [key, value] of Object.entries(primitive)) {
      if (typeof value === "number") expect(Number.isFinite(value), `${primitive.kind}.${key}`).toBe(true);
    }
    if (primitive.kind === "polygon" || primitive.kind === "line") {
      expect(primitive.points.length % 2).toBe(0);
      expect(primitive.points.length).toBeGreaterThanOrEqual(primitive.kind === "line" ? 4 : 6);
      expect(primitive.points.every((value) => Number.isFinite(value))).toBe(true);
    }
    if (primitive.kind === "image") {
      expect(primitive.pixels.length).toBe(primitive.pixelWidth * primitive.pixelHeight * primitive.channels);
    }
  }
}

test("there are worlds to hold to the contract", () => {
  expect(ids.length).toBeGreaterThanOrEqual(7);
});

describe.each(ids)("%s", (id) => {
  test("observations, rewards and infos are what the spaces say", () => {
    const env = make(id);
    const rng = defaultRng(1);
    const [first, info] = env.reset({ seed: 3 });
    expect(env.observationSpace.contains(first)).toBe(true);
    expect(typeof info).toBe("object");
    for (let t = 0; t < stepsFor(id, 60); t++) {
      const [obs, reward, terminated, truncated, stepInfo]: [unknown, number, boolean, boolean, Info] = env.step(
        randomAction(env, rng),
      );
      expect(env.observationSpace.contains(obs), `step ${t}`).toBe(true);
      expect(Number.isFinite(reward)).toBe(true);
      expect(stepInfo.elapsedTime ?? 1).toBeGreaterThan(0);
      if (terminated || truncated) env.reset();
    }
    env.close();
    env.close();
  });

  test("the same seed and actions give the same episodes, another seed other ones", () => {
    const run = (seed: number): Trace => {
      const env = make(id);
      const [first] = env.reset({ seed });
      const { rows, ends } = trace(env, defaultRng(2), stepsFor(id, 150));
      return { rows: [seen(first), ...rows], ends };
    };
    expect(run(7)).toEqual(run(7));
    if (!/Freeway|SpaceInvaders/.test(id)) expect(run(7)).not.toEqual(run(8)); // their start and early game hardly draw
  });

  test("a snapshot restores into another env, which then continues identically", () => {
    const env = make(id);
    env.reset({ seed: 11 });
    trace(env, defaultRng(3), 37);
    const bytes = env.snapshot();
    const twin = make(id);
    twin.restore(bytes);
    expect(seen(twin.snapshot())).toEqual(seen(bytes));
    expect(trace(twin, defaultRng(4), stepsFor(id, 120))).toEqual(trace(env, defaultRng(4), stepsFor(id, 120)));
    expect(seen(twin.snapshot())).toEqual(seen(env.snapshot()));
  });

  test("foreign and damaged snapshots are refused and change nothing", () => {
    const env = make(id);
    env.reset({ seed: 12 });
    const good = env.snapshot();
    const damaged = good.slice();
    damaged[good.length >> 1]! ^= 0x10;
    for (const bytes of [new Uint8Array(), Uint8Array.of(1, 2, 3), damaged, good.slice(0, -1)]) {
      expect(() => env.restore(bytes)).toThrow(InvalidSnapshot);
      expect(seen(env.snapshot())).toEqual(seen(good));
    }
  });

  test("the picture is valid, and the same when drawn from the snapshot alone", () => {
    const env = make(id);
    env.reset({ seed: 5 });
    trace(env, defaultRng(6), 20);
    const frame = env.render();
    expectValidFrame(frame);
    expect(seen(draw(id, env.snapshot({ random: false })))).toEqual(seen(frame));
  });

  test("each env of the batched form is the single one, snapshots included", () => {
    const numEnvs = 2;
    const batch = makeBatch(id, numEnvs);
    const out = createBatchStep(numEnvs, batch.singleObservationSpace);
    const D = out.obs.length / numEnvs;
    const row = (all: BatchStep["obs"], i: number): unknown => seen(all.slice(i * D, (i + 1) * D));
    const seeds = [21, 22];
    batch.reset(seeds, out);
    const singles = seeds.map((seed) => {
      const env = make(id);
      const [obs] = env.reset({ seed });
      expect(row(out.obs, seeds.indexOf(seed))).toEqual(seen(obs));
      return env;
    });
    const rng = defaultRng(9);
    for (let t = 0; t < stepsFor(id, 120); t++) {
      const actions = singles.map((env) => randomAction(env, rng));
      const flat =
        typeof actions[0] === "number"
          ? Int32Array.from(actions as number[])
          : Float32Array.from(actions.flatMap((a) => [...(a as Float32Array)]));
      batch.step(flat, out);
      for (const [i, env] of singles.entries()) {
        const [obs, reward, terminated, truncated, info] = env.step(actions[i]);
        const hasEnded = terminated || truncated;
        expect(row(hasEnded ? out.finalObs : out.obs, i)).toEqual(seen(obs));
        expect([out.reward[i], out.terminated[i], out.truncated[i]]).toEqual([
          Math.fround(reward),
          Number(terminated),
          Number(truncated),
        ]);
        expect((hasEnded ? out.finalElapsed : out.elapsed)[i]).toBe(Math.fround(info.elapsedTime ?? 1));
        if (hasEnded) expect(row(out.obs, i)).toEqual(seen(env.reset()[0]));
        if (t % 20 === 17) expect(seen(batch.snapshot(i))).toEqual(seen(env.snapshot()));
      }
    }
    batch.close();
  });

  test("the checker passes", () => {
    checkEnv(make(id));
    checkEnvironmentsMatch(make(id), make(id), stepsFor(id, 40));
  });

  test("wrong use is refused", () => {
    const env = make(id);
    expect(() => env.step(randomAction(env, defaultRng(0)))).toThrow(ResetNeeded);
    env.reset({ seed: 1 });
    for (const wrong of [-1, 1e9, NaN, "up", null, Float32Array.of(1e9)])
      expect(() => env.step(wrong)).toThrow(InvalidAction);
    expect(() => make(id, { noSuchArgument: 1 })).toThrow(/noSuchArgument/);
    expect(parseEnvId(id).version).not.toBeNull();
  });
});
