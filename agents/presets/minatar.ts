import type { PpoPreset } from "./preset.ts";

const games = ["Asterix", "Breakout", "Freeway", "Seaquest", "SpaceInvaders"] as const;

/**
 * The MinAtar games from frames: 16 filters 3 x 3, 128 features, a 48-neuron circuit; the value loss trains the encoder too. Dense recurrence
 * within layers (`ncps` masking). Starting points in line with published PPO settings for these games, not tuned further yet.
 */
export const minatarPresets: readonly PpoPreset[] = games.flatMap((game) =>
  ["v0", "v1"].map((version) => ({
    env: `MinAtar/${game}-${version}`,
    name: "default",
    policy: {
      encoder: { kind: "minatar" },
      circuit: { kind: "cfc", wiring: { kind: "AutoNCP", units: 48 }, masking: "ncps" },
    },
    algo: {
      kind: "ppo",
      totalSteps: 2_000_000,
      numEnvs: 32,
      numSteps: 32,
      numEpochs: 3,
      learningRate: 1e-3,
      gamma: 0.99,
      gaeLambda: 0.95,
      entropyCoef: 0.01,
    },
    evaluation: { every: 250_000 },
  })),
);
