import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { createPpoTrainer } from "../../../agents/ppo/create-ppo-trainer.ts";
import { PpoConfig } from "../../../agents/ppo/ppo-config.ts";
import { PolicyConfig } from "../../../src/policy/policy-config.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes alive after a garbage collection. */
function bytesAlive(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Bytes that stay after each of `rounds` times 1,000 updates. */
async function growths(update: (times: number) => Promise<void>, rounds: number): Promise<number[]> {
  const grown: number[] = [];
  for (let before = bytesAlive(), round = 0; round < rounds; round++) {
    await update(1_000);
    const after = bytesAlive();
    grown.push(after - before);
    before = after;
  }
  return grown;
}

// The compiler keeps what it learns about functions for a few thousand calls; a leak grows in every round, this only in the first.
test("1,000 updates leave no more than 32 KiB behind", async () => {
  const algo = PpoConfig.parse({ numSteps: 16, totalSteps: 1_000_000 });
  const run = { env: { id: "CartPole-v1", args: {}, imports: [] }, policy: PolicyConfig.parse({}), algo, seed: 1 };
  const trainer = await createPpoTrainer(run, { numWorkers: 0 });
  const update = async (times: number): Promise<void> => {
    for (let done = 0; done < times;) done += (await trainer.iterate())["updates"]!;
  };
  await update(200); // buffers exist
  expect(Math.min(...(await growths(update, 4)))).toBeLessThan(32 * 1024);
});
