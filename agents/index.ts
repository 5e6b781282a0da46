export { PpoConfig } from "./ppo/ppo-config.ts";
export type { PpoPreset } from "./presets/preset.ts";
export { findPpoPreset, ppoPresets } from "./presets/presets.ts";
export type { Metrics, NamedTensor, Trainer, TrainerState } from "./trainer.ts";
export { createPpoTrainer, type PpoRunConfig, type PpoTrainerOptions, resolveSpec } from "./ppo/create-ppo-trainer.ts";
export { seedTree, type SeedTree } from "./rollout/seed-tree.ts";
export type { EnvChoice } from "./rollout/make-env.ts";
