import { expect, test } from "vitest";

import { decodePolicy } from "../../../src/policy/saved-policy.ts";
import { useFastestBackend } from "../../../src/tfjs/backend.ts";
import { TfjsPolicyNetwork } from "../../../src/tfjs/policy-network.ts";
import { makeBatch } from "gymnasium-js";
import { inlinePpo, jobFor } from "../../helpers/inline-ppo.ts";

test("PPO on the tfjs executor: two iterations leave every weight within 1e-3 of the kernels', and say what it runs on", async () => {
  const { message } = await useFastestBackend();
  expect(message).toMatch(/^executor tfjs 4\.\d+\.\d+ runs on /);
  const makeEnv = (numEnvs: number) => makeBatch("CartPole-v1", numEnvs);
  const algo = { numEnvs: 4, numShards: 2, numSteps: 8, numEpochs: 2, numMinibatches: 2, totalSteps: 64 };
  const weights = async (Network?: typeof TfjsPolicyNetwork): Promise<ReadonlyMap<string, Float32Array>> => {
    const trainer = inlinePpo(jobFor(makeEnv, algo, {}, 3), makeEnv, null, Network);
    await trainer.iterate();
    await trainer.iterate();
    const saved = decodePolicy(await trainer.policy());
    await trainer.close();
    return new Map(saved.tensors.map(({ name, data }) => [name, data as Float32Array]));
  };
  const kernels = await weights();
  const tfjs = await weights(TfjsPolicyNetwork);
  expect([...tfjs.keys()]).toEqual([...kernels.keys()]);
  for (const [name, expected] of kernels)
    expected.forEach((value, i) => expect(Math.abs(tfjs.get(name)![i]! - value), `${name}[${i}]`).toBeLessThan(1e-3));
});
