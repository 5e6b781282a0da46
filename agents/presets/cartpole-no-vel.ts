import type { PpoPreset } from "./preset.ts";

/**
 * CartPole with hidden velocities: the circuit has to remember. The hard part is staying at 500 once it is reached: rewards scaled to unit
 * returns, learning rate and clip range falling to 0, and a limit on the KL of each update hold it there.
 */
export const cartpoleNoVelPreset: PpoPreset = {
  env: "CartPoleNoVel-v1",
  name: "default",
  policy: { critic: { input: "obs+state" } },
  algo: {
    kind: "ppo",
    totalSteps: 98_304,
    numSteps: 32,
    numEpochs: 10,
    learningRate: 2e-3,
    gamma: 0.99,
    gaeLambda: 0.95,
    clipRangeSchedule: "linear",
    targetKl: 0.015,
    normalizeReward: true,
  },
  evaluation: { every: 16_384 },
};
