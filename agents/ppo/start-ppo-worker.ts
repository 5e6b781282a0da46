import type { BatchEnv } from "gymnasium-js";
import type { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { decodePolicy, loadPolicy, type SavedPolicy, savePolicy } from "../../src/policy/saved-policy.ts";
import { type EnvChoice, importEnvModules, makeEnvs } from "../rollout/make-env.ts";
import type { TrainingStart } from "../workers/messages.ts";
import { restoreWorker } from "./ppo-state.ts";
import { type PpoJob, PpoWorker } from "./ppo-worker.ts";

/** What a PPO thread is started with. */
export interface PpoThreadData {
  readonly kind: "ppo";
  readonly job: PpoJob;
  readonly env: EnvChoice;
  readonly workerIndex: number;
  readonly start: TrainingStart | null;
}

/** A worker in a thread of its own. Rejects with EnvError where a module of the environment does not load. */
export async function startPpoWorker({ job, env, workerIndex, start }: PpoThreadData): Promise<PpoWorker> {
  await importEnvModules(env);
  return createPpoWorker(job, workerIndex, (numEnvs) => makeEnvs(env, numEnvs), start);
}

/** A worker at the start of training, or where a saved run stopped. `Network` is the executor; the kernels by default. */
export function createPpoWorker(
  job: PpoJob,
  workerIndex: number,
  makeEnv: (numEnvs: number) => BatchEnv,
  start: TrainingStart | null,
  Network?: typeof PolicyNetwork,
): PpoWorker {
  const worker = new PpoWorker(job, workerIndex, makeEnv, Network);
  if (start === null) return worker;
  loadPolicy(worker.network, withCritic(decodePolicy(start.policy), worker.network));
  if (start.state) restoreWorker(worker, start.state.tensors, start.state.optimizer);
  return worker;
}

/** A policy saved without a critic (a clone) starts with the network's fresh one. */
function withCritic(saved: SavedPolicy, network: PolicyNetwork): SavedPolicy {
  if (saved.spec.critic !== null) return saved;
  const fresh = savePolicy(network).tensors.filter((t) => t.name.startsWith("critic."));
  return { spec: network.spec, tensors: [...saved.tensors, ...fresh] };
}
