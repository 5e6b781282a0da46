import { z } from "zod";

/**
 * Longest episode that is played where nobody says otherwise, in steps: half an hour of an Atari game, 108,000 pictures at one decision in
 * four. Worlds without a time limit need it: a policy that never fails would never finish being evaluated.
 */
export const defaultMaxEpisodeSteps = 27_000;

/** When and how a run is evaluated. Evaluation is greedy, on random streams of its own. */
export const EvaluationConfig = z
  .strictObject({
    every: z.int().nonnegative().default(10_000).describe("training steps between evaluations; 0: only at the end"),
    episodes: z.int().positive().default(20).describe("episodes of each evaluation during training"),
    finalEpisodes: z.int().positive().default(100).describe("episodes of the evaluation at the end"),
    stopReturn: z
      .number()
      .nullable()
      .default(null)
      .describe("training ends when an evaluation reaches this mean return; null: never"),
    maxEpisodeSteps: z
      .int()
      .positive()
      .nullable()
      .default(defaultMaxEpisodeSteps)
      .describe("longer episodes of an evaluation are cut there; null: never"),
    record: z.int().nonnegative().default(1).describe("episodes of each evaluation that are recorded into the run"),
  })
  .readonly();
/** See the schema of the same name. */
export type EvaluationConfig = z.infer<typeof EvaluationConfig>;

/** When a run is saved. The best policy by evaluation is always kept besides. */
export const CheckpointConfig = z
  .strictObject({
    every: z.int().positive().default(50_000).describe("training steps between checkpoints"),
    keep: z.int().positive().default(3).describe("newest checkpoints that are kept"),
  })
  .readonly();
/** See the schema of the same name. */
export type CheckpointConfig = z.infer<typeof CheckpointConfig>;
