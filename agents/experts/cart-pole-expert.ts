import { type CartPoleState, type Env, WorldEnv, unwrapped } from "gymnasium-js";
import { EnvError } from "../../src/errors.ts";
import type { Expert } from "./expert.ts";

/** Gains on position [1/m], speed [s/m], angle [1/rad] and angular speed [s/rad]. */
const GAINS = { x: 0.05, xDot: 0.12, theta: 1, thetaDot: 0.25 } as const;

/**
 * State feedback for CartPole: pushes right where k · [x, ẋ, θ, θ̇] > 0, else left.
 *
 * Angle and angular speed keep the pole up; the small gains on the cart lean the pole towards the middle, so that the cart returns.
 */
export const cartPoleExpert: Expert = {
  name: "state-feedback",
  summary: "pushes to the side that a weighted sum of the state points to",
  worlds: ["CartPole"],
  act(env: Env): number {
    const { x, xDot, theta, thetaDot } = cartPoleState(env);
    return GAINS.x * x + GAINS.xDot * xDot + GAINS.theta * theta + GAINS.thetaDot * thetaDot > 0 ? 1 : 0;
  },
};

function cartPoleState(env: Env): CartPoleState {
  const inner = unwrapped(env);
  const state = inner instanceof WorldEnv ? (inner.state as unknown) : null;
  if (typeof state === "object" && state !== null && "thetaDot" in state) return state as CartPoleState; // CartPole alone has it
  throw new EnvError("wrong-world", `state-feedback: expected a CartPole env that was reset, got ${String(env)}`);
}
