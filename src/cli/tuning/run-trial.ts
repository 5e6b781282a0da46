import { access } from "node:fs/promises";
import { join } from "node:path";
import { ElegansError } from "../../errors.ts";
import { shouldPrune } from "../../tune/median-pruner.ts";
import type { Study } from "../../tune/study.ts";
import type { Trial } from "../../tune/trial.ts";
import type { ConfigRequest } from "../run-config.ts";
import { createTrainer } from "../training/create-trainer.ts";
import { type OpenRequest, type OpenRun, createRun, existingRun, newConfig, resumeRun } from "../training/open-run.ts";
import type { TrainListener } from "../training/train-run.ts";
import { trainThroughCrashes } from "../training/train-through-crashes.ts";

/** What every trial of a study shares. */
export interface TrialPlace {
  readonly study: Study;
  /** folder of the study */
  readonly folder: string;
  readonly request: ConfigRequest;
  readonly isPruned: boolean;
  /** aborted: stop, to go on later */
  readonly signal: AbortSignal;
}

/**
 * Trains one trial in a run folder of its own (`trials/<id>`), one thread, and notes what became of it. A trial that was interrupted goes on
 * where it was. A trial whose numbers blow up or whose settings cannot be is noted as failed; other errors are thrown.
 */
export async function runTrial(trial: Trial, place: TrialPlace): Promise<Trial> {
  try {
    return await trainTrial(trial, place);
  } catch (error) {
    if (!(error instanceof ElegansError) || !["non-finite", "bad-setting"].includes(error.code)) throw error;
    const failed: Trial = { ...trial, state: "failed", message: error.message };
    await place.study.update(failed);
    return failed;
  }
}

async function trainTrial(trial: Trial, { study, folder, request, isPruned, signal }: TrialPlace): Promise<Trial> {
  const run = await openTrial(trial, folder, request);
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  signal.addEventListener("abort", onAbort);
  let [progress, wasPruned] = [[...trial.progress], false];
  const listener: TrainListener = {
    progress: () => {},
    finalEvaluation: () => {},
    evaluation: (evaluation, step) => {
      const best = Math.max(evaluation.return.mean, progress.at(-1)?.[1] ?? -Infinity);
      progress = [...progress.filter(([at]) => at < step), [step, best]];
      wasPruned = isPruned && shouldPrune({ progress }, study.trials);
      if (wasPruned) stop.abort();
    },
  };
  const trainer = await createTrainer(run.config, run, { workers: 1 });
  try {
    const recovery = {
      trainerAt: (checkpoint: OpenRun["checkpoint"]) => createTrainer(run.config, { checkpoint }, { workers: 1 }),
      note: () => {},
    };
    const result = await trainThroughCrashes(run, trainer, listener, stop.signal, recovery);
    const value = result.return?.mean ?? progress.at(-1)?.[1] ?? null;
    const state = result.return !== null ? "complete" : wasPruned ? "pruned" : "running";
    const ended: Trial = { ...trial, state, value: state === "running" ? null : value, steps: result.steps, progress };
    await study.update(ended);
    return ended;
  } finally {
    signal.removeEventListener("abort", onAbort);
    await trainer.close();
    await run.lock.release();
  }
}

async function openTrial({ id, parameters }: Trial, folder: string, base: ConfigRequest): Promise<OpenRun> {
  const run = join(folder, "trials", String(id));
  const sets = Object.entries(parameters).map(([path, value]) => `${path}=${JSON.stringify(value)}`);
  const request: OpenRequest = {
    ...base,
    sets: [...base.sets, ...sets],
    run,
    resume: await hasCheckpoint(run),
    checkpoint: "latest",
    command: ["tune"],
  };
  if (request.resume) return resumeRun(await existingRun(request), "latest");
  return createRun(request, await newConfig(request));
}

const hasCheckpoint = (run: string): Promise<boolean> =>
  access(join(run, "checkpoints", "latest")).then(
    () => true,
    () => false,
  );
