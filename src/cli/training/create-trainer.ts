import { availableParallelism } from "node:os";
import { createPpoTrainer } from "../../../agents/ppo/create-ppo-trainer.ts";
import type { Trainer } from "../../../agents/trainer.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { RunConfig } from "../run-config.ts";

/** The learner of a run, where `checkpoint` left off. `numWorkers` changes nothing but speed; absent: what the machine has. */
export async function createTrainer(
  config: RunConfig,
  checkpoint: Checkpoint | null,
  numWorkers = defaultWorkers(config.algo.numShards),
): Promise<Trainer> {
  if (checkpoint === null) return createPpoTrainer(config, { numWorkers });
  const { policy, optimizer, trainer } = checkpoint;
  return createPpoTrainer(config, { numWorkers, resume: { policy, state: { optimizer, trainer } } });
}

/** As many workers as there are cores, but no more than shards to compute. */
export const defaultWorkers = (numShards: number): number => Math.max(1, Math.min(availableParallelism(), numShards));
