import { make } from "gymnasium-js";
import { createPpoTrainer, findPpoPreset, PpoConfig, type PpoRunConfig } from "../../agents/index.ts";
import { createPolicyRunner, decodePolicy, PolicyConfig } from "../../src/index.ts";
import { evaluatePolicy } from "../../src/run/evaluate-policy.ts";

/** What one training run came to. */
export interface TrainedPreset {
  readonly policy: Uint8Array;
  readonly steps: number;
  /** from the call on: threads started, code compiled */
  readonly seconds: number;
  /** of the iterations alone */
  readonly stepsPerSecond: number;
}

/** The preset of an environment as a run's config. */
export function presetRun(envId: string, seed: number): PpoRunConfig {
  const preset = findPpoPreset(envId);
  if (preset === null) throw new Error(`no preset for ${envId}`);
  const env = { id: envId, args: {}, imports: [] };
  return { env, policy: PolicyConfig.parse(preset.policy), algo: PpoConfig.parse(preset.algo), seed };
}

/** Trains for the preset's steps. Threads run what was built. */
export async function trainPreset(run: PpoRunConfig, numWorkers: number): Promise<TrainedPreset> {
  const startedAt = performance.now();
  const trainer = await createPpoTrainer(run, { numWorkers });
  const readyAt = performance.now();
  while (trainer.numSteps < run.algo.totalSteps) await trainer.iterate(run.algo.totalSteps);
  const doneAt = performance.now();
  const policy = await trainer.policy();
  await trainer.close();
  return {
    policy,
    steps: trainer.numSteps,
    seconds: (doneAt - startedAt) / 1000,
    stepsPerSecond: (trainer.numSteps / (doneAt - readyAt)) * 1000,
  };
}

/** Mean return of greedy episodes. */
export async function meanReturn(policy: Uint8Array, envId: string, episodes: number, seed: number): Promise<number> {
  const evaluation = await evaluatePolicy(createPolicyRunner(decodePolicy(policy)), make(envId), {
    episodes,
    seed,
  });
  return evaluation.return.mean;
}
