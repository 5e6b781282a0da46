import type { PpoPreset } from "./preset.ts";

/** CartPole-v1 with a 32-neuron circuit: strict masking, so that the drawn circuit is the network. */
export const cartpolePreset: PpoPreset = {
  env: "CartPole-v1",
  name: "default",
  policy: {},
  algo: { kind: "ppo", totalSteps: 98_304, numEpochs: 8 },
  evaluation: { every: 8_192, stopReturn: 500 }, // 500 is the most there is: every episode reached the time limit
};
