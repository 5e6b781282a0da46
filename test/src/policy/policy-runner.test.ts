import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { createPolicyRunner } from "../../../src/policy/create-policy-runner.ts";
import { decodePolicy } from "../../../src/policy/saved-policy.ts";
import { BOARD_SPEC } from "../../helpers/board-policy.ts";
import { SMALL_SPEC, smallPolicy } from "../../helpers/small-policy.ts";

describe("an observation of another length is refused, and the step does not count", () => {
  test.each([
    { spec: SMALL_SPEC, obs: new Float32Array(3), size: 4 },
    { spec: SMALL_SPEC, obs: new Float32Array(5), size: 4 },
    { spec: BOARD_SPEC, obs: new Uint8Array(0), size: 400 },
    { spec: BOARD_SPEC, obs: new Uint8Array(399), size: 400 },
    { spec: BOARD_SPEC, obs: new Uint8Array(401), size: 400 },
  ])("$spec.encoder.kind: $obs.length numbers for $size", ({ spec, obs, size }) => {
    const policy = decodePolicy(smallPolicy(spec, 3));
    const [runner, twin] = [createPolicyRunner(policy), createPolicyRunner(policy)];
    const fitting = obs instanceof Uint8Array ? new Uint8Array(size).fill(200) : new Float32Array(size).fill(0.5);
    const message = `policy: an observation of ${obs.length} numbers, expected ${size}`;
    expect(() => runner.step(obs, 1)).toThrow(new ConfigError("wrong-observation", message));
    expect([...runner.step(fitting, 1).logits]).toEqual([...twin.step(fitting, 1).logits]);
    expect(() => runner.step(obs, 1)).toThrow(expect.objectContaining({ code: "wrong-observation" }));
    expect([...runner.step(fitting, 1).state]).toEqual([...twin.step(fitting, 1).state]);
  });
});
