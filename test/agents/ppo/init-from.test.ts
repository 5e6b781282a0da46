import { expect, test } from "vitest";
import { createPpoTrainer, type PpoRunConfig } from "../../../agents/ppo/create-ppo-trainer.ts";
import { PpoConfig } from "../../../agents/ppo/ppo-config.ts";
import { PolicyConfig } from "../../../src/policy/policy-config.ts";
import { decodePolicy, encodePolicy } from "../../../src/policy/saved-policy.ts";

const config = (seed: number, policy: object = {}): PpoRunConfig => ({
  env: { id: "CartPole-v1", args: {}, imports: [] },
  policy: PolicyConfig.parse({ circuit: { kind: "cfc", wiring: { kind: "AutoNCP", seed: 5 } }, ...policy }),
  algo: PpoConfig.parse({}),
  seed,
});

async function untrained(seed: number, initFrom?: Uint8Array): Promise<Uint8Array> {
  const trainer = await createPpoTrainer(config(seed), { numWorkers: 0, ...(initFrom && { initFrom }) });
  return trainer.policy();
}

test("training starts from another policy's weights, of which a clone brings no critic", async () => {
  const teacher = await untrained(1);
  expect(Buffer.from(await untrained(2, teacher)).equals(teacher)).toBe(true);
  const { spec, tensors } = decodePolicy(teacher);
  const clone = encodePolicy({
    spec: { ...spec, critic: null },
    tensors: tensors.filter((t) => !t.name.startsWith("critic.")),
  });
  const [started, own] = [decodePolicy(await untrained(2, clone)), decodePolicy(await untrained(2))];
  for (const { name, data } of started.tensors) {
    const from = (name.startsWith("critic.") ? own.tensors : tensors).find((t) => t.name === name)!;
    expect([...data], name).toEqual([...from.data]);
  }
});

test("a policy of another shape is refused by the part that differs", async () => {
  const teacher = await untrained(1);
  const other = config(1, { critic: { hidden: [8] } });
  await expect(createPpoTrainer(other, { numWorkers: 0, initFrom: teacher })).rejects.toThrow(
    /^saved policy, critic: /,
  );
});
