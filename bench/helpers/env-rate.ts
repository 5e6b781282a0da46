import { createBatchStep, make, makeBatch, RandomState } from "gymnasium-js";
import type { BatchEnv } from "gymnasium-js";
import { median } from "./median.ts";

/** Actions of a random policy for `numEnvs` envs of `batch`, as a list to be played round and round. */
function randomPlans(batch: BatchEnv, numEnvs: number): Int32Array[] {
  const numActions = (batch.singleActionSpace as unknown as { n: number }).n; // the benches only use Discrete
  const policy = new RandomState(1);
  return Array.from({ length: 97 }, () => Int32Array.from({ length: numEnvs }, () => policy.randint(numActions)));
}

/** Steps per second of one core with random actions, resets included. */
export interface Rate {
  /** Of the fastest run: what the core does when nothing else runs on it. */
  readonly best: number;
  readonly median: number;
}

/** Times `repeats` runs of `numSteps` batched steps. */
export function batchRate(
  id: string,
  { numEnvs, numSteps, repeats }: Record<"numEnvs" | "numSteps" | "repeats", number>,
): Rate {
  const batch = makeBatch(id, numEnvs);
  const out = createBatchStep(numEnvs, batch.singleObservationSpace);
  const plans = randomPlans(batch, numEnvs);
  const seeds = Array.from({ length: numEnvs }, (_, i) => i);
  batch.reset(seeds, out);
  const rates = Array.from({ length: repeats }, () => {
    const start = performance.now();
    for (let t = 0; t < numSteps; t++) batch.step(plans[t % plans.length]!, out);
    return (numSteps * numEnvs) / ((performance.now() - start) / 1000);
  });
  return { best: Math.round(Math.max(...rates)), median: Math.round(median(rates)) };
}

/** Plays the batched and the single form side by side; throws where they differ or, unless `mayNotEnd`, where no episode ends. */
export function checkBatchAgainstSingle(id: string, numSteps: number, mayNotEnd = false): void {
  const numEnvs = 3;
  const [batch, seeds] = [makeBatch(id, numEnvs), [1, 2, 3]];
  const out = createBatchStep(numEnvs, batch.singleObservationSpace);
  const size = out.obs.length / numEnvs;
  const plans = randomPlans(batch, numEnvs);
  batch.reset(seeds, out);
  const singles = seeds.map((seed) => {
    const env = make(id);
    env.reset({ seed });
    return env;
  });
  let numEnds = 0;
  for (let t = 0; t < numSteps; t++) {
    const actions = plans[t % plans.length]!;
    batch.step(actions, out);
    for (const [i, env] of singles.entries()) {
      const [obs, reward, terminated, truncated] = env.step(actions[i]);
      const next = (terminated || truncated ? env.reset()[0] : obs) as Uint8Array;
      numEnds += Number(terminated || truncated);
      const isSame = next.every((value, k) => out.obs[i * size + k] === value);
      if (!isSame || out.reward[i] !== reward || out.terminated[i] !== Number(terminated)) {
        throw new Error(`${id}: batched env ${i} differs from the single one at step ${t}`);
      }
    }
  }
  if (numEnds === 0 && !mayNotEnd) throw new Error(`${id}: no episode ended in ${numSteps} steps`);
}
