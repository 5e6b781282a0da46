import { expect, test } from "vitest";
import { formatAddress, parseAddress } from "../../viewer/app/address.ts";
import { decimate } from "../../viewer/chart/decimate.ts";
import { toScreen, toWorld, WHOLE, zoomAt } from "../../viewer/circuit/camera.ts";
import { EpisodeTape } from "../../viewer/episode/episode.ts";
import { advance, AT_START, changeSpeed, seek, stepBy, togglePlay } from "../../viewer/player/player.ts";
import { FIRST_LAYOUT } from "../../viewer/replay/page-layout.ts";
import { pearson } from "../../viewer/replay/correlation.ts";
import { toCsv } from "../../viewer/replay/csv.ts";

test("player: time goes on by wall time × speed × steps per second and stops at the last step", () => {
  const playing = { ...AT_START, isPlaying: true, speed: 2 };
  expect(advance(playing, 100, 500, 50).time).toBe(10);
  expect(advance({ ...playing, time: 498 }, 100, 500, 50)).toMatchObject({ time: 499, isPlaying: false });
  expect(advance({ ...playing, time: 498, isLooping: true }, 100, 500, 50)).toMatchObject({ time: 8, isPlaying: true });
  expect(advance(AT_START, 100, 500, 50)).toBe(AT_START);
  expect(advance(playing, 100, 0, 50)).toBe(playing);
  expect(advance({ ...playing, isLooping: true }, 100, 1, 50).time).toBe(0);
});

test("player: seeking is cut to the episode, stepping stops on whole steps, playing at the end starts over", () => {
  expect(seek(AT_START, 1e9, 500).time).toBe(499);
  expect(seek(AT_START, -3, 500).time).toBe(0);
  expect(stepBy({ ...AT_START, time: 7.6, isPlaying: true }, -1, 500)).toMatchObject({ time: 6, isPlaying: false });
  expect(togglePlay({ ...AT_START, time: 499 }, 500)).toMatchObject({ time: 0, isPlaying: true });
  expect(togglePlay({ ...AT_START, time: 20 }, 500)).toMatchObject({ time: 20, isPlaying: true });
  expect([changeSpeed(AT_START, 1).speed, changeSpeed(AT_START, -1).speed]).toEqual([2, 0.5]);
  expect(changeSpeed({ ...AT_START, speed: 16 }, 1).speed).toBe(16);
});

test("decimating keeps the highest and lowest value of 100,000 points in few", () => {
  const values = Float32Array.from({ length: 100_000 }, (_, t) => Math.sin(t / 500));
  values[31_415] = 9;
  values[27_182] = -9;
  const { x, y } = decimate([{ values, stride: 1, offset: 0 }], 0, 99_999, 400);
  expect(x.length).toBeLessThanOrEqual(800);
  expect(Math.max(...(y[0] ?? []).map(Number))).toBe(9);
  expect(Math.min(...(y[0] ?? []).map(Number))).toBe(-9);
  expect(x.every((t, i) => i === 0 || t >= (x[i - 1] ?? 0))).toBe(true);
});

test("few points come back as they are, column by column; what is not a number is a gap", () => {
  const values = Float32Array.of(0, 10, 1, NaN, 2, 12);
  const series = [0, 1].map((offset) => ({ values, stride: 2, offset }));
  expect(decimate(series, 0, 99, 100)).toEqual({
    x: [0, 1, 2],
    y: [
      [0, 1, 2],
      [10, null, 12],
    ],
  });
  expect(decimate(series, 1, 1, 100)).toEqual({ x: [1], y: [[1], [null]] });
});

test("zooming keeps the point under the pointer where it is", () => {
  const at = { x: 120, y: 40 };
  const camera = zoomAt(zoomAt(WHOLE, at, 1.7), { x: 10, y: 300 }, 2.1);
  const under = toWorld(camera, at);
  expect(toScreen(zoomAt(camera, at, 0.6), under).x).toBeCloseTo(at.x, 9);
  expect(toScreen(zoomAt(camera, at, 0.6), under).y).toBeCloseTo(at.y, 9);
  expect(zoomAt(WHOLE, at, 1e9).zoom).toBe(12);
});

test("an address survives being written and read; nonsense becomes the default", () => {
  const address = {
    view: "inspect",
    source: 2,
    seed: 7,
    step: 123,
    selection: -3,
    recorded: null,
    compared: [],
    speed: 0.25,
    zoom: { from: 20, to: 90 },
    theme: "light",
    layout: {
      centre: "Phase",
      side: "Why",
      traces: "Chosen",
      lines: ["motor.0", "value"],
      places: new Map([
        [3, { x: 0.4213, y: -0.05 }],
        [-2, { x: 1, y: 0.5 }],
      ]),
    },
  } as const;
  expect(parseAddress(formatAddress(address, "t"))).toEqual(address);
  const recorded = { ...address, seed: 1, recorded: { dataset: 1, episode: 40 } };
  expect(parseAddress(formatAddress(recorded, "t"))).toEqual(recorded);
  expect(new URLSearchParams(formatAddress(address, "a b").slice(1)).get("token")).toBe("a b");
  expect(parseAddress("#view=x&run=-1&seed=1e9&step=&neuron=<b>&speed=3&zoom=9-3&theme=pink")).toEqual({
    view: "live",
    source: 0,
    seed: 1,
    step: 0,
    selection: null,
    recorded: null,
    compared: [],
    speed: 1,
    zoom: null,
    layout: FIRST_LAYOUT,
    theme: null,
  });
  const { layout } = parseAddress(
    "#middle=x&side=&traces=all&lines=<b>,neuron.3,neuron.&places=1_2,x_1_1,4_0.5_.5,5_0_1",
  );
  expect(layout).toEqual({ ...FIRST_LAYOUT, lines: ["neuron.3"], places: new Map([[5, { x: 0, y: 1 }]]) });
  const side = {
    ...address,
    view: "compare",
    source: 0,
    seed: 1,
    step: 9,
    selection: null,
    speed: 1,
    zoom: null,
    layout: FIRST_LAYOUT,
  } as const;
  const compared = [0, 3, 12].map((episode) => ({ dataset: 1, episode }));
  expect(parseAddress(formatAddress({ ...side, compared }, "t"))).toEqual({ ...side, compared });
  expect(parseAddress("#view=compare&with=1.2,x,3.,0.5,0.6,0.7,0.8").compared).toHaveLength(4);
});

test("CSV: one line per step with a header; a tape grows past its first size", async () => {
  const shape = { numObs: 1, numNeurons: 2, numMotor: 1, actionSize: 1, isDiscrete: true };
  const tape = new EpisodeTape({ title: "x", envId: "X-v0", stepsPerSecond: 50, shape, circuit: null }, () => null);
  for (let t = 0; t < 1000; t++)
    tape.push(
      {
        obs: Float32Array.of(t),
        state: Float32Array.of(0.5, -0.5),
        motor: Float32Array.of(0.5),
        action: Float32Array.of(t % 2),
        logits: Float32Array.of(1),
        reward: 1,
        value: NaN,
        elapsed: 1,
      },
      Uint8Array.of(t % 256),
    );
  const lines = toCsv(tape).trimEnd().split("\n");
  expect(lines).toHaveLength(1001);
  expect(lines[0]).toBe("step,reward,value,elapsed,action_0,motor_0,logit_0,obs_0,neuron_0,neuron_1");
  expect(lines[1000]).toBe("999,1,,1,1,0.5,1,999,0.5,-0.5");
  expect(tape.row(999).return).toBe(1000);
  expect(await tape.snapshot(300)).toEqual(Uint8Array.of(44));
});

test("correlation: 1 for a line, -1 for its mirror image, 0 for what never changes, 0.5 in a hand-worked case", () => {
  const x = Float32Array.of(1, 2, 3, 4);
  expect(pearson([x, 1, 0], [x.map((v) => 2 * v + 1), 1, 0], 4)).toBeCloseTo(1, 6);
  expect(pearson([x, 1, 0], [x.map((v) => -v), 1, 0], 4)).toBeCloseTo(-1, 6);
  expect(pearson([x, 1, 0], [new Float32Array(4), 1, 0], 4)).toBe(0);
  expect(pearson([Float32Array.of(1, 2, 3), 1, 0], [Float32Array.of(1, 3, 2), 1, 0], 3)).toBeCloseTo(0.5, 6);
  expect(pearson([Float32Array.of(1, 9, 2, 9, 3, 9), 2, 0], [Float32Array.of(1, 3, 2), 1, 0], 3)).toBeCloseTo(0.5, 6);
});
