import type { Trainer } from "../../../agents/trainer.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { ElegansError } from "../../errors.ts";
import type { OpenRun } from "./open-run.ts";
import { type TrainListener, type TrainResult, trainRun } from "./train-run.ts";

/** How a run gets on after a crash. */
export interface Recovery {
  /** a learner that goes on at a checkpoint */
  trainerAt(checkpoint: Checkpoint): Promise<Trainer>;
  note(text: string): void;
}

/** Crashes at one checkpoint after which a run gives up. */
const MOST_CRASHES = 3;

/**
 * Trains a run to its end. Where a training thread crashes (killed by the system, out of memory), threads are started anew and the run goes
 * on from its newest checkpoint, exactly as `--resume` would: the result is the one of a run that never crashed. Gives up, with the crash's
 * error, after three crashes without a new checkpoint. The caller closes the trainer it gave; those made here are closed here.
 */
export async function trainThroughCrashes(
  run: OpenRun,
  first: Trainer,
  listener: TrainListener,
  signal: AbortSignal,
  recovery: Recovery,
): Promise<TrainResult> {
  let [trainer, from, crashes] = [first, run, 0];
  try {
    for (;;) {
      const end = await trainRun(from, trainer, listener, signal).catch(crashOnly);
      if (!(end instanceof ElegansError)) return end;
      const checkpoint = await run.folder.checkpoints.load("latest");
      crashes = checkpoint.step === from.checkpoint?.step ? crashes + 1 : 1;
      if (crashes >= MOST_CRASHES) throw end;
      recovery.note(`A training thread crashed; starting it again and going on from step ${checkpoint.step}.`);
      await trainer.close();
      trainer = await recovery.trainerAt(checkpoint);
      from = { ...run, checkpoint };
    }
  } finally {
    if (trainer !== first) await trainer.close();
  }
}

/** A crash as a value; every other error goes on. */
function crashOnly(error: unknown): ElegansError {
  if (error instanceof ElegansError && error.code === "worker-crashed") return error;
  throw error;
}
