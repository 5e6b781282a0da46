export { PpoConfig } from "./ppo/ppo-config.ts";
export type { PpoPreset } from "./presets/preset.ts";
export { findPpoPreset, ppoPresets } from "./presets/presets.ts";
export type { Metrics, NamedTensor, Trainer, TrainerState } from "./trainer.ts";
