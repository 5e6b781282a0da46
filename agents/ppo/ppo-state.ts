import { FormatError } from "../../src/errors.ts";
import type { NamedTensor, TensorData } from "../../src/policy/safetensors.ts";
import type { RunningMoments } from "../rollout/running-moments.ts";
import type { ShardState } from "../rollout/shard-state.ts";
import type { StateTensors } from "../workers/messages.ts";
import { lookup, restoreAdam, streamState, type Take, vector } from "../workers/state-file.ts";
import type { PpoShard } from "./ppo-shard.ts";
import type { PpoWorker } from "./ppo-worker.ts";

/** Everything of a worker's own shards that the next iteration depends on. */
export function saveShards(shards: ReadonlyMap<number, PpoShard>): StateTensors {
  const tensors: NamedTensor[] = [];
  for (const [k, shard] of shards) {
    const { envs, ...arrays } = shard.rollout.snapshot();
    for (const [n, data] of envs.entries()) tensors.push(vector(`shard.${k}.env.${n}`, data));
    for (const [name, data] of Object.entries(arrays)) tensors.push(vector(`shard.${k}.${name}`, data as TensorData));
    tensors.push(vector(`shard.${k}.order`, streamState(shard.order.random)));
    tensors.push(vector(`shard.${k}.discounted`, shard.discounted.running.slice()));
  }
  return tensors;
}

/** What all workers know alike, so that one may tell it: counters and moments. */
export function saveCommon({ numIterations, adam, obsMoments, rewardMoments }: PpoWorker): StateTensors {
  return [
    vector("counters", Float64Array.of(numIterations, adam.numSteps)),
    vector("moments.obs", packMoments(obsMoments)),
    vector("moments.reward", packMoments(rewardMoments)),
  ];
}

/** Puts a worker where it was when the tensors were saved, however many workers there were then. Throws FormatError where something is missing. */
export function restoreWorker(worker: PpoWorker, state: StateTensors, optimizer: StateTensors): void {
  const take = lookup(state);
  const [numIterations, numUpdates] = take("counters", Float64Array);
  worker.numIterations = numIterations!;
  worker.adam.numSteps = numUpdates!;
  unpackMoments(take("moments.obs", Float64Array), worker.obsMoments);
  unpackMoments(take("moments.reward", Float64Array), worker.rewardMoments);
  for (const [k, shard] of worker.shards) {
    shard.rollout.restore(shardState(take, k, shard.rollout.trajectory.N));
    shard.order.random.loadState(take(`shard.${k}.order`, Uint32Array));
    shard.discounted.running.set(take(`shard.${k}.discounted`, Float64Array));
  }
  restoreAdam(worker.adam, worker.network.parameters, optimizer);
}

function shardState(take: Take, k: number, N: number): ShardState {
  const name = (part: string): string => `shard.${k}.${part}`;
  const envs = Array.from({ length: N }, (_, n) => take(name(`env.${n}`), Uint8Array));
  return {
    envs,
    obs: takeObs(take, name("obs")),
    elapsed: take(name("elapsed"), Float32Array),
    episodeStart: take(name("episodeStart"), Uint8Array),
    state: take(name("state"), Float32Array),
    random: take(name("random"), Uint32Array),
    episodes: take(name("episodes"), Float64Array),
  };
}

function takeObs(take: Take, name: string): Float32Array | Uint8Array {
  try {
    return take(name, Float32Array);
  } catch {
    return take(name, Uint8Array);
  }
}

const packMoments = ({ count, mean, m2 }: RunningMoments): Float64Array => Float64Array.of(count, ...mean, ...m2);

function unpackMoments(packed: Float64Array, into: RunningMoments): void {
  const D = into.mean.length;
  if (packed.length !== 1 + 2 * D)
    throw new FormatError(
      "trainer-state",
      `trainer state: moments of ${(packed.length - 1) / 2} columns, expected ${D}`,
    );
  into.count = packed[0]!;
  into.mean.set(packed.subarray(1, 1 + D));
  into.m2.set(packed.subarray(1 + D));
}
