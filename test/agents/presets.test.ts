import { make, registry } from "gymnasium-js";
import { describe, expect, test } from "vitest";
import { BcConfig, framesPerUpdate } from "../../agents/bc/bc-config.ts";
import { bcSpec } from "../../agents/bc/create-bc-trainer.ts";
import { DaggerConfig } from "../../agents/dagger/dagger-config.ts";
import { expertsFor } from "../../agents/experts/experts.ts";
import { resolveSpec } from "../../agents/ppo/create-ppo-trainer.ts";
import { PpoConfig } from "../../agents/ppo/ppo-config.ts";
import {
  bcPresets,
  daggerPresets,
  findBcPreset,
  findDaggerPreset,
  findPpoPreset,
  ppoPresets,
} from "../../agents/presets/presets.ts";
import { PolicyConfig } from "../../src/policy/policy-config.ts";
import { policyShape } from "../../src/policy/policy-shape.ts";
import { EvaluationConfig } from "../../src/run/run-plan.ts";

describe("every preset", () => {
  for (const preset of ppoPresets)
    test.runIf(registry.has(preset.env))(
      `${preset.env} ${preset.name} is a valid config whose network can be planned`,
      () => {
        const env = { id: preset.env, args: preset.envArgs ?? {}, imports: [] };
        const algo = PpoConfig.parse(preset.algo);
        expect(algo.numShards).toBeGreaterThanOrEqual(2);
        const spec = resolveSpec({ env, policy: PolicyConfig.parse(preset.policy), algo, seed: 1 });
        expect(policyShape(spec).numParameters).toBeGreaterThan(500);
      },
    );
});

describe("every preset of imitation", () => {
  for (const preset of [...bcPresets, ...daggerPresets])
    test(`${preset.env} ${preset.name}, ${preset.algo.kind}, is a valid config whose world has an expert`, () => {
      const algo = preset.algo.kind === "bc" ? BcConfig.parse(preset.algo) : DaggerConfig.parse(preset.algo);
      expect(framesPerUpdate(algo as BcConfig)).toBeLessThan(algo.totalSteps);
      EvaluationConfig.parse(preset.evaluation);
      expect(expertsFor(preset.env).length).toBeGreaterThan(0);
      make(preset.env, preset.envArgs).close();
      const env = { id: preset.env, args: preset.envArgs ?? {}, imports: [] };
      const spec = bcSpec({ env, policy: PolicyConfig.parse(preset.policy), algo: algo as BcConfig, seed: 1 });
      expect(policyShape(spec).numParameters).toBeGreaterThan(500);
    });
});

test("a preset is found by environment and name, null where nothing was tuned", () => {
  for (const preset of ppoPresets) expect(findPpoPreset(preset.env, preset.name)).toBe(preset);
  for (const preset of bcPresets) expect(findBcPreset(preset.env, preset.name)).toBe(preset);
  for (const preset of daggerPresets) expect(findDaggerPreset(preset.env, preset.name)).toBe(preset);
  expect(findDaggerPreset("LaneKeeping-v0")?.algo.kind).toBe("dagger");
  expect(findDaggerPreset("LaneKeeping-v0", "none of that name")).toBeNull();
  expect(findDaggerPreset("Nowhere-v0")).toBeNull();
});

test("relations between settings are checked, with the nearest value that fits", () => {
  const message = (algo: object): string => PpoConfig.safeParse(algo).error?.issues[0]?.message ?? "";
  expect(message({ numEnvs: 10, numShards: 4 })).toBe("numShards = 4 must divide numEnvs = 10; nearest: 5");
  expect(message({ numEnvs: 12, numShards: 2, numMinibatches: 4 })).toMatch(
    /^numMinibatches = 4 must divide .* = 6; nearest: 3$/,
  );
});
