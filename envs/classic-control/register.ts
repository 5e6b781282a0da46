import type { VectorEntryPoint } from "../registration/env-spec.ts";
import { registerWorld } from "../world/register-world.ts";
import { CartPoleVectorEnv } from "./cart-pole-vector-env.ts";
import { cartPoleNoVel } from "./cart-pole-no-vel.ts";
import { cartPole } from "./cart-pole.ts";

/** Makes the classic-control worlds known. */
export function registerClassicControl(): void {
  const vectorEntryPoint: VectorEntryPoint = (numEnvs, kwargs) => new CartPoleVectorEnv(numEnvs, kwargs);
  registerWorld({ id: "CartPole-v0", maxEpisodeSteps: 200, rewardThreshold: 195, vectorEntryPoint }, cartPole);
  registerWorld({ id: "CartPole-v1", maxEpisodeSteps: 500, rewardThreshold: 475, vectorEntryPoint }, cartPole);
  registerWorld({ id: "CartPoleNoVel-v1", maxEpisodeSteps: 500, rewardThreshold: 475 }, cartPoleNoVel);
}
