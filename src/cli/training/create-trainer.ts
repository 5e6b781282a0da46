import type { Trainer } from "../../../agents/trainer.ts";
import type { Checkpoint } from "../../checkpoint/checkpoint.ts";
import type { RunConfig } from "../run-config.ts";

/** What computes, and how it tells the user about itself. */
export interface ComputeOptions {
  /** threads; changes nothing but speed; absent: as the learner sees fit */
  readonly workers?: number;
  /** our kernels, or TensorFlow.js in one thread (equal up to rounding) */
  readonly executor?: "wasm" | "tfjs";
  readonly announce?: (message: string) => void;
  /** told again and again how far something is that is not an iteration */
  readonly activity?: (text: string) => void;
}

/** Where a learner starts. */
export interface TrainerStart {
  /** goes on exactly there */
  readonly checkpoint: Checkpoint | null;
  /** policy file whose weights a new run starts from */
  readonly initFrom?: Uint8Array | undefined;
}

/** The learner of a run. Each kind's code is loaded by those who need it. */
export async function createTrainer(
  config: RunConfig,
  { checkpoint, initFrom }: TrainerStart,
  { workers, ...compute }: ComputeOptions = {},
): Promise<Trainer> {
  const { env, policy, algo, seed } = config;
  const resume = checkpoint && {
    policy: checkpoint.policy,
    state: { optimizer: checkpoint.optimizer, trainer: checkpoint.trainer },
  };
  const options = {
    ...compute,
    ...(workers !== undefined && { numWorkers: workers }),
    ...(resume !== null && { resume }),
    ...(initFrom !== undefined && { initFrom }),
  };
  switch (algo.kind) {
    case "ppo": {
      const { createPpoTrainer } = await import("../../../agents/ppo/create-ppo-trainer.ts");
      return createPpoTrainer({ env, policy, algo, seed }, options);
    }
    case "bc": {
      const { createBcTrainer } = await import("../../../agents/bc/create-bc-trainer.ts");
      return createBcTrainer({ env, policy, algo, seed }, options);
    }
    case "dagger": {
      const { createDaggerTrainer } = await import("../../../agents/dagger/create-dagger-trainer.ts");
      return createDaggerTrainer({ env, policy, algo, seed }, options);
    }
    default:
      return algo satisfies never;
  }
}
