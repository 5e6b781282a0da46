import { expect, test } from "vitest";
import { AssertionError, checkEnvironmentsMatch, make, TransformReward } from "../../../envs/index.ts";
import type { Env } from "../../../envs/index.ts";

const cart = (kwargs = {}): Env => make("CartPole-v1", kwargs);

test("environments that do the same match, through ends and resets", () => {
  checkEnvironmentsMatch(cart(), cart(), 200);
});

test.each([
  [
    "other dynamics",
    cart({ kinematicsIntegrator: "semi-implicit" }),
    /^step 0, observation: .* gives \[.*\], .* \[.*\]$/,
  ],
  ["other rewards", new TransformReward(cart(), (reward) => 2 * reward), /step 0, reward: .* gives 1, .* 2$/],
  ["an earlier end", make("CartPole-v1", {}, { maxEpisodeSteps: 4 }), /step 3, truncated: .* gives false, .* true$/],
  ["other actions", make("Pendulum-v1"), /action spaces differ: Discrete\(2\) and Box/],
  ["other observations", make("CartPoleNoVel-v1"), /observation spaces differ/],
] as const)("%s: refused, with the place and both values", (_, other, message) => {
  const compare = (): void => checkEnvironmentsMatch(cart(), other as Env, 60);
  expect(compare).toThrow(AssertionError);
  expect(compare).toThrow(message);
});
