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
  algo: { kind: "dagger", totalSteps: 128_000, rounds: 4, episodesPerRound: 10 },
};
