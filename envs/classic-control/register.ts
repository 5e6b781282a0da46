import type { VectorEntryPoint } from "../registration/env-spec.ts";
import { registerWorld } from "../world/register-world.ts";
import { CartPoleVectorEnv } from "./cart-pole-vector-env.ts";
import { acrobot } from "./acrobot.ts";
import { cartPoleNoVel } from "./cart-pole-no-vel.ts";
import { cartPole } from "./cart-pole.ts";
import { mountainCar, mountainCarContinuous } from "./mountain-car.ts";
import { pendulum } from "./pendulum.ts";

/** Makes the classic-control worlds known. */
export function registerClassicControl(): void {
  const vectorEntryPoint: VectorEntryPoint = (numEnvs, kwargs) => new CartPoleVectorEnv(numEnvs, kwargs);
  registerWorld({ id: "CartPole-v0", maxEpisodeSteps: 200, rewardThreshold: 195, vectorEntryPoint }, cartPole);
  registerWorld({ id: "CartPole-v1", maxEpisodeSteps: 500, rewardThreshold: 475, vectorEntryPoint }, cartPole);
  registerWorld({ id: "CartPoleNoVel-v1", maxEpisodeSteps: 500, rewardThreshold: 475 }, cartPoleNoVel);
  registerWorld({ id: "Pendulum-v1", maxEpisodeSteps: 200 }, pendulum);
  registerWorld({ id: "Acrobot-v1", maxEpisodeSteps: 500, rewardThreshold: -100 }, acrobot);
  registerWorld({ id: "MountainCar-v0", maxEpisodeSteps: 200, rewardThreshold: -110 }, mountainCar);
  registerWorld({ id: "MountainCarContinuous-v0", maxEpisodeSteps: 999, rewardThreshold: 90 }, mountainCarContinuous);
}
