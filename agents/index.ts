export { PpoConfig } from "./ppo/ppo-config.ts";
export type { BcPreset, DaggerPreset, PpoPreset } from "./presets/preset.ts";
export {
  bcPresets,
  daggerPresets,
  findBcPreset,
  findDaggerPreset,
  findPpoPreset,
  ppoPresets,
} from "./presets/presets.ts";
export type { Metrics, NamedTensor, Trainer, TrainerState } from "./trainer.ts";
export { createPpoTrainer, type PpoRunConfig, type PpoTrainerOptions, resolveSpec } from "./ppo/create-ppo-trainer.ts";
export { seedTree, type SeedTree } from "./rollout/seed-tree.ts";
export type { EnvChoice } from "./rollout/make-env.ts";
export { demonstrate, demonstrateEpisode } from "./experts/demonstrate.ts";
export type { Demonstration, DemonstrationOptions, DemonstrationStep } from "./experts/demonstrate.ts";
export type { Expert } from "./experts/expert.ts";
export { EXPERTS, expertsFor, findExpert } from "./experts/experts.ts";
export { isMirrorable, mirrorImage } from "./experts/mirror.ts";
export { DEFAULT_PERTURBATION, NO_PERTURBATION, Perturbation } from "./experts/perturbation.ts";
export type { PerturbationSettings } from "./experts/perturbation.ts";
export { BcConfig } from "./bc/bc-config.ts";
export type { PackedEpisode } from "./bc/packed-episode.ts";
export { type BcRunConfig, type BcTrainerOptions, bcSpec, createBcTrainer } from "./bc/create-bc-trainer.ts";
export { DaggerConfig } from "./dagger/dagger-config.ts";
export {
  createDaggerTrainer,
  type DaggerRunConfig,
  type DaggerTrainerOptions,
} from "./dagger/create-dagger-trainer.ts";
export type { LossName, Score } from "./supervised/sequence-loss.ts";
export {
  type EpochScore,
  type FitOptions,
  SequenceModel,
  type SequenceModelOptions,
} from "./supervised/sequence-model.ts";
export type { Sequences } from "./supervised/sequences.ts";
