import type { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { decodePolicy, loadPolicy } from "../../src/policy/saved-policy.ts";
import type { TrainingStart } from "../workers/messages.ts";
import { restoreBcWorker } from "./bc-state.ts";
import { type BcJob, BcWorker } from "./bc-worker.ts";
import { type Split, splitEpisodes } from "./demonstration-set.ts";
import { type PackedEpisode, openEpisode } from "./packed-episode.ts";

/** What a cloning thread is started with. */
export interface BcThreadData {
  readonly kind: "bc";
  readonly job: BcJob;
  readonly episodes: readonly PackedEpisode[];
  readonly workerIndex: number;
  readonly start: TrainingStart | null;
}

/** A worker at the start of cloning, or where a saved run stopped. `Network` is the executor; the kernels by default. */
export function startBcWorker(data: BcThreadData, Network?: typeof PolicyNetwork): BcWorker {
  const worker = new BcWorker(data.job, data.workerIndex, splitOf(data), Network);
  const { start } = data;
  if (start === null) return worker;
  loadPolicy(worker.network, decodePolicy(start.policy));
  if (start.state) restoreBcWorker(worker, start.state.tensors, start.state.optimizer);
  return worker;
}

/** Episodes to learn from and to judge by, opened. Throws ConfigError where none is long enough or nothing in them counts. */
export function splitOf({ job, episodes }: BcThreadData): Split {
  const { validationShare, policyWeight } = job.config;
  return splitEpisodes(
    episodes.map((episode) => openEpisode(episode, job.spec.obs.shape, policyWeight)),
    validationShare,
    job.config,
  );
}
