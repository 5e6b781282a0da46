import { z } from "zod";
import { type BcConfig, checkImitation, imitationSettings } from "../bc/bc-config.ts";

/**
 * Schema (zod) of the settings of DAgger: those of cloning, and how often the learner drives while the expert is asked. Fields: `algo` in
 * docs/settings.md.
 */
export const DaggerConfig = z
  .strictObject({
    kind: z.literal("dagger"),
    data: z
      .string()
      .default("")
      .describe("dataset to start from (--data); empty: the expert plays round 0, disturbed as `record` does it"),
    expert: z
      .string()
      .default("")
      .describe("who says what would have been right; empty: the environment's first expert"),
    rounds: z
      .int()
      .positive()
      .default(4)
      .describe("times that episodes are collected and learned from; round 0 is the expert's"),
    episodesPerRound: z.int().positive().default(10).describe("episodes collected in each round"),
    beta: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe("in round r the expert acts in beta^r of the steps, drawn step by step; the learner in the others"),
    ...imitationSettings,
  })
  .superRefine(checkImitation)
  .readonly()
  .describe("from demonstrations and an expert who is asked on the way: DAgger");
/** Resolved settings of DAgger. */
export type DaggerConfig = z.infer<typeof DaggerConfig>;

/** Share of steps in which the expert acts. */
export const expertShare = ({ beta }: Pick<DaggerConfig, "beta">, round: number): number => beta ** round;

/** Settings with which each round learns: an equal part of the frames, with a schedule of its own. */
export function roundSettings({
  kind: _kind,
  expert: _expert,
  rounds,
  episodesPerRound: _perRound,
  beta: _beta,
  ...config
}: DaggerConfig): BcConfig {
  return { ...config, kind: "bc", policyWeight: 1, totalSteps: Math.ceil(config.totalSteps / rounds) };
}
