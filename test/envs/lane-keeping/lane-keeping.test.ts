import { expect, test } from "vitest";
import {
  InvalidSnapshot,
  ValueError,
  createBatchStep,
  draw,
  make,
  makeBatch,
  summarizeDriving,
} from "../../../envs/index.ts";
import type { Env, Info, Kwargs } from "../../../envs/index.ts";
import { LANE_KEEPING_DEFAULTS } from "../../../envs/lane-keeping/config.ts";

const STATE = { observation: "state" } as const;

/** Steering by the `state` observation: the curvature ahead, back to the centre, along the lane. */
function steer(obs: ArrayLike<number>, at = 0): number {
  return Math.max(-1, Math.min(1, obs[at + 8]! - 0.4 * obs[at]! - 0.6 * obs[at + 1]!));
}

function laneEnv(kwargs: Kwargs = STATE): Env<Float32Array, Float32Array> {
  return make("LaneKeeping-v0", kwargs) as Env<Float32Array, Float32Array>; // by the `state` observation
}

/** Drives up to `steps` with `steer` times `sign`; gives the infos after each step. */
function drive(env: Env<Float32Array, Float32Array>, seed: number, steps: number, gain = 1): Info[] {
  let [obs] = env.reset({ seed });
  const infos: Info[] = [];
  for (let t = 0; t < steps; t++) {
    const [next, , terminated, truncated, info] = env.step(Float32Array.of(gain * steer(obs)));
    infos.push(info);
    obs = next;
    if (terminated || truncated) break;
  }
  return infos;
}

test("by default an observation is a camera image of 39 x 100 x 3 bytes, and full is 78 x 200 x 3", () => {
  expect(make("LaneKeeping-v0").observationSpace.shape).toEqual([39, 100, 3]);
  expect(make("LaneKeeping-v0").observationSpace.dtype).toBe("uint8");
  expect(make("LaneKeeping-v0", { camera: "full" }).observationSpace.shape).toEqual([78, 200, 3]);
});

for (const kwargs of [STATE, {}, { difficulty: "hard", closed: true, vehicle: "kinematic", throttle: true }]) {
  test(`${JSON.stringify(kwargs)}: single and batched forms agree step by step, ends and snapshots included`, () => {
    const seeds = [3, 11];
    const args = { ...kwargs, length: 60, dropRate: 0.2, noiseVariance: 0.01, sideWind: 1 };
    const batch = makeBatch("LaneKeeping-v0", 2, args);
    const out = createBatchStep(2, batch.singleObservationSpace);
    batch.reset(seeds, out);
    const singles = seeds.map((seed) => {
      const env = make("LaneKeeping-v0", args);
      env.reset({ seed });
      return env;
    });
    const size = out.obs.length / 2;
    const width = "throttle" in kwargs ? 2 : 1;
    let numEnds = 0;
    for (let t = 0; t < 260; t++) {
      const actions = Float32Array.from({ length: 2 * width }, (_, i) => (i === 0 ? 0.4 : 0.02) * Math.sin(t / 9));
      batch.step(actions, out);
      for (const [i, env] of singles.entries()) {
        const [next, reward, terminated, truncated, info] = env.step(actions.slice(i * width, (i + 1) * width));
        let obs = next;
        const ended = terminated || truncated;
        expect([out.reward[i], out.terminated[i], out.truncated[i]]).toEqual([
          Math.fround(reward),
          Number(terminated),
          Number(truncated),
        ]);
        expect((ended ? out.finalElapsed : out.elapsed)[i]).toBe(Math.fround(info.elapsedTime ?? 1));
        if (ended) {
          numEnds++;
          expect(batch.finalInfo(i)["metrics"]).toEqual(info["metrics"]);
          obs = env.reset()[0];
        }
        if (t % 20 === 0 || ended) {
          expect(Buffer.compare(Buffer.from(out.obs.slice(i * size, (i + 1) * size).buffer), bytesOf(obs))).toBe(0);
          expect(batch.snapshot(i)).toEqual(env.snapshot());
        }
      }
    }
    expect(numEnds).toBeGreaterThan(1);
  });
}

const bytesOf = (obs: unknown): Buffer => Buffer.from((obs as Float32Array | Uint8Array).slice().buffer);

test("a world restored from a snapshot goes on bit by bit, with the options of its reset", () => {
  const options = { laneWidth: 3, noiseVariance: 0.02, speed: 9 };
  const [env, other] = [make("LaneKeeping-v0"), make("LaneKeeping-v0")];
  env.reset({ seed: 4, options });
  other.reset({ seed: 99 });
  for (let t = 0; t < 40; t++) env.step(Float32Array.of(0.02 * Math.sin(t)));
  other.restore(env.snapshot());
  for (let t = 0; t < 25; t++) {
    const action = Float32Array.of(0.1 * Math.cos(t));
    const [a, b] = [env.step(action), other.step(action)];
    expect(Buffer.compare(bytesOf(a[0]), bytesOf(b[0]))).toBe(0);
    expect(a.slice(1)).toEqual(b.slice(1));
  }
  expect(other.snapshot()).toEqual(env.snapshot());
});

test("snapshots are small, drawing from one is the picture of that moment, damaged ones are refused", () => {
  const env = make("LaneKeeping-v0");
  env.reset({ seed: 1 });
  env.step(Float32Array.of(0.1));
  const snapshot = env.snapshot();
  const picture = env.render();
  env.step(Float32Array.of(-0.5));
  expect(snapshot.length).toBeLessThan(400);
  expect(draw("LaneKeeping-v0", snapshot)).toEqual(picture);
  expect(env.render()).not.toEqual(picture);
  const damaged = snapshot.slice();
  damaged[30]! ^= 1;
  expect(() => env.restore(damaged)).toThrow(InvalidSnapshot);
});

test("two states drawn from one world's snapshots stay apart when one of them is reset", () => {
  const [env, other] = [laneEnv(), laneEnv()];
  drive(env, 1, 30);
  other.restore(env.snapshot());
  other.reset();
  const [a, b] = [drive(env, 2, 30), drive(laneEnv(), 2, 30)];
  expect(a).toEqual(b);
});

test("a mirrored world driven with mirrored actions gives mirrored errors and the same rewards (exactly)", () => {
  for (const vehicle of ["kinematic", "dynamic"]) {
    const args = { ...STATE, vehicle, sideWind: 0.5, steeringOffset: 0.01 };
    const [right, left] = [laneEnv(args), laneEnv({ ...args, mirrored: true })];
    let [obs] = right.reset({ seed: 6 });
    let [mirrored] = left.reset({ seed: 6 });
    for (let t = 0; t < 300; t++) {
      const negative = (values: Float32Array): number[] => Array.from(values, (v) => 0 - v);
      expect(Array.from(mirrored.slice(0, 5), (v) => v + 0)).toEqual(negative(obs.slice(0, 5)));
      expect(Array.from(mirrored.slice(6), (v) => v + 0)).toEqual(negative(obs.slice(6)));
      const action = steer(obs) + 0.1 * Math.sin(t / 5);
      const [a, b] = [right.step(Float32Array.of(action)), left.step(Float32Array.of(-action))];
      expect(b[1]).toBe(a[1]);
      [obs, mirrored] = [a[0], b[0]];
    }
  }
});

test("the lines of a one-lane road are seen mirrored in the mirrored world (within a pixel)", () => {
  const args = { lanes: 1, randomLook: false, shadows: 0, startOffset: 0.4, lineWear: 0 };
  const image = (mirrored: boolean): Uint8Array => {
    const env = make("LaneKeeping-v0", { ...args, mirrored });
    return env.reset({ seed: 12 })[0] as Uint8Array;
  };
  const [plain, mirror] = [image(false), image(true)];
  const white = (pixels: Uint8Array, row: number): number[] =>
    Array.from({ length: 100 }, (_, u) => u).filter((u) => pixels[3 * (row * 100 + u) + 2]! > 140);
  for (const row of [20, 24, 28]) {
    const [columns, mirrored] = [white(plain, row), white(mirror, row)];
    expect(columns.length).toBeGreaterThan(1);
    expect(Math.abs(columns[0]! - (99 - mirrored.at(-1)!))).toBeLessThanOrEqual(1);
    expect(Math.abs(columns.at(-1)! - (99 - mirrored[0]!))).toBeLessThanOrEqual(1);
    expect(Math.abs(columns[0]! - (99 - columns.at(-1)!))).toBeGreaterThan(1); // off the centre, so mirroring shows
  }
});

test("keeping the lane earns about 1 per period; leaving it terminates with the penalty and a crash in the metrics", () => {
  const env = laneEnv();
  let [obs] = env.reset({ seed: 8 });
  let total = 0;
  for (let t = 0; t < 200; t++) {
    const [next, reward] = env.step(Float32Array.of(steer(obs)));
    [obs, total] = [next, total + reward];
  }
  expect(total / 200).toBeGreaterThan(0.9);
  expect(total / 200).toBeLessThanOrEqual(1);
  for (;;) {
    const [, reward, terminated, , info] = env.step(Float32Array.of(1));
    if (!terminated) continue;
    expect(reward).toBeLessThan(-9);
    expect(info["metrics"]).toMatchObject({ crashes: 1 });
    expect(Math.abs(info["lateralError"] as number)).toBeGreaterThan(1.75);
    break;
  }
});

test("a metric sums up over episodes: distances and crashes add, means weigh by steps", () => {
  const episode = { kind: "driving", distanceKm: 1, crashes: 0, numSteps: 100, meanAbsLateralError: 0.1 };
  const rest = { maxAbsLateralError: 0.5, meanAbsHeadingError: 0.02, steeringSmoothness: 0.01 };
  const infos = [
    { metrics: { ...episode, ...rest } },
    { metrics: { ...episode, ...rest, distanceKm: 0.5, crashes: 1, numSteps: 50, meanAbsLateralError: 0.4 } },
    {},
  ];
  const sum = summarizeDriving(infos)!;
  expect(sum["crashesPerKm"]).toBeCloseTo(1 / 1.5, 12);
  expect(sum["meanAbsLateralError"]).toBeCloseTo((0.1 * 100 + 0.4 * 50) / 150, 12);
  expect(sum["maxAbsLateralError"]).toBe(0.5);
  expect(summarizeDriving([{}])).toBeNull();
});

test("an episode is truncated at its distance or its time", () => {
  const far = drive(laneEnv({ ...STATE, length: 100, speed: 10 }), 3, 1e4);
  expect(far.length).toBeCloseTo(300, -1);
  expect(far.at(-1)!["metrics"]).toMatchObject({ crashes: 0 });
  expect(drive(laneEnv({ ...STATE, maxSeconds: 2 }), 3, 1e4).length).toBe(60);
});

test("dropped frames make steps longer: elapsed time grows, the distance per second does not", () => {
  const infos = drive(laneEnv({ ...STATE, dropRate: 0.5, speed: 10 }), 5, 200);
  const elapsed = infos.map((info) => info.elapsedTime ?? 1);
  const total = elapsed.reduce((a, b) => a + b, 0);
  expect(Math.max(...elapsed)).toBeGreaterThanOrEqual(3);
  expect(total / elapsed.length).toBeGreaterThan(1.6);
  expect(infos.at(-1)!["distance"] as number).toBeCloseTo((total / 30) * 10, 0);
});

test("time jitter stays within its bounds and averages out", () => {
  const elapsed = drive(laneEnv({ ...STATE, timeJitter: 0.4 }), 5, 400).map((info) => info.elapsedTime ?? 1);
  expect(Math.min(...elapsed)).toBeGreaterThanOrEqual(0.6);
  expect(Math.max(...elapsed)).toBeLessThanOrEqual(1.4);
  expect(elapsed.reduce((a, b) => a + b, 0) / elapsed.length).toBeCloseTo(1, 1);
});

test("a steering offset and side wind drive an uncorrected car off to their side", () => {
  const end = (kwargs: Kwargs): number => {
    const env = laneEnv({ ...STATE, difficulty: "easy", startOffset: 0, startHeading: 0, speed: 10, ...kwargs });
    env.reset({ seed: 2, options: { roadSeed: 77 } });
    let info: Info = {};
    for (let t = 0; t < 25; t++) info = env.step(Float32Array.of(0))[4];
    return info["lateralError"] as number;
  };
  const still = end({});
  expect(end({ steeringOffset: 0.02 })).toBeGreaterThan(still + 0.05);
  expect(end({ steeringOffset: -0.02 })).toBeLessThan(still - 0.05);
  expect(end({ sideWind: 3 })).not.toBeCloseTo(still, 3);
});

test("reset options vary one episode; roadSeed fixes the road; fixed and wrong ones are refused by name", () => {
  const env = laneEnv();
  expect(env.reset({ seed: 1, options: { speed: 10 } })[1]["speed"]).toBe(10);
  expect(env.reset()[1]["speed"]).not.toBe(10);
  expect(env.reset({ options: { roadSeed: 5 } })[1]["roadSeed"]).toBe(5);
  const refused =
    (options: Kwargs): (() => unknown) =>
    () =>
      env.reset({ options });
  expect(refused({ camera: "full" })).toThrow(/camera is fixed/);
  expect(refused({ speed: -1 })).toThrow(ValueError);
  expect(refused({ speed: -1 })).toThrow(/speed: got -1, expected a number between 3 and 40/);
  expect(refused({ roadSeed: 1.5 })).toThrow(/roadSeed: got 1.5/);
});

test("wrong arguments are refused with the nearest name, or what was expected", () => {
  const refused =
    (kwargs: Kwargs): (() => unknown) =>
    () =>
      make("LaneKeeping-v0", kwargs);
  expect(refused({ dificulty: "hard" })).toThrow(/unknown argument dificulty; did you mean difficulty\?/);
  expect(refused({ difficulty: "harder" })).toThrow(/difficulty: got "harder", expected one of easy, medium, hard/);
  expect(refused({ closed: 1 })).toThrow(/closed: got 1, expected true or false/);
  expect(refused({ speed: [12, 8] })).toThrow(
    /speed: got \[12,8\], expected a number between 3 and 40, or \[low, high\]/,
  );
  expect(refused({ length: [1, 2] })).toThrow(/length: got \[1,2\], expected a number between 50 and 100000/);
  expect(refused({ noiseVariance: Number.NaN })).toThrow(/noiseVariance/);
});

test("every default passes its own check", () => {
  expect(() => make("LaneKeeping-v0", { ...LANE_KEEPING_DEFAULTS })).not.toThrow();
});
