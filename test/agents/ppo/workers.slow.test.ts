import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createPpoTrainer, type PpoRunConfig, type PpoTrainerOptions } from "../../../agents/ppo/create-ppo-trainer.ts";
import { PpoConfig } from "../../../agents/ppo/ppo-config.ts";
import type { Trainer } from "../../../agents/trainer.ts";
import { KernelError, NonFiniteError } from "../../../src/errors.ts";
import { PolicyConfig } from "../../../src/policy/policy-config.ts";

// Threads run what was built: `npm test` builds first.

const config = (algo: object = {}, imports: readonly string[] = []): PpoRunConfig => ({
  env: { id: "CartPole-v1", args: {}, imports },
  policy: PolicyConfig.parse({ normalizeObs: true, critic: { input: "obs+state" } }),
  algo: PpoConfig.parse({ numShards: 4, numMinibatches: 2, normalizeReward: true, totalSteps: 20_000, ...algo }),
  seed: 7,
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** Hashes of policy and state after `iterations` more iterations, and what a resume needs. */
async function train(options: PpoTrainerOptions, iterations: number) {
  const trainer = await createPpoTrainer(config(), options);
  try {
    for (let i = 0; i < iterations; i++) await trainer.iterate();
    const [policy, state] = [await trainer.policy(), await trainer.state()];
    return { policy, state, steps: trainer.numSteps, hashes: [sha256(policy), sha256(state.trainer)] };
  } finally {
    await trainer.close();
  }
}

test("no thread, 1, 2, 3 and 4 threads give the same policy and state bytes", async () => {
  const { hashes } = await train({ numWorkers: 0 }, 5);
  for (const numWorkers of [1, 2, 3, 4])
    expect((await train({ numWorkers }, 5)).hashes, `${numWorkers} threads`).toEqual(hashes);
  expect((await train({ numWorkers: 2 }, 4)).hashes).not.toEqual(hashes);
});

test("saved with 2 threads and resumed with 1, training goes on to the bytes of a run that was never interrupted", async () => {
  const straight = await train({ numWorkers: 1 }, 6);
  const { policy, state } = await train({ numWorkers: 2 }, 3);
  const resumed = await train({ numWorkers: 1, resume: { policy, state } }, 3);
  expect(resumed.steps).toBe(straight.steps);
  expect(resumed.hashes).toEqual(straight.hashes);
});

test("threads that run ahead rest at the promised step with the same bytes, and refuse to be asked before", async () => {
  const { hashes } = await train({ numWorkers: 0 }, 12);
  const trainer = await createPpoTrainer(config(), { numWorkers: 2 });
  const until = 12 * 512;
  const first = trainer.iterate(until);
  for (let i = 0; i < 4; i++) await Promise.resolve(); // asked for by now, and no answer can have come
  expect(trainer.isAtRest).toBe(false);
  await expect(trainer.policy()).rejects.toMatchObject({ code: "running-ahead" });
  await first;
  while (trainer.numSteps < until) await trainer.iterate(until);
  expect(trainer.isAtRest).toBe(true);
  expect([sha256(await trainer.policy()), sha256((await trainer.state()).trainer)]).toEqual(hashes);
  await trainer.close();
});

async function failure(trainer: Trainer): Promise<unknown> {
  try {
    for (let i = 0; i < 10; i++) await trainer.iterate();
    return "none";
  } catch (error) {
    return error;
  } finally {
    await trainer.close();
  }
}

test("a number that is not finite rejects iterate with its own error class, from threads too", async () => {
  const error = await failure(await createPpoTrainer(config({ learningRate: 1e38 }), { numWorkers: 2 }));
  expect(error).toBeInstanceOf(NonFiniteError);
});

test("a thread that dies rejects iterate with a clear error instead of hanging", async () => {
  const dying = fileURLToPath(new URL("../../helpers/dying-thread.mjs", import.meta.url));
  const error = await failure(await createPpoTrainer(config({}, [dying]), { numWorkers: 2 }));
  expect(error).toBeInstanceOf(KernelError);
  expect((error as Error).message).toMatch(/^training thread [01] ended unexpectedly with code 7/);
});

test("an environment module that does not load is named", async () => {
  const creation = createPpoTrainer(config({}, ["/nowhere/my-env.js"]), { numWorkers: 2 });
  await expect(creation).rejects.toMatchObject({ name: "EnvError", code: "import-failed" });
});
