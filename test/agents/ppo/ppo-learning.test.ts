import { expect, test } from "vitest";

import { inlinePpo, jobFor } from "../../helpers/inline-ppo.ts";
import { identityRules, recallRules, ToyBatchEnv } from "../../helpers/toy-batch-env.ts";

test("a circuit learns an identity world: mean return of at least 7.5 of 8 within 20,000 steps", async () => {
  const makeEnv = (n: number): ToyBatchEnv => new ToyBatchEnv(n, identityRules(3));
  const trainer = inlinePpo(jobFor(makeEnv, { totalSteps: 20_000 }, {}, 1), makeEnv, null);
  let last = NaN;
  while (trainer.numSteps < 20_000) last = (await trainer.iterate())["episodeReturn"]!;
  expect(last).toBeGreaterThan(7.5);
});

/** Mean return over past episodes once it reaches 0.9, or after `maxSteps`. */
async function recall(policy: Parameters<typeof jobFor>[2], maxSteps: number): Promise<{ last: number }> {
  const makeEnv = (n: number): ToyBatchEnv => new ToyBatchEnv(n, recallRules(10));
  const algo = { totalSteps: 150_000, gamma: 0.99, gaeLambda: 0.95, numSteps: 44, numEnvs: 32, entropyCoef: 0.01 };
  const trainer = inlinePpo(jobFor(makeEnv, algo, policy, 3), makeEnv, null);
  let last = NaN;
  while (trainer.numSteps < maxSteps && !(last >= 0.9)) last = (await trainer.iterate())["episodeReturn"]!;
  return { last };
}

// Strict masking leaves a neuron only the drawn synapses and its own past; a cue kept over 10 silent steps needs more paths than that.
test("a circuit recalls a cue after 10 steps: mean return of at least 0.9 of 1 within 60,000 steps", async () => {
  const { last } = await recall({ circuit: { kind: "cfc", masking: "ncps" }, critic: { input: "obs+state" } }, 60_000);
  expect(last).toBeGreaterThanOrEqual(0.9);
});

test("a policy without state cannot recall a cue: mean return stays below 0.5 for 60,000 steps", async () => {
  const { last } = await recall({ circuit: { kind: "mlp" } }, 60_000);
  expect(last).toBeLessThan(0.5);
});
