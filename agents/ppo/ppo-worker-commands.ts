import type { BatchEnv } from "gymnasium-js";
import type { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { decodePolicy, encodePolicy, loadPolicy, savePolicy } from "../../src/policy/saved-policy.ts";
import { restoreWorker, saveCommon, saveOptimizer, saveShards } from "./ppo-state.ts";
import type { PpoAnswer, PpoCommand, PpoStart } from "./ppo-thread-messages.ts";
import { type PpoJob, PpoWorker } from "./ppo-worker.ts";

/** A worker at the start of training, or where a saved run stopped. */
export function createWorker(
  job: PpoJob,
  workerIndex: number,
  makeEnv: (numEnvs: number) => BatchEnv,
  start: PpoStart | null,
  Network?: typeof PolicyNetwork,
): PpoWorker {
  const worker = new PpoWorker(job, workerIndex, makeEnv, Network);
  if (start === null) return worker;
  loadPolicy(worker.network, decodePolicy(start.policy));
  if (start.state) restoreWorker(worker, start.state.tensors, start.state.optimizer);
  return worker;
}

/** Does what was asked; null where another worker answers. */
export function answer(worker: PpoWorker, workerIndex: number, command: PpoCommand): PpoAnswer | null {
  const isFirst = workerIndex === 0;
  switch (command) {
    case "iterate": {
      const metrics = worker.iterate();
      return isFirst ? { kind: "iterate", metrics } : null;
    }
    case "policy":
      return isFirst ? { kind: "policy", bytes: encodePolicy(savePolicy(worker.network)) } : null;
    case "state":
      return {
        kind: "state",
        shards: saveShards(worker.shards),
        common: isFirst ? { tensors: saveCommon(worker), optimizer: saveOptimizer(worker) } : null,
      };
    case "close":
      return { kind: "closed" };
    default:
      return command satisfies never;
  }
}
