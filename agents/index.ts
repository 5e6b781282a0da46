export type { Metrics, NamedTensor, Trainer, TrainerState } from "./trainer.ts";
