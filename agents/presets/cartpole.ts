import type { PpoPreset } from "./preset.ts";

/** CartPole-v1 with a 32-neuron circuit. */
export const cartpolePreset: PpoPreset = {
  env: "CartPole-v1",
  name: "default",
  policy: {},
  algo: {
    kind: "ppo",
    totalSteps: 50_000,
  },
};
