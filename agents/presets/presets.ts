import { cartpoleNoVelPreset } from "./cartpole-no-vel.ts";
import { cartpolePreset } from "./cartpole.ts";
import {
  cartpoleClonePreset,
  laneKeepingClonePreset,
  laneKeepingDaggerPreset,
  minatarClonePresets,
  minatarDaggerPresets,
} from "./clones.ts";
import { laneKeepingStatePreset } from "./lane-keeping.ts";
import { minatarFramesDaggerPresets, minatarFramesPresets } from "./minatar-frames.ts";
import { minatarPresets } from "./minatar.ts";
import { pendulumPreset } from "./pendulum.ts";
import type { BcPreset, DaggerPreset, PpoPreset } from "./preset.ts";

/** The tuned settings of PPO, one entry per environment and name. */
export const ppoPresets: readonly PpoPreset[] = [
  cartpolePreset,
  cartpoleNoVelPreset,
  pendulumPreset,
  laneKeepingStatePreset,
  ...minatarPresets,
  ...minatarFramesPresets,
];

/** The tuned settings of cloning, one entry per environment and name. */
export const bcPresets: readonly BcPreset[] = [laneKeepingClonePreset, cartpoleClonePreset, ...minatarClonePresets];

/** The tuned settings of DAgger, one entry per environment and name. */
export const daggerPresets: readonly DaggerPreset[] = [
  laneKeepingDaggerPreset,
  ...minatarDaggerPresets,
  ...minatarFramesDaggerPresets,
];

/** Every tuned setting of one way of learning. */
export function presetsFor(algo: string): readonly (PpoPreset | BcPreset | DaggerPreset)[] {
  return { ppo: ppoPresets, bc: bcPresets, dagger: daggerPresets }[algo] ?? [];
}

/** The PPO preset of an environment id such as `CartPole-v1`, or null where nothing was tuned for it. */
export function findPpoPreset(env: string, name = "default"): PpoPreset | null {
  return ppoPresets.find((p) => p.env === env && p.name === name) ?? null;
}

/** The cloning preset of an environment id such as `LaneKeeping-v0`, or null where nothing was tuned for it. */
export function findBcPreset(env: string, name = "default"): BcPreset | null {
  return bcPresets.find((p) => p.env === env && p.name === name) ?? null;
}

/** The DAgger preset of an environment id such as `LaneKeeping-v0`, or null where nothing was tuned for it. */
export function findDaggerPreset(env: string, name = "default"): DaggerPreset | null {
  return daggerPresets.find((p) => p.env === env && p.name === name) ?? null;
}
