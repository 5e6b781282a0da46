import { minatarPolicy } from "./minatar.ts";
import type { BcPreset, DaggerPreset } from "./preset.ts";

/** Clones a driver from the default camera: the paper's convolutions and 19 neurons (12 inter, 6 command, 1 motor). */
export const laneKeepingClonePreset: BcPreset = {
  env: "LaneKeeping-v0",
  name: "default",
  policy: {
    encoder: { kind: "lane-keeping" },
    circuit: {
      kind: "cfc",
      wiring: {
        kind: "NCP",
        interNeurons: 12,
        commandNeurons: 6,
        sensoryFanout: 6,
        interFanout: 4,
        recurrentCommandSynapses: 6,
        motorFanin: 6,
      },
    },
    actor: { scaleInit: 1 },
  },
  algo: { kind: "bc", totalSteps: 64_000 },
  evaluation: { every: 0, finalEpisodes: 3 },
};

/** Clones CartPole's expert. */
export const cartpoleClonePreset: BcPreset = {
  env: "CartPole-v1",
  name: "default",
  policy: {},
  algo: { kind: "bc", totalSteps: 256_000, batchSize: 16, learningRate: 5e-3, validateEvery: 100 },
  evaluation: { every: 0 },
};

/** The same driver, who is put right on the roads it drives itself. */
export const laneKeepingDaggerPreset: DaggerPreset = {
  ...laneKeepingClonePreset,
  algo: { kind: "dagger", totalSteps: 256_000, rounds: 5, episodesPerRound: 12 },
};

// State is kept from sequence to sequence: a game is long, and a state that was never older than 16 frames loses its way in it.
const minatarImitation = {
  batchSize: 32,
  sequenceLength: 32,
  carry: 8,
  learningRate: 5e-3,
  validateEvery: 200,
} as const;
const played = { every: 0, finalEpisodes: 20 } as const;

/** Clones Freeway's scripted player; `record` 60 of its episodes first. */
export const minatarClonePresets: readonly BcPreset[] = ["v0", "v1"].map((version) => ({
  env: `MinAtar/Freeway-${version}`,
  name: "default",
  policy: minatarPolicy,
  algo: { kind: "bc", ...minatarImitation, totalSteps: 2_000_000 },
  evaluation: played,
}));

/** The same learner, put right in the games that it plays itself. Breakout is cut at 3,000 frames: a good player never ends it. */
export const minatarDaggerPresets: readonly DaggerPreset[] = ["v0", "v1"].flatMap((version) => [
  {
    env: `MinAtar/Freeway-${version}`,
    name: "default",
    policy: minatarPolicy,
    algo: { kind: "dagger", ...minatarImitation, totalSteps: 3_000_000, rounds: 5, episodesPerRound: 40, beta: 0.3 },
    evaluation: played,
  },
  {
    env: `MinAtar/Breakout-${version}`,
    name: "default",
    envArgs: { maxEpisodeSteps: 3000 },
    policy: minatarPolicy,
    algo: {
      kind: "dagger",
      ...minatarImitation,
      expert: "rebound", // one whose reasons can be seen on the board; "look-ahead" plans too far for a small network
      sequenceLength: 16,
      carry: 4,
      totalSteps: 3_000_000,
      rounds: 5,
      episodesPerRound: 60,
      beta: 0,
    },
    evaluation: played,
  },
]);
