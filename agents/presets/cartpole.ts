import type { PpoPreset } from "./preset.ts";

/**
 * CartPole-v1 with a 32-neuron circuit: strict masking, so that the drawn circuit is the network.
 *
 * Short rollouts (16 steps) with few, larger minibatches. Seeds 0 to 23 all end at a greedy mean return of 500 after all 98,304 steps; a run stops
 * earlier, once an evaluation is perfect. The falling clip range matters: with a constant one, one seed of 24 falls off at the end. With 6
 * epochs half the steps are enough, at two thirds of the speed. `bench/cartpole-learning.ts` repeats it.
 */
export const cartpolePreset: PpoPreset = {
  env: "CartPole-v1",
  name: "default",
  policy: { critic: { hidden: [32, 32] } },
  algo: {
    kind: "ppo",
    totalSteps: 98_304,
    numSteps: 16,
    numEpochs: 4,
    numMinibatches: 2,
    learningRate: 4e-3,
    clipRangeSchedule: "linear",
    gamma: 0.99,
    gaeLambda: 0.9,
  },
  evaluation: { every: 8_192, stopReturn: 500 }, // 500 is the most there is: every episode reached the time limit
};
