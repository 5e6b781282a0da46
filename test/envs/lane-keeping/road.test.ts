import { expect, test } from "vitest";
import { LanePosition } from "../../../envs/lane-keeping/lane-position.ts";
import { type Difficulty, ROAD_STYLES, type RoadParameters } from "../../../envs/lane-keeping/road-parameters.ts";
import { Road } from "../../../envs/lane-keeping/road.ts";
import { defaultRng } from "../../../envs/index.ts";
import { largest } from "../../helpers/expect-close.ts";

function roadOf(seed: number, difficulty: Difficulty, changes: Partial<RoadParameters> = {}, slows = false): Road {
  const style = ROAD_STYLES[difficulty];
  const road = new Road();
  const parameters = { ...style, length: 1000, closed: false, maxCurvature: 1 / style.minRadius, mirrored: false };
  road.generate(
    defaultRng(seed),
    { ...parameters, ...changes },
    { speed: 15, lateralAcceleration: slows ? 2.5 : null },
  );
  return road;
}

const samples = (road: Road): number[] => Array.from({ length: road.count + 1 }, (_, i) => i);

for (const difficulty of ["easy", "medium", "hard"] as const) {
  test(`${difficulty}: open roads keep their largest curvature, its rate and their heading limit, and never turn back`, () => {
    for (let seed = 0; seed < 20; seed++) {
      const road = roadOf(seed, difficulty);
      const style = ROAD_STYLES[difficulty];
      const pairs = samples(road).slice(1);
      expect(largest(road.curvature)).toBeLessThanOrEqual(1 / style.minRadius + 1e-12);
      expect(largest(pairs.map((i) => road.curvature[i]! - road.curvature[i - 1]!))).toBeLessThanOrEqual(
        style.maxCurvatureRate * road.spacing + 1e-12,
      );
      expect(largest(road.heading)).toBeLessThan(style.maxHeading);
      expect(pairs.every((i) => road.x[i]! > road.x[i - 1]!)).toBe(true);
    }
  });

  test(`${difficulty}: closed roads close in place, direction and curvature`, () => {
    for (let seed = 0; seed < 20; seed++) {
      const road = roadOf(seed, difficulty, { closed: true });
      const n = road.count;
      expect(Math.hypot(road.x[n]! - road.x[0]!, road.y[n]! - road.y[0]!)).toBeLessThan(1e-6);
      expect(Math.abs(road.heading[n]! - road.heading[0]!)).toBeCloseTo(2 * Math.PI, 6);
      expect(road.curvature[n]).toBeCloseTo(road.curvature[0]!, 9);
      expect(largest(road.curvature)).toBeLessThanOrEqual(1.001 / ROAD_STYLES[difficulty].minRadius);
    }
  });
}

test("headings and curvatures are the derivatives of what the samples draw (within 1e-3)", () => {
  for (const closed of [false, true]) {
    const road = roadOf(3, "medium", { closed });
    const inner = samples(road).slice(1, -1);
    const turns = inner.map((i) => {
      const direction = Math.atan2(road.y[i + 1]! - road.y[i - 1]!, road.x[i + 1]! - road.x[i - 1]!);
      const turn = road.heading[i]! - direction;
      return turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
    });
    const bend = (i: number): number => (road.heading[i + 1]! - road.heading[i - 1]!) / (2 * road.spacing);
    expect(largest(turns)).toBeLessThan(1e-3);
    expect(largest(inner.map((i) => bend(i) - road.curvature[i]!))).toBeLessThan(1e-3);
  }
});

test("hard roads have hairpins: more than 2 rad within 60 m", () => {
  const road = roadOf(1, "hard");
  const turns = samples(road).filter(
    (i) => i + 120 <= road.count && Math.abs(road.heading[i + 120]! - road.heading[i]!) > 2,
  );
  expect(turns.length).toBeGreaterThan(0);
});

test("the same seed gives the same road, another seed another one, a mirrored road its mirror image", () => {
  const road = roadOf(5, "medium");
  expect(roadOf(5, "medium").y).toEqual(road.y);
  expect(roadOf(6, "medium").y).not.toEqual(road.y);
  const mirrored = roadOf(5, "medium", { mirrored: true });
  expect(mirrored.x).toEqual(road.x);
  expect(Array.from(mirrored.y)).toEqual(Array.from(road.y, (y) => -y));
});

test("speed profiles stay below the bends' limit and change no faster than a car can", () => {
  for (const closed of [false, true]) {
    const road = roadOf(2, "hard", { closed }, true);
    const pairs = samples(road).slice(1);
    const limit = (i: number): number =>
      Math.min(15, Math.max(3, Math.sqrt(2.5 / Math.max(1e-9, Math.abs(road.curvature[i]!)))));
    expect(pairs.every((i) => road.speed[i]! <= limit(i) + 1e-9)).toBe(true);
    const accelerations = pairs.map((i) => (road.speed[i]! ** 2 - road.speed[i - 1]! ** 2) / (2 * road.spacing));
    expect(Math.min(...accelerations)).toBeGreaterThanOrEqual(-2.5 - 1e-9);
    expect(Math.max(...accelerations)).toBeLessThanOrEqual(1.5 + 1e-9);
  }
});

test("a car put beside the lane is found there: station, offset and heading (within 1 mm and 1 mrad)", () => {
  for (const closed of [false, true]) {
    const road = roadOf(8, "hard", { closed });
    const position = new LanePosition();
    for (let i = 50; i < 1900; i += 37) {
      const station = i * road.spacing;
      const offset = 1.5 * Math.sin(i);
      const heading = road.heading[i]! + 0.1 * Math.cos(i);
      position.reset(station + 0.8 * Math.sin(3 * i));
      const [x, y] = [
        road.x[i]! - offset * Math.sin(road.heading[i]!),
        road.y[i]! + offset * Math.cos(road.heading[i]!),
      ];
      position.update(road, Float64Array.of(x, y, heading));
      expect(Math.abs(position.lateral - offset)).toBeLessThan(1e-3);
      expect(Math.abs(position.headingError - (heading - road.heading[i]!))).toBeLessThan(1e-3);
      expect(Math.abs(position.station - station)).toBeLessThan(1e-2);
    }
  }
});
