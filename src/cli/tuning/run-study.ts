import type { Trial } from "../../tune/trial.ts";
import { type TrialPlace, runTrial } from "./run-trial.ts";

/** How far a study is to go, and who listens. */
export interface StudyRun extends TrialPlace {
  /** trials in all, those of earlier calls included */
  readonly numTrials: number;
  /** trials at once */
  readonly parallel: number;
  /** a trial begins, or goes on */
  started(trial: Trial): void;
  /** a trial is over, or was interrupted (`running`) */
  ended(trial: Trial): void;
}

/** Runs trials until there are enough: first those that an interruption left, then new ones, `parallel` at a time. */
export async function runStudy(run: StudyRun): Promise<void> {
  const { study, numTrials, parallel, signal } = run;
  const left = study.trials.filter(({ state }) => state === "running");
  const next = async (): Promise<Trial | null> => {
    const interrupted = left.shift();
    if (interrupted !== undefined) return interrupted;
    return study.trials.length < numTrials ? study.next() : null;
  };
  const failure = new AbortController();
  const place = { ...run, signal: AbortSignal.any([signal, failure.signal]) };
  const lane = async (): Promise<void> => {
    while (!place.signal.aborted) {
      const trial = await next();
      if (trial === null) return;
      run.started(trial);
      run.ended(await runTrial(trial, place));
    }
  };
  const stopping = async (): Promise<void> =>
    lane().catch((error: unknown) => {
      failure.abort(); // the others save and stop, too
      throw error;
    });
  const ends = await Promise.allSettled(Array.from({ length: parallel }, stopping));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
