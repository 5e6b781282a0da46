import { availableParallelism } from "node:os";
import { createBcTrainer } from "../../../agents/bc/create-bc-trainer.ts";
import { createDaggerTrainer } from "../../../agents/dagger/create-dagger-trainer.ts";
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

/** Where a learner starts. */
export interface TrainerStart {
  /** goes on exactly there */
  readonly checkpoint: Checkpoint | null;
  /** policy file whose weights a new run starts from */
  readonly initFrom?: Uint8Array | undefined;
}

/** The learner of a run. */
export async function createTrainer(
  config: RunConfig,
  { checkpoint, initFrom }: TrainerStart,
  { workers = defaultWorkers(config.algo.numShards), ...compute }: ComputeOptions = {},
): Promise<Trainer> {
  const { env, policy, algo, seed } = config;
  const resume = checkpoint && {
    policy: checkpoint.policy,
    state: { optimizer: checkpoint.optimizer, trainer: checkpoint.trainer },
  };
  const options = {
    ...compute,
    numWorkers: workers,
    ...(resume !== null && { resume }),
    ...(initFrom !== undefined && { initFrom }),
  };
  switch (algo.kind) {
    case "ppo":
      return createPpoTrainer({ env, policy, algo, seed }, options);
    case "bc":
      return createBcTrainer({ env, policy, algo, seed }, options);
    case "dagger":
      return createDaggerTrainer({ env, policy, algo, seed }, options);
    default:
      return algo satisfies never;
  }
}

/** As many workers as there are cores, but no more than shards to compute. */
export const defaultWorkers = (numShards: number): number => Math.max(1, Math.min(availableParallelism(), numShards));
