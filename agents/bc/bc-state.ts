import type { NamedTensor } from "../../src/policy/safetensors.ts";
import type { CommonState, StateTensors } from "../workers/messages.ts";
import { lookup, restoreAdam, saveAdam, streamState, vector } from "../workers/state-file.ts";
import type { BcShard } from "./bc-shard.ts";
import type { BcWorker } from "./bc-worker.ts";

/** What only a shard's worker knows: its random stream, and where its sequences are when states are carried on. */
export function saveBcShard(k: number, shard: BcShard): StateTensors {
  return [
    vector(`shard.${k}.random`, streamState(shard.random)),
    vector(`shard.${k}.columns`, shard.saveColumns()),
    vector(`shard.${k}.states`, shard.states.slice()),
  ];
}

/** What all workers know alike: counters, the present weights (the policy file holds the best ones), Adam's moments. */
export function saveBcCommon(worker: BcWorker): CommonState {
  const { parameters } = worker.network;
  const counters = [worker.numUpdates, worker.adam.numSteps, worker.bestLoss, worker.numWorse, worker.best ? 1 : 0];
  const weights = parameters.list().map(({ name, shape }): NamedTensor => ({
    name: `present.${name}`,
    shape,
    data: parameters.get(name),
  }));
  return {
    tensors: [vector("counters", Float64Array.from(counters)), ...weights],
    optimizer: saveAdam(worker.adam, parameters),
  };
}

/** Puts a worker whose weights are those of the policy file where it was when it was saved. Throws FormatError where something is missing. */
export function restoreBcWorker(worker: BcWorker, state: StateTensors, optimizer: StateTensors): void {
  const take = lookup(state);
  const [numUpdates, numAdamSteps, bestLoss, numWorse, hasBest] = take("counters", Float64Array);
  const { parameters } = worker.network;
  worker.best = hasBest === 1 ? parameters.values.slice() : null;
  worker.numUpdates = numUpdates!;
  worker.adam.numSteps = numAdamSteps!;
  worker.bestLoss = bestLoss!;
  worker.numWorse = numWorse!;
  for (const { name } of parameters.list()) parameters.set(name, take(`present.${name}`, Float32Array));
  worker.network.prepare();
  restoreAdam(worker.adam, parameters, optimizer);
  for (const [k, shard] of worker.shards) {
    shard.random.loadState(take(`shard.${k}.random`, Uint32Array));
    shard.loadColumns(take(`shard.${k}.columns`, Float64Array));
    shard.states.set(take(`shard.${k}.states`, Float32Array));
  }
}
