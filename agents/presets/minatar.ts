import type { PpoPreset } from "./preset.ts";

/** The games, and how much PPO is paid for keeping its choices open: with less, Breakout and Asterix settle for the first thing that works. */
const entropyCoefs = { Asterix: 0.06, Breakout: 0.05, Freeway: 0.01, Seaquest: 0.01, SpaceInvaders: 0.01 };

/** A policy for MinAtar's boards: 16 filters 3 × 3 at every position, 128 features, a 48-neuron circuit. */
export const minatarPolicy: PpoPreset["policy"] = {
  encoder: { kind: "minatar", features: 128 },
  circuit: { kind: "cfc", wiring: { kind: "AutoNCP", units: 48 }, masking: "strict" },
};

/**
 * The MinAtar games from frames. The value loss trains the encoder too. Rewards are divided by the deviation of their returns, because
 * returns differ a hundredfold between games and grow during training.
 */
export const minatarPresets: readonly PpoPreset[] = Object.entries(entropyCoefs).flatMap(([game, entropyCoef]) =>
  ["v0", "v1"].map((version) => ({
    env: `MinAtar/${game}-${version}`,
    name: "default",
    policy: minatarPolicy,
    algo: {
      kind: "ppo",
      totalSteps: 2_000_000,
      numEnvs: 128,
      numSteps: 32,
      numEpochs: 3,
      learningRate: 3e-3,
      gamma: 0.99,
      gaeLambda: 0.95,
      entropyCoef,
      normalizeReward: true,
    },
    evaluation: { every: 500_000, episodes: 10, finalEpisodes: 30 },
  })),
);
