import { SeedSequence, type Seed } from "gymnasium-js";

/** Independent random streams of one run, all from its one seed. Evaluation never touches the training streams. */
export interface SeedTree {
  /** seed of the wiring, a 32-bit number */
  readonly wiring: number;
  /** first weights */
  readonly weights: SeedSequence;
  /** first seeds of every env, per shard */
  readonly envs: readonly (readonly Seed[])[];
  /** draws of stochastic actions, per shard */
  readonly actions: readonly SeedSequence[];
  /** order of minibatches, per shard */
  readonly minibatches: readonly SeedSequence[];
  /** starts of evaluation episodes */
  readonly evaluation: SeedSequence;
}

/** The seed tree of a run seed, by numpy's SeedSequence. More shards or envs extend it; what was there keeps its seeds. */
export function seedTree(seed: Seed, numShards: number, envsPerShard: number): SeedTree {
  const [wiring, weights, envs, actions, minibatches, evaluation] = new SeedSequence(seed).spawn(6) as [
    SeedSequence,
    SeedSequence,
    SeedSequence,
    SeedSequence,
    SeedSequence,
    SeedSequence,
  ];
  return {
    wiring: wiring.generateState(1)[0]!,
    weights,
    envs: envs.spawn(numShards).map((shard) => [...shard.generateState(envsPerShard)]),
    actions: actions.spawn(numShards),
    minibatches: minibatches.spawn(numShards),
    evaluation,
  };
}
