import type { PolicyConfig } from "../../src/policy/policy-config.ts";
import { policyShape } from "../../src/policy/policy-shape.ts";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { resolvePolicySpec } from "../../src/policy/resolve-policy-spec.ts";
import { ConfigError } from "../../src/errors.ts";
import { recordedSpace } from "../../src/recording/space-json.ts";
import { type EnvChoice, importEnvModules, makeEnvs } from "../rollout/make-env.ts";
import { seedTree } from "../rollout/seed-tree.ts";
import type { Trainer, TrainerState } from "../trainer.ts";
import { type Executor, loadExecutor } from "../workers/load-executor.ts";
import { InlineTrainer } from "../workers/inline-trainer.ts";
import type { TrainingStart } from "../workers/messages.ts";
import { SharedMemory } from "../workers/shared-memory.ts";
import { decodeState } from "../workers/state-file.ts";
import { ThreadedTrainer, workersFor } from "../workers/threaded-trainer.ts";
import type { BcConfig } from "./bc-config.ts";
import { type BcJob, bcSharedSizes } from "./bc-worker.ts";
import type { PackedEpisode } from "./packed-episode.ts";
import { type DemonstrationSpaces, readDemonstrations } from "./read-demonstrations.ts";
import { type BcThreadData, splitOf, startBcWorker } from "./start-bc-worker.ts";

/** The parts of a run's config that cloning depends on. */
export interface BcRunConfig {
  readonly env: EnvChoice;
  /** `PolicyConfig.parse(…)` fills in the defaults */
  readonly policy: PolicyConfig;
  /** `BcConfig.parse({ kind: "bc", … })` fills in the defaults */
  readonly algo: BcConfig;
  /** decides wiring, weights and the order of sequences */
  readonly seed: number;
}

/** How a trainer is started. Nothing here changes results except where it starts from. */
export interface BcTrainerOptions {
  /** threads; 0 computes in the calling thread (blocking it); default: one per core, at most one per shard */
  readonly numWorkers?: number;
  /** what computes the policy's sequences: "wasm", our kernels (default), or "tfjs", TensorFlow.js in the calling thread */
  readonly executor?: Executor;
  /** told what the tfjs executor runs on */
  readonly announce?: (message: string) => void;
  /** goes on exactly where a run was saved */
  readonly resume?: { readonly policy: Uint8Array; readonly state: TrainerState };
  /** starts from the weights of a policy file of the same spec */
  readonly initFrom?: Uint8Array;
  /** demonstrations in memory, instead of the dataset in `algo.data` */
  readonly episodes?: readonly PackedEpisode[];
}

/**
 * A learner that imitates recorded experts: behaviour cloning. The same config and data give the same policy bytes for any number of workers,
 * and whether or not it was resumed. The policy has no critic.
 *
 * Rejects with ConfigError (such as `no-data`), EnvError (`import-failed`) or FormatError where config, modules, data or the saved run do not
 * fit, and with what `makeBatch` throws.
 */
export async function createBcTrainer(config: BcRunConfig, options: BcTrainerOptions = {}): Promise<Trainer> {
  await importEnvModules(config.env);
  const episodes = options.episodes ?? (await readData(config));
  return startCloning({ spec: bcSpec(config), algo: config.algo, seed: config.seed, episodes }, options);
}

/** What is to be cloned: everything but how it is computed. */
export interface CloningTask {
  readonly spec: PolicySpec;
  readonly algo: BcConfig;
  readonly seed: number;
  readonly episodes: readonly PackedEpisode[];
}

/** A learner for demonstrations in memory and a complete policy description. Rejects with ConfigError where data or saved run do not fit. */
export async function startCloning(
  { spec, algo, seed, episodes }: CloningTask,
  options: Omit<BcTrainerOptions, "episodes"> = {},
): Promise<Trainer> {
  const { executor = "wasm" } = options;
  const numWorkers = executor === "tfjs" ? 0 : workersFor(algo.numShards, options.numWorkers);
  const sizes = bcSharedSizes(algo, policyShape(spec).vectorLength);
  const bytes = SharedMemory.byteLength(sizes);
  const memory = numWorkers === 0 ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes);
  const job: BcJob = { config: algo, spec, seed, numWorkers: Math.max(1, numWorkers), memory, sizes };
  const start = startOf(options);
  const thread = (workerIndex: number): BcThreadData => ({ kind: "bc", job, episodes, workerIndex, start });
  splitOf(thread(0)); // refuses data that is too short here, before threads start
  if (numWorkers === 0)
    return new InlineTrainer(startBcWorker(thread(0), await loadExecutor(executor, options.announce)));
  return ThreadedTrainer.start(Array.from({ length: numWorkers }, (_, workerIndex) => thread(workerIndex)));
}

type SpecSource = Omit<BcRunConfig, "algo"> & { readonly algo: Pick<BcConfig, "numShards"> };

/** As `resolveSpec` for a cloning run: the same policy, without a critic. Throws as that does. */
export function bcSpec({ env, policy, algo, seed }: SpecSource): PolicySpec {
  const probe = makeEnvs(env, 1);
  const spaces = { observation: probe.singleObservationSpace, action: probe.singleActionSpace };
  probe.close();
  return { ...resolvePolicySpec(policy, spaces, seedTree(seed, algo.numShards, 1).wiring), critic: null };
}

async function readData({ env, algo }: BcRunConfig): Promise<readonly PackedEpisode[]> {
  if (algo.data === "")
    throw new ConfigError("no-data", "algo.data: cloning needs a dataset; elegans record makes one, --data names it");
  return readDemonstrations(algo.data, demonstrationSpaces(env));
}

/** The spaces that demonstrations for an environment must have. Throws ConfigError where they cannot be recorded. */
export function demonstrationSpaces(env: EnvChoice): DemonstrationSpaces {
  const probe = makeEnvs(env, 1);
  const observation = recordedSpace(probe.singleObservationSpace, "observations");
  const action = recordedSpace(probe.singleActionSpace, "actions");
  probe.close();
  return { observation, action };
}

function startOf({ resume, initFrom }: BcTrainerOptions): TrainingStart | null {
  if (resume) {
    const { trainer, optimizer } = resume.state;
    return { policy: resume.policy, state: { tensors: decodeState(trainer), optimizer } };
  }
  return initFrom ? { policy: initFrom, state: null } : null;
}
