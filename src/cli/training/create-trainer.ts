import { availableParallelism } from "node:os";
import { createPpoTrainer } from "../../../agents/ppo/create-ppo-trainer.ts";
import type { Trainer } from "../../../agents/trainer.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { RunConfig } from "../run-config.ts";

/** What computes, and how it tells the user about itself. */
export interface ComputeOptions {
  /** threads; changes nothing but speed; absent: what the machine has */
  readonly workers?: number;
  /** our kernels, or TensorFlow.js in one thread (equal up to rounding) */
  readonly executor?: "wasm" | "tfjs";
  readonly announce?: (message: string) => void;
}

/** The learner of a run, where `checkpoint` left off. */
export async function createTrainer(
  config: RunConfig,
  checkpoint: Checkpoint | null,
  { workers = defaultWorkers(config.algo.numShards), ...compute }: ComputeOptions = {},
): Promise<Trainer> {
  const options = { ...compute, numWorkers: workers };
  if (checkpoint === null) return createPpoTrainer(config, options);
  const { policy, optimizer, trainer } = checkpoint;
  return createPpoTrainer(config, { ...options, resume: { policy, state: { optimizer, trainer } } });
}

/** As many workers as there are cores, but no more than shards to compute. */
export const defaultWorkers = (numShards: number): number => Math.max(1, Math.min(availableParallelism(), numShards));
