import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultRng } from "gymnasium-js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shouldPrune } from "../../../src/tune/median-pruner.ts";
import { type SearchSpace, parseDimension, placeOf, valueAt } from "../../../src/tune/search-space.ts";
import { Study, type StudyPlan } from "../../../src/tune/study.ts";
import { suggestRandom, suggestTpe } from "../../../src/tune/tpe-sampler.ts";
import { type Trial, ranked } from "../../../src/tune/trial.ts";

const trial = (id: number, over: Partial<Trial> = {}): Trial => ({
  id,
  parameters: {},
  state: "complete",
  value: 0,
  steps: 100,
  progress: [],
  ...over,
});

describe("search space", () => {
  test("ranges, logarithmic and whole ones, and choices are read from text", () => {
    expect(parseDimension("a.b=1e-4..1e-2:log")).toEqual([
      "a.b",
      { kind: "range", low: 1e-4, high: 1e-2, isLog: true, isInteger: false },
    ]);
    expect(parseDimension("n=16..48")[1]).toMatchObject({ low: 16, high: 48, isLog: false, isInteger: true });
    expect(parseDimension("x=-1.5..0.5")[1]).toMatchObject({ low: -1.5, high: 0.5, isInteger: false });
    expect(parseDimension("k=cfc,ltc,3,null")[1]).toEqual({ kind: "choice", options: ["cfc", "ltc", 3, null] });
  });

  test.each(["a", "a=", "=1..2", "a=2..1", "a=1..1", "a=0..1:log", "a=1..b"])("%s is refused", (text) => {
    expect(() => parseDimension(text)).toThrow(`--space ${text}: `);
  });

  test("places and values agree; whole numbers are equally likely, ends included", () => {
    const [, rate] = parseDimension("r=1e-4..1e-2:log");
    expect(valueAt(rate, 0.5)).toBeCloseTo(1e-3, 9);
    if (rate.kind === "range") expect(placeOf(rate, 1e-3)).toBeCloseTo(0.5, 9);
    const [, count] = parseDimension("n=1..4");
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 1000; i++) counts[(valueAt(count, i / 1000) as number) - 1]!++;
    expect(counts).toEqual([250, 250, 250, 250]);
  });
});

describe("sampler", () => {
  const space: SearchSpace = Object.fromEntries(["x=0.0..1.0", "y=1e-4..1.0:log", "k=a,b,c"].map(parseDimension));
  /** best at x = 0.7, y = 0.01, k = b */
  const objective = ({ parameters: p }: Trial): number =>
    -((Number(p["x"]) - 0.7) ** 2) - (Math.log10(Number(p["y"])) + 2) ** 2 / 16 - (p["k"] === "b" ? 0 : 0.3);
  const search = (suggest: typeof suggestTpe, seed: number): number => {
    const trials: Trial[] = [];
    for (let id = 0; id < 60; id++) {
      const next = trial(id, { parameters: suggest(space, trials, defaultRng(1000 * seed + id)) });
      trials.push({ ...next, value: objective(next) });
    }
    return ranked(trials)[0]!.value!;
  };

  test("TPE finds better settings than random search in at least 16 of 20 searches of 60 trials", () => {
    const wins = Array.from({ length: 20 }, (_, seed) => {
      const random = search((dimensions, _trials, rng) => suggestRandom(dimensions, rng), seed);
      return search(suggestTpe, seed) > random;
    }).filter(Boolean).length;
    expect(wins).toBeGreaterThanOrEqual(16);
  });

  test("suggestions lie inside the space and depend on trials and seed alone", () => {
    const trials = Array.from({ length: 30 }, (_, id) =>
      trial(id, { parameters: suggestRandom(space, defaultRng(id)), value: id % 7 }),
    );
    for (let seed = 0; seed < 50; seed++) {
      const found = suggestTpe(space, trials, defaultRng(seed));
      expect(found).toEqual(suggestTpe(space, trials, defaultRng(seed)));
      expect(Number(found["x"]) >= 0 && Number(found["x"]) <= 1).toBe(true);
      expect(Number(found["y"]) >= 1e-4 && Number(found["y"]) <= 1).toBe(true);
      expect(["a", "b", "c"]).toContain(found["k"]);
    }
  });
});

test("ranking: higher return, then fewer steps; trials given up come after complete ones, failed and running ones not at all", () => {
  const trials = [
    trial(0, { value: 5, steps: 90 }),
    trial(1, { value: 5, steps: 50 }),
    trial(2, { value: 9, state: "pruned" }),
    trial(3, { value: null, state: "failed" }),
    trial(4, { value: null, state: "running" }),
    trial(5, { value: 7 }),
  ];
  expect(ranked(trials).map(({ id }) => id)).toEqual([5, 1, 0, 2]);
});

test("pruning: below the median of the completed trials at the same step, after two evaluations and five trials", () => {
  const others = [10, 20, 30, 40, 50].map((top, id) =>
    trial(id, { progress: [[100, top / 2] as [number, number], [200, top], [300, 99]] }),
  );
  const at = (value: number): Pick<Trial, "progress"> => ({
    progress: [
      [100, 0],
      [150, 0],
      [210, value],
    ],
  });
  expect(shouldPrune(at(29), others)).toBe(true);
  expect(shouldPrune(at(30), others)).toBe(false);
  expect(shouldPrune(at(0), others.slice(1))).toBe(false);
  expect(
    shouldPrune(
      {
        progress: [
          [100, 0],
          [210, 0],
        ],
      },
      others,
    ),
  ).toBe(false);
});

describe("study file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "elegans-study-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const plan: StudyPlan = {
    env: "CartPole-v1",
    sampler: "tpe",
    seed: 1,
    space: Object.fromEntries([parseDimension("x=0.0..1.0")]),
    base: { seed: 1 },
  };

  test("a study read again goes on with the same trials and the same next parameters", async () => {
    const path = join(folder, "study.json");
    const study = await Study.create(path, plan);
    const first = await study.next();
    await study.update({ ...first, state: "complete", value: 3, steps: 64, progress: [[64, 3]] });
    const again = (await Study.open(path, plan))!;
    expect(again.trials).toEqual(study.trials);
    expect((await again.next()).parameters).toEqual((await study.next()).parameters);
  });

  test("another plan and a damaged file are refused by name; no file is no study", async () => {
    const path = join(folder, "study.json");
    expect(await Study.open(path, plan)).toBeNull();
    await Study.create(path, plan);
    await expect(Study.open(path, { ...plan, seed: 2 })).rejects.toThrow("begun with another seed");
    await expect(Study.open(path, { ...plan, base: { seed: 3 } })).rejects.toThrow("another set of settings");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.slice(0, -20));
    await expect(Study.open(path, plan)).rejects.toThrow(`${path} is not JSON`);
    await writeFile(path, text.replace('"trials": []', '"trials": [{}]'));
    await expect(Study.open(path, plan)).rejects.toThrow(`${path}: trials.0`);
  });
});
