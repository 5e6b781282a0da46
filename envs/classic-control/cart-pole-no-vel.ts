import type { Generator } from "../random/generator.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import { Box } from "../spaces/box.ts";
import type { World } from "../world/world.ts";
import { cartPole, THETA_LIMIT, X_LIMIT } from "./cart-pole.ts";
import type { CartPoleState } from "./cart-pole.ts";

/** The world of `CartPoleNoVel-v1`: CartPole whose velocities are hidden; the policy sees position and angle alone and has to remember. See README.md beside this file. */
export function cartPoleNoVel(kwargs: Kwargs = {}): World<CartPoleState, Generator> {
  return {
    ...cartPole(kwargs),
    name: "CartPoleNoVel",
    observationSpace: new Box([-2 * X_LIMIT, -2 * THETA_LIMIT], [2 * X_LIMIT, 2 * THETA_LIMIT]),
    observe: (state, obs, at) => {
      obs[at] = state.x;
      obs[at + 1] = state.theta;
    },
  };
}
