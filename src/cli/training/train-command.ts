import { readFile } from "node:fs/promises";
import type { Trainer } from "../../../agents/trainer.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import { importModules } from "../import-modules.ts";
import { makeWorld } from "../make-world.ts";
import { onInterrupt } from "../interrupt.ts";
import type { RunConfig } from "../run-config.ts";
import { readRunPolicy } from "../saved-run.ts";
import type { Terminal } from "../terminal.ts";
import { type ComputeOptions, createTrainer } from "./create-trainer.ts";
import { type OpenRequest, type OpenRun, createRun, existingRun, newConfig, resumeRun } from "./open-run.ts";
import { type TrainingPrinter, printTraining, resultText, returnText, startText } from "./print-training.ts";
import type { TrainListener, TrainResult } from "./train-run.ts";
import { trainThroughCrashes } from "./train-through-crashes.ts";

/** How to train, apart from what. */
export interface TrainingOptions {
  readonly workers?: number;
  readonly executor?: "wasm" | "tfjs";
  readonly view?: boolean;
  readonly port?: number;
  /** run folder or policy file whose weights a new run starts from */
  readonly initFrom?: string;
}

/** Trains a run from its start or from a checkpoint, prints what came out and returns it. A finished run only prints its result again. */
export async function trainCommand(
  request: OpenRequest,
  options: TrainingOptions,
  terminal: Terminal,
): Promise<TrainResult> {
  const printer = printTraining(terminal);
  const compute = computeOptions(options, printer);
  if (!request.resume) {
    const config = await newConfig(request);
    await prepareWorld(config);
    const start = { checkpoint: null, initFrom: await initialPolicy(options.initFrom) };
    const trainer = await createTrainer(config, start, compute);
    return trainAndPrint(() => createRun(request, config), trainer, { ...options, compute, printer }, terminal);
  }
  const existing = await existingRun(request);
  const finished = (await existing.folder.readResult()) as TrainResult | null; // our own file
  if (finished !== null) {
    terminal.say(`This run is finished already.\n${resultText(finished)}`);
    return finished;
  }
  await prepareWorld(existing.config);
  const run = await resumeRun(existing, request.checkpoint);
  const trainer = await createTrainer(run.config, run, compute);
  return trainAndPrint(() => Promise.resolve(run), trainer, { ...options, compute, printer }, terminal);
}

const computeOptions = ({ workers, executor }: TrainingOptions, printer: TrainingPrinter): ComputeOptions => ({
  ...(workers !== undefined && { workers }),
  ...(executor !== undefined && { executor }),
  announce: (message) => printer.note(message),
  activity: (text) => printer.activity(text),
});

/** How a training under way computes and shows itself. */
interface Underway extends TrainingOptions {
  readonly compute: ComputeOptions;
  readonly printer: TrainingPrinter;
}

async function initialPolicy(path: string | undefined): Promise<Uint8Array | undefined> {
  if (path === undefined) return undefined;
  return path.endsWith(".safetensors") ? readFile(path) : (await readRunPolicy(path, "best")).policy;
}

/** Loads what registers the world and makes it once, so that a wrong name or argument is told before anything is written. */
async function prepareWorld(config: RunConfig): Promise<void> {
  const { id, args, imports } = config.env;
  await importModules(imports);
  makeWorld(id, args).close();
}

async function trainAndPrint(
  open: () => Promise<OpenRun>,
  trainer: Trainer,
  options: Underway,
  terminal: Terminal,
): Promise<TrainResult> {
  try {
    const run = await open();
    await trainer.attach?.(run.folder.path);
    terminal.note(startText(run, trainer.numWorkers));
    return options.view
      ? await trainInView(run, trainer, options, terminal)
      : await train(run, trainer, options, terminal);
  } finally {
    await trainer.close();
  }
}

async function train(
  run: OpenRun,
  trainer: Trainer,
  options: Underway,
  terminal: Terminal,
  iteration?: TrainListener["iteration"],
): Promise<TrainResult> {
  const abort = new AbortController();
  const { printer, compute } = options;
  const stopListening = onInterrupt(() => {
    printer.note("Stopping after this iteration; press Ctrl-C again to end at once.");
    abort.abort();
  });
  try {
    const listener = iteration === undefined ? printer : { ...printer, iteration };
    const recovery = {
      trainerAt: (checkpoint: Checkpoint) => createTrainer(run.config, { checkpoint }, compute),
      note: (text: string) => printer.note(text),
    };
    const result = await trainThroughCrashes(run, trainer, listener, abort.signal, recovery);
    printer.clear();
    terminal.say(resultText(result));
    return result;
  } finally {
    printer.clear();
    stopListening();
    await run.lock.release();
  }
}

async function trainInView(
  run: OpenRun,
  trainer: Trainer,
  options: Underway,
  terminal: Terminal,
): Promise<TrainResult> {
  const { serveUntilInterrupt, startViewing } = await import("../viewing/start-viewing.ts");
  const { TrainingSource } = await import("../viewing/training-source.ts");
  const source = new TrainingSource(run.folder.path, run.config, run.folder.checkpoints);
  const server = await startViewing([source], { port: options.port }, terminal);
  try {
    const result = await train(run, trainer, options, terminal, (t, log) => source.refresh(t, log));
    if (result.return === null) return result; // stopped by Ctrl-C: end altogether
    const { policy } = await run.folder.checkpoints.loadPolicy("best");
    source.finish(policy, `return ${returnText(result.return)}`);
    await serveUntilInterrupt(server, terminal);
    return result;
  } finally {
    await server.close();
  }
}
