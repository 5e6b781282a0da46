import { ConfigError, FormatError } from "../../src/errors.ts";
import type { PolicyConfig } from "../../src/policy/policy-config.ts";
import { policyShape } from "../../src/policy/policy-shape.ts";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { resolvePolicySpec } from "../../src/policy/resolve-policy-spec.ts";
import { decodePolicy } from "../../src/policy/saved-policy.ts";
import { type EnvChoice, importEnvModules, makeEnvs } from "../rollout/make-env.ts";
import { seedTree } from "../rollout/seed-tree.ts";
import type { Trainer, TrainerState } from "../trainer.ts";
import { type Executor, loadExecutor } from "../workers/load-executor.ts";
import { InlineTrainer } from "../workers/inline-trainer.ts";
import type { TrainingStart } from "../workers/messages.ts";
import { SharedMemory } from "../workers/shared-memory.ts";
import { decodeState } from "../workers/state-file.ts";
import { ThreadedTrainer, workersFor } from "../workers/threaded-trainer.ts";
import { columnsPerMinibatch, envsPerShard, type PpoConfig } from "./ppo-config.ts";
import { type PpoJob, sharedSizes } from "./ppo-worker.ts";
import { createPpoWorker, type PpoThreadData } from "./start-ppo-worker.ts";

/** The parts of a run's config that training by PPO depends on. */
export interface PpoRunConfig {
  readonly env: EnvChoice;
  /** `PolicyConfig.parse(…)` fills in the defaults */
  readonly policy: PolicyConfig;
  /** `PpoConfig.parse(…)` fills in the defaults */
  readonly algo: PpoConfig;
  /** decides wiring, weights, environments, actions and evaluation */
  readonly seed: number;
}

/** How a trainer is started. Nothing here changes results except where it starts from. */
export interface PpoTrainerOptions {
  /** threads; 0 computes in the calling thread (blocking it); default: one per core, at most one per shard, and one alone where updates are small */
  readonly numWorkers?: number;
  /** what computes the policy's sequences: "wasm", our kernels (default), or "tfjs", TensorFlow.js in the calling thread */
  readonly executor?: Executor;
  /** told what the tfjs executor runs on */
  readonly announce?: (message: string) => void;
  /** goes on exactly where a run was saved */
  readonly resume?: { readonly policy: Uint8Array; readonly state: TrainerState };
  /** starts from the weights of a policy file of the same spec (fine-tuning); one without a critic, such as a clone, gets a fresh one */
  readonly initFrom?: Uint8Array;
}

/**
 * A recurrent PPO learner (Schulman et al. 2017, arXiv:1707.06347; advantages by GAE, arXiv:1506.02438). The same config gives the same policy
 * bytes for any number of workers, and whether or not it was resumed.
 *
 * Rejects with ConfigError (such as `ppo-dropout`), EnvError (`import-failed`) or FormatError (such as `other-policy`) where the config, the
 * modules or the saved run do not fit, and with what `makeBatch` throws.
 */
export async function createPpoTrainer(config: PpoRunConfig, options: PpoTrainerOptions = {}): Promise<Trainer> {
  await importEnvModules(config.env);
  const start = startOf(options);
  const spec = resolveSpec(config);
  refuseDropout(spec);
  if (start) checkSpec(spec, start.policy);
  const { executor = "wasm" } = options;
  const { vectorLength } = policyShape(spec);
  const asked = options.numWorkers ?? (isSmall(config.algo, vectorLength) ? 1 : undefined);
  const numWorkers = executor === "tfjs" ? 0 : workersFor(config.algo.numShards, asked);
  const sizes = sharedSizes(config.algo, spec, vectorLength);
  const bytes = SharedMemory.byteLength(sizes);
  const memory = numWorkers === 0 ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
  const { algo, seed, env } = config;
  const job: PpoJob = { config: algo, spec, seed, numWorkers: Math.max(1, numWorkers), memory, sizes };
  if (numWorkers === 0) {
    const Network = await loadExecutor(executor, options.announce);
    return new InlineTrainer(createPpoWorker(job, 0, (numEnvs) => makeEnvs(env, numEnvs), start, Network));
  }
  const thread = (workerIndex: number): PpoThreadData => ({ kind: "ppo", job, env, workerIndex, start });
  return ThreadedTrainer.start(Array.from({ length: numWorkers }, (_, workerIndex) => thread(workerIndex)));
}

/** Weights times rows of one shard's part of a minibatch below which a second thread, which starts and waits, costs more than it brings. */
const SMALL_PRODUCT = 1e6;

const isSmall = (algo: PpoConfig, vectorLength: number): boolean =>
  vectorLength * columnsPerMinibatch(algo) * algo.numSteps < SMALL_PRODUCT;

/** PPO compares a policy with itself a moment ago; with features dropped at random, two passes of the same policy would differ. */
function refuseDropout({ circuit }: PolicySpec): void {
  if (circuit.kind === "cfc-dense" && (circuit.backboneDropout ?? 0) > 0)
    throw new ConfigError(
      "ppo-dropout",
      `policy.circuit.backboneDropout: ${circuit.backboneDropout} came, but PPO learns without dropout; leave it out, or clone`,
    );
}

/**
 * The complete policy description of a PPO run: the user's part and what the environment decides. Modules of `env.imports` must be loaded.
 * Throws ConfigError where policy and spaces do not go together, and what `makeBatch` throws.
 */
export function resolveSpec({ env, policy, algo, seed }: PpoRunConfig): PolicySpec {
  const probe = makeEnvs(env, 1);
  const spaces = { observation: probe.singleObservationSpace, action: probe.singleActionSpace };
  probe.close();
  return resolvePolicySpec(policy, spaces, seedTree(seed, algo.numShards, envsPerShard(algo)).wiring);
}

function startOf({ resume, initFrom }: PpoTrainerOptions): TrainingStart | null {
  if (resume) {
    const { trainer, optimizer } = resume.state;
    return { policy: resume.policy, state: { tensors: decodeState(trainer), optimizer } };
  }
  return initFrom ? { policy: initFrom, state: null } : null;
}

function checkSpec(spec: PolicySpec, policy: Uint8Array): void {
  const saved = decodePolicy(policy).spec;
  for (const key of Object.keys(spec) as (keyof PolicySpec)[])
    if (!(key === "critic" && saved.critic === null) && JSON.stringify(saved[key]) !== JSON.stringify(spec[key]))
      throw new FormatError(
        "other-policy",
        `saved policy, ${key}: ${JSON.stringify(saved[key])}, but this run's is ${JSON.stringify(spec[key])}`,
      );
}
