import type { PpoPreset } from "./preset.ts";

/** Pendulum-v1 with a 32-neuron circuit and one motor neuron for the torque: about -160 greedy. With twice the learning rate one seed of ten ended at -227. */
export const pendulumPreset: PpoPreset = {
  env: "Pendulum-v1",
  name: "default",
  policy: { actor: { logStdInit: 0 } },
  algo: {
    kind: "ppo",
    totalSteps: 147_456,
    numEnvs: 8,
    numSteps: 128,
    numEpochs: 10,
    learningRate: 1e-3,
    gamma: 0.95,
    gaeLambda: 0.95,
    targetKl: 0.03,
    normalizeReward: true,
  },
  evaluation: { every: 49_152 },
};
