import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { NonFiniteError } from "../../../src/errors.ts";
import { encodeSafetensors } from "../../../src/policy/safetensors.ts";
import type { Evaluation } from "../../../src/run/evaluate-policy.ts";
import { MetricsLog, readMetrics } from "../../../src/run/metrics-log.ts";
import { RunFolder } from "../../../src/run/run-folder.ts";
import { collectRunInfo } from "../../../src/run/run-info.ts";
import { CheckpointConfig, EvaluationConfig } from "../../../src/run/run-plan.ts";
import { summarize } from "../../../src/run/summary.ts";
import {
  type Learner,
  LoopProgress,
  type LoopEnd,
  freshProgress,
  runTrainingLoop,
} from "../../../src/run/training-loop.ts";

/** Learns nothing, but has a state that every iteration changes: w <- 1.5 w + 1, 100 steps each. */
class CountingLearner implements Learner {
  numSteps: number;
  w: number;
  readonly failsAt: number;
  constructor(from: { numSteps: number; w: number } = { numSteps: 0, w: 0 }, failsAt = Infinity) {
    this.numSteps = from.numSteps;
    this.w = from.w;
    this.failsAt = failsAt;
  }
  iterate(): Promise<Record<string, number>> {
    if (this.numSteps >= this.failsAt)
      return Promise.reject(new NonFiniteError({ quantity: "loss", value: NaN, step: this.numSteps }));
    this.numSteps += 100;
    this.w = this.w * 1.5 + 1;
    return Promise.resolve({ episodeReturn: this.w, loss: 1 / this.w });
  }
  policy(): Promise<Uint8Array> {
    return Promise.resolve(encodeSafetensors([{ name: "w", shape: [], data: Float32Array.of(this.w) }]));
  }
  state(): ReturnType<Learner["state"]> {
    const state = Float64Array.of(this.numSteps, this.w);
    return Promise.resolve({ optimizer: [], trainer: new Uint8Array(state.buffer) });
  }
}

/** The same in threads: up to three iterations are done before anybody is told of the first. */
class AheadLearner implements Learner {
  readonly #inner: CountingLearner;
  readonly #untold: { numSteps: number; metrics: Record<string, number> }[] = [];
  numSteps: number;
  constructor(inner: CountingLearner) {
    this.#inner = inner;
    this.numSteps = inner.numSteps;
  }
  get isAtRest(): boolean {
    return this.#untold.length === 0;
  }
  async iterate(untilStep = 0): Promise<Record<string, number>> {
    if (this.isAtRest)
      do {
        const metrics = await this.#inner.iterate();
        this.#untold.push({ numSteps: this.#inner.numSteps, metrics });
      } while (this.#untold.length < 3 && this.#inner.numSteps < untilStep);
    const { numSteps, metrics } = this.#untold.shift()!; // one was made if there was none
    this.numSteps = numSteps;
    return metrics;
  }
  async policy(): Promise<Uint8Array> {
    expect(this.isAtRest, "policy asked for while ahead").toBe(true);
    return this.#inner.policy();
  }
  async state(): ReturnType<Learner["state"]> {
    expect(this.isAtRest, "state asked for while ahead").toBe(true);
    return this.#inner.state();
  }
}

const learnerOf = (trainer: Uint8Array, failsAt?: number): CountingLearner => {
  const [numSteps, w] = new Float64Array(new Uint8Array(trainer).buffer);
  return new CountingLearner({ numSteps: numSteps!, w: w! }, failsAt);
};

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "elegans-loop-"));
});
afterEach(() => rm(path, { recursive: true, force: true }));

const evaluated = (mean: number): Evaluation => {
  const episodes = [{ seed: 1, return: mean, length: 10, terminated: true, truncated: false, isCut: false, info: {} }];
  return { episodes, return: summarize([mean]), length: summarize([10]), stepsPerSecond: 1 };
};

interface Settings {
  readonly failsAt?: number;
  readonly stopReturn?: number;
  readonly returns?: (step: number) => number;
  readonly abortAt?: number;
  readonly isAhead?: boolean;
}

/** Runs the loop in `path`, going on where a run is already there. */
async function run(settings: Settings = {}): Promise<LoopEnd> {
  const isNew = await RunFolder.open(path).then(
    () => false,
    () => true,
  );
  const folder = isNew ? await RunFolder.create(path, await collectRunInfo([]), {}) : await RunFolder.open(path);
  const saved = isNew ? null : await folder.checkpoints.load("latest");
  const counting =
    saved === null ? new CountingLearner(undefined, settings.failsAt) : learnerOf(saved.trainer, settings.failsAt);
  const learner = settings.isAhead ? new AheadLearner(counting) : counting;
  const abort = new AbortController();
  return runTrainingLoop(
    {
      learner,
      folder,
      log: await MetricsLog.open(folder.metricsPath, learner.numSteps),
      totalSteps: 1000,
      evaluation: EvaluationConfig.parse({ every: 250, stopReturn: settings.stopReturn ?? null }),
      checkpoint: CheckpointConfig.parse({ every: 200, keep: 2 }),
      evaluate: (_, step) => Promise.resolve(evaluated((settings.returns ?? Math.sqrt)(step))),
      onProgress: ({ step }) => {
        if (step === settings.abortAt) abort.abort();
      },
      signal: abort.signal,
    },
    saved === null ? freshProgress : LoopProgress.parse(saved.progress),
  );
}

const finalPolicy = async (): Promise<Uint8Array> =>
  (await (await RunFolder.open(path)).checkpoints.load("latest")).policy;

test("a run ends at its total steps, evaluated at the first iteration after every 250 steps and at the end", async () => {
  const end = await run();
  expect(end).toMatchObject({ reason: "steps", latestStep: 1000, progress: { best: Math.sqrt(1000) } });
  const records = await readMetrics(join(path, "metrics.jsonl"));
  expect(records.map((r) => r.step)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  expect(records.filter((r) => r["evalReturn"] !== undefined).map((r) => r.step)).toEqual([300, 600, 900, 1000]);
});

test("the best policy by evaluation is kept when later ones are worse", async () => {
  await run({ returns: (step) => (step === 300 ? 99 : 1) });
  const { checkpoints } = await RunFolder.open(path);
  expect(await checkpoints.resolve("best")).toBe(300);
  expect(await checkpoints.steps()).toEqual([300, 900, 1000]);
});

test("training ends when an evaluation reaches the target", async () => {
  const end = await run({ stopReturn: 24, returns: (step) => step / 25 });
  expect(end).toMatchObject({ reason: "solved", latestStep: 600 });
  expect(await run({ stopReturn: 24 })).toEqual(end); // taken up again, it is still over
});

test.each([100, 300, 500, 700, 900])(
  "interrupted at %d and taken up again, it ends in the same bytes",
  async (abortAt) => {
    await run();
    const expected = await finalPolicy();
    const log = (await readMetrics(join(path, "metrics.jsonl"))).map(({ step, ...r }) => [
      step,
      r["loss"],
      r["evalReturn"],
    ]);
    await rm(path, { recursive: true });
    expect(await run({ abortAt })).toMatchObject({ reason: "interrupted", latestStep: abortAt });
    await run();
    expect(await finalPolicy()).toEqual(expected);
    const again = (await readMetrics(join(path, "metrics.jsonl"))).map(({ step, ...r }) => [
      step,
      r["loss"],
      r["evalReturn"],
    ]);
    expect(again).toEqual(log);
  },
);

test("a number that is not finite stops training, names quantity and step, and leaves the last good checkpoint", async () => {
  const error = await run({ failsAt: 500 }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NonFiniteError);
  const { checkpoints } = await RunFolder.open(path);
  expect(String(error)).toContain("loss became NaN at step 500.");
  expect(String(error)).toContain(`last good checkpoint is ${checkpoints.pathOf(500)}`);
  expect((await checkpoints.load("latest")).step).toBe(500);
});

test("gone wrong in the first update, the untrained state is left", async () => {
  await run({ failsAt: 0 }).catch(() => null);
  expect((await (await RunFolder.open(path)).checkpoints.load("latest")).step).toBe(0);
});

test("a learner that runs ahead is at rest at every evaluation and checkpoint, and gives the same log and bytes", async () => {
  await run();
  const [expected, log] = [await finalPolicy(), await readMetrics(join(path, "metrics.jsonl"))];
  await rm(path, { recursive: true });
  const end = await run({ isAhead: true, abortAt: 400 }); // it is told of 400 while 500, where it must rest, is done
  expect(end).toMatchObject({ reason: "interrupted", latestStep: 500 });
  await run({ isAhead: true });
  expect(await finalPolicy()).toEqual(expected);
  const again = await readMetrics(join(path, "metrics.jsonl"));
  const told = (records: typeof log): unknown => records.map((r) => [r.step, r["loss"], r["evalReturn"]]);
  expect(told(again)).toEqual(told(log));
});
