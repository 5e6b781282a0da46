import type { DaggerPreset, PpoPreset } from "./preset.ts";

const policy: PpoPreset["policy"] = {
  encoder: { kind: "nature", features: 256 },
  circuit: { kind: "cfc", wiring: { kind: "AutoNCP", units: 48 }, masking: "strict" },
};

/**
 * Breakout from 84 × 84 pictures, as Atari games are usually learned: stacks of four grey frames, the convolutions of the Nature paper (Mnih et
 * al. 2015), and a circuit of 48 neurons behind 256 features. No frames are skipped: MinAtar's ball moves a cell per frame.
 */
export const minatarFramesPresets: readonly PpoPreset[] = ["v0", "v1"].map((version) => ({
  env: `MinAtarFrames/Breakout-${version}`,
  name: "default",
  policy,
  algo: {
    kind: "ppo",
    totalSteps: 300_000,
    numEnvs: 32,
    numSteps: 32,
    numEpochs: 2,
    learningRate: 1e-3,
    gamma: 0.99,
    gaeLambda: 0.95,
    entropyCoef: 0.03,
    normalizeReward: true,
  },
  evaluation: { every: 50_000, episodes: 10, finalEpisodes: 30 },
}));

/** The same pictures, learned from a player who is asked in the games that the learner plays itself: of 400 frames, so that they fit into memory. */
export const minatarFramesDaggerPresets: readonly DaggerPreset[] = ["v0", "v1"].map((version) => ({
  env: `MinAtarFrames/Breakout-${version}`,
  name: "default",
  envArgs: { maxEpisodeSteps: 400 },
  policy,
  algo: {
    kind: "dagger",
    expert: "rebound",
    totalSteps: 200_000,
    rounds: 4,
    episodesPerRound: 30,
    beta: 0,
    batchSize: 16,
  },
  evaluation: { every: 0, finalEpisodes: 30 },
}));
