import type { BatchEnv } from "gymnasium-js";
import type { z } from "zod";
import { envsPerShard, PpoConfig } from "../../agents/ppo/ppo-config.ts";
import { sharedSizes, type PpoJob } from "../../agents/ppo/ppo-worker.ts";
import { SharedMemory } from "../../agents/workers/shared-memory.ts";
import { createPpoWorker } from "../../agents/ppo/start-ppo-worker.ts";
import { InlineTrainer } from "../../agents/workers/inline-trainer.ts";
import type { TrainingStart } from "../../agents/workers/messages.ts";
import type { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { seedTree } from "../../agents/rollout/seed-tree.ts";
import { PolicyConfig } from "../../src/policy/policy-config.ts";
import { policyShape } from "../../src/policy/policy-shape.ts";
import { resolvePolicySpec } from "../../src/policy/resolve-policy-spec.ts";

/** A one-worker PPO job for environments that are not in the registry. */
export function jobFor(
  makeEnv: (numEnvs: number) => BatchEnv,
  algo: z.input<typeof PpoConfig>,
  policy: z.input<typeof PolicyConfig>,
  seed: number,
): PpoJob {
  const env = makeEnv(1);
  const spaces = { observation: env.singleObservationSpace, action: env.singleActionSpace };
  const config = PpoConfig.parse(algo);
  const { wiring } = seedTree(seed, config.numShards, envsPerShard(config));
  const spec = resolvePolicySpec(PolicyConfig.parse(policy), spaces, wiring);
  const sizes = sharedSizes(config, spec, policyShape(spec).vectorLength);
  return { config, spec, seed, numWorkers: 1, memory: new ArrayBuffer(SharedMemory.byteLength(sizes)), sizes };
}

/** A trainer of such a job in the calling thread. */
export const inlinePpo = (
  job: PpoJob,
  makeEnv: (numEnvs: number) => BatchEnv,
  start: TrainingStart | null,
  Network?: typeof PolicyNetwork,
): InlineTrainer => new InlineTrainer(createPpoWorker(job, 0, makeEnv, start, Network));
