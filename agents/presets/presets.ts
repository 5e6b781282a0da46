import { cartpoleNoVelPreset } from "./cartpole-no-vel.ts";
import { cartpolePreset } from "./cartpole.ts";
import { laneKeepingStatePreset } from "./lane-keeping.ts";
import { minatarPresets } from "./minatar.ts";
import { pendulumPreset } from "./pendulum.ts";
import type { PpoPreset } from "./preset.ts";

/** Every tuned setting the package brings. */
export const ppoPresets: readonly PpoPreset[] = [
  cartpolePreset,
  cartpoleNoVelPreset,
  pendulumPreset,
  laneKeepingStatePreset,
  ...minatarPresets,
];

/** The preset of an environment, or null where nothing was tuned for it. */
export function findPpoPreset(env: string, name = "default"): PpoPreset | null {
  return ppoPresets.find((p) => p.env === env && p.name === name) ?? null;
}
