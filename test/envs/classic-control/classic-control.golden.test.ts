import { expect, test } from "vitest";
import { make } from "../../../envs/index.ts";
import { describeGolden } from "../../helpers/golden.ts";

interface Run {
  readonly seed: number;
  readonly actions: (number | number[])[];
  readonly obs: number[][];
  readonly rewards: number[];
  readonly terminated: boolean[];
}

/** float32 values at most two units in the last place apart: sine and cosine differ between math libraries in the last place. */
function expectObs(actual: Float32Array, expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) {
    expect(Math.abs(actual[i]! - value)).toBeLessThanOrEqual(2 ** -22 * Math.max(1e-3, Math.abs(value)));
  }
}

describeGolden<{ worlds?: Record<string, Run[]> }>("envs/classic_control.json", ({ worlds = {} }) => {
  for (const [id, runs] of Object.entries(worlds)) {
    for (const run of runs) {
      test(`${id}, seed ${run.seed}: ${run.actions.length} steps as in Gymnasium, free-running`, () => {
        const env = make(id);
        const [first] = env.reset({ seed: run.seed });
        expectObs(first as Float32Array, run.obs[0]!);
        for (const [t, action] of run.actions.entries()) {
          const [obs, reward, terminated] = env.step(Array.isArray(action) ? Float32Array.from(action) : action);
          expectObs(obs as Float32Array, run.obs[t + 1]!);
          expect(Math.abs(reward - run.rewards[t]!)).toBeLessThanOrEqual(
            1e-12 * Math.max(1, Math.abs(run.rewards[t]!)),
          );
          expect(terminated).toBe(run.terminated[t]);
        }
      });
    }
  }
});
