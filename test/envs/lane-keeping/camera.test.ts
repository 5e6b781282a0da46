import { expect, test } from "vitest";
import { CAMERA_SHAPES, imageSize } from "../../../envs/lane-keeping/camera-shape.ts";
import { Camera } from "../../../envs/lane-keeping/camera.ts";
import { dashCoverage } from "../../../envs/lane-keeping/cross-section.ts";
import { type Look, type LookRanges, drawLook } from "../../../envs/lane-keeping/look.ts";
import { addPixelNoise, occlude, shiftBrightness } from "../../../envs/lane-keeping/pixel-noise.ts";
import { Road } from "../../../envs/lane-keeping/road.ts";
import { ROAD_STYLES } from "../../../envs/lane-keeping/road-parameters.ts";
import { defaultRng } from "../../../envs/index.ts";

const PLAIN: LookRanges = {
  randomLook: false,
  markings: "full",
  lineWear: 0,
  missingMarkings: 0,
  shadows: 0,
  fog: 0,
  brightness: 1,
};

/** A straight road along x. */
function straightRoad(): Road {
  const road = new Road();
  const parameters = {
    ...ROAD_STYLES.easy,
    straightShare: 1,
    length: 500,
    closed: false,
    maxCurvature: 0.01,
    mirrored: false,
  };
  road.generate(defaultRng(0), parameters, { speed: 10, lateralAcceleration: null });
  return road;
}

/** What the full camera sees on a straight one-lane road, from `left` metres off its centre. */
function view(left: number, ranges: Partial<LookRanges> = {}, look: Partial<Look> = {}, heading = 0): Uint8Array {
  const camera = new Camera(CAMERA_SHAPES.full);
  const drawn = { ...drawLook(defaultRng(1), { ...PLAIN, ...ranges }), asphaltGrain: 0, ...look };
  camera.setScene({ laneWidth: 3.5, numLanes: 1, leftHand: false }, drawn);
  const pixels = new Uint8Array(imageSize(CAMERA_SHAPES.full));
  camera.render(pixels, 0, straightRoad(), 100, Float64Array.of(100, left, heading));
  return pixels;
}

/** Columns of a row that are painted white. */
function whiteColumns(pixels: Uint8Array, row: number): number[] {
  const columns: number[] = [];
  for (let u = 0; u < 200; u++) if (pixels[3 * (row * 200 + u) + 2]! > 150) columns.push(u);
  return columns;
}

test("edge lines lie where flat-ground perspective puts them: u = (W - 1)/2 - f y / d (within 1.5 pixels)", () => {
  const { width, height, horizon, above, fieldOfView } = CAMERA_SHAPES.full;
  const focal = width / 2 / Math.tan(fieldOfView / 2);
  for (const left of [0, 0.6, -0.6]) {
    const pixels = view(left);
    for (const row of [40, 50, 60]) {
      const distance = (above * focal) / (row + 0.5 - horizon * height);
      const columnOf = (y: number): number => (width - 1) / 2 - (focal * (y - left)) / distance;
      const white = whiteColumns(pixels, row);
      expect(Math.abs(white[0]! - columnOf(1.75 + 0.075))).toBeLessThan(1.5);
      expect(Math.abs(white.at(-1)! - columnOf(-1.75 - 0.075))).toBeLessThan(1.5);
    }
  }
});

test("turning the car to the left moves the road to the right", () => {
  const straight = whiteColumns(view(0), 40);
  const turned = whiteColumns(view(0, {}, {}, 0.05), 40);
  expect(turned[0]!).toBeGreaterThan(straight[0]! + 3);
});

test("unmarked roads show no paint, worn paint is fainter, missing paint is gone", () => {
  const brightest = (pixels: Uint8Array): number => Math.max(...whiteness(pixels, 50));
  const plain = brightest(view(0));
  expect(whiteColumns(view(0, { markings: "none" }), 50)).toEqual([]);
  expect(brightest(view(0, { lineWear: 1 }))).toBeLessThan(plain - 20);
  expect(whiteColumns(view(0, { missingMarkings: 1 }), 50)).toEqual([]);
});

const whiteness = (pixels: Uint8Array, row: number): number[] =>
  Array.from({ length: 200 }, (_, u) => pixels[3 * (row * 200 + u) + 2]!);

test("brightness, fog and shadows do to the asphalt what they say", () => {
  const middle = (pixels: Uint8Array, row: number): number => pixels[3 * (row * 200 + 100)]!;
  const plain = view(0);
  expect(middle(view(0, { brightness: 0.5 }), 70) / middle(plain, 70)).toBeCloseTo(0.5, 1);
  expect(middle(view(0, { fog: 0.8 }), 25)).toBeGreaterThan(middle(plain, 25) + 20);
  const shaded = view(0, { shadows: 1 }, { shadowShare: 0.5 });
  const rows = Array.from({ length: 40 }, (_, i) => 30 + i);
  expect(rows.some((row) => middle(shaded, row) < 0.5 * middle(plain, row))).toBe(true);
});

test("dashes cover dash / (dash + gap) of a long stretch, all of a dash and none of a gap", () => {
  const style = { dash: 3, gap: 6 };
  expect(dashCoverage(style, 0, 9000)).toBeCloseTo(1 / 3, 9);
  expect(dashCoverage(style, 9.5, 11.5)).toBe(1);
  expect(dashCoverage(style, 4, 8)).toBe(0);
  expect(dashCoverage(style, 2, 4)).toBeCloseTo(0.5, 9);
  expect(dashCoverage({ dash: 1, gap: 0 }, 3, 4)).toBe(1);
});

test("pixel noise has mean 0 and the variance asked for (within 2 %), and repeats with its seed", () => {
  const size = 200_000;
  const noisy = (seed: number): Uint8Array => {
    const pixels = new Uint8Array(size).fill(128);
    addPixelNoise(pixels, 0, size, 0.01, seed);
    return pixels;
  };
  const offsets = Array.from(noisy(7), (v) => (v - 128) / 255);
  const mean = offsets.reduce((a, b) => a + b, 0) / size;
  const variance = offsets.reduce((a, b) => a + (b - mean) ** 2, 0) / size;
  expect(Math.abs(mean)).toBeLessThan(2e-3);
  expect(Math.abs(variance / 0.01 - 1)).toBeLessThan(0.02);
  expect(noisy(7)).toEqual(noisy(7));
  expect(noisy(8)).not.toEqual(noisy(7));
});

test("occlusion greys its share of the image, brightness shifts clip at the ends", () => {
  const shape = { height: 40, width: 100 };
  const pixels = new Uint8Array(40 * 100 * 3).fill(200);
  occlude(pixels, 0, shape, 0.25, 0.5, 0.5);
  expect(pixels.filter((v) => v !== 200).length / pixels.length).toBeCloseTo(0.25, 2);
  shiftBrightness(pixels, 0, pixels.length, 0.5);
  expect(Math.max(...pixels)).toBe(255);
  shiftBrightness(pixels, 0, pixels.length, -1);
  expect(Math.max(...pixels)).toBe(0);
});

test("frames are drawn for every road style, also where hairpins come back through the picture", () => {
  const camera = new Camera(CAMERA_SHAPES.small);
  const pixels = new Uint8Array(imageSize(CAMERA_SHAPES.small));
  for (const difficulty of ["easy", "medium", "hard"] as const) {
    for (const closed of [false, true]) {
      const style = ROAD_STYLES[difficulty];
      const road = new Road();
      const parameters = { ...style, length: 800, closed, maxCurvature: 1 / style.minRadius, mirrored: false };
      road.generate(defaultRng(3), parameters, { speed: 10, lateralAcceleration: null });
      camera.setScene(
        { laneWidth: 3.5, numLanes: 2, leftHand: false },
        drawLook(defaultRng(2), { ...PLAIN, randomLook: true }),
      );
      for (let i = 40; i < road.count; i += 97) {
        pixels.fill(0);
        const state = Float64Array.of(road.x[i]!, road.y[i]!, road.heading[i]! + 0.2 * Math.sin(i));
        camera.render(pixels, 0, road, i * road.spacing, state);
        expect(pixels.filter((v) => v === 0).length).toBeLessThan(pixels.length / 100);
      }
    }
  }
});
