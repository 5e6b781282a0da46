import { z } from "zod";

const share = z.number().min(0).max(1);

/** How frames are varied while learning, anew for every sequence that is drawn. */
export const AugmentationConfig = z
  .strictObject({
    noiseVariance: share.default(0).describe("Gaussian noise on pixels in [0, 1]: variance drawn from 0 to this"),
    brightness: share.default(0).describe("images are multiplied by 1 ± up to this"),
    shadow: share.default(0).describe("chance of a slanted darker or brighter half of the image"),
    mirror: z.boolean().default(false).describe("exchange left and right half of the time; for symmetric worlds"),
    timeJitter: share.default(0).describe("elapsed times are multiplied by 1 ± up to this"),
  })
  .readonly();
/** See the schema of the same name. */
export type AugmentationConfig = z.infer<typeof AugmentationConfig>;

/** What every way of imitating can be told. */
export const imitationSettings = {
  totalSteps: z.int().positive().default(96_000).describe("training frames of the whole run; schedules end there"),
  numShards: z.int().positive().default(2).describe("groups of sequences computed as one job; divides batchSize"),
  batchSize: z.int().positive().default(10).describe("sequences per update (B)"),
  sequenceLength: z.int().positive().default(16).describe("frames per sequence (T)"),
  warmUp: z.int().nonnegative().default(0).describe("first frames of a sequence without loss: they set the state"),
  carry: z.int().positive().default(1).describe("sequences in a row that go on in an episode with the state kept"),
  learningRate: z.number().positive().default(2e-3).describe("Adam step size at the start"),
  learningRateSchedule: z.enum(["constant", "linear"]).default("linear").describe("linear: down to 0 at totalSteps"),
  maxGradNorm: z.number().positive().default(1).describe("global gradient norm is cut down to this"),
  weightDecay: z.number().nonnegative().default(0).describe("decoupled (AdamW)"),
  loss: z.enum(["auto", "mse", "nll", "cross-entropy"]).default("auto").describe("auto: mse, or cross-entropy"),
  steeringWeight: z
    .number()
    .nonnegative()
    .default(0)
    .describe("errors weigh exp(this × |label|): sharp steering counts"),
  balance: share.default(0).describe("share of sequences drawn evenly over the sizes (or kinds) of labels"),
  validationShare: share.default(0.1).describe("share of episodes kept for validation; at least one where above 0"),
  validateEvery: z.int().positive().default(50).describe("updates between validations"),
  validationSequences: z.int().positive().default(40).describe("sequences of each validation, always the same ones"),
  patience: z.int().positive().nullable().default(null).describe("validations without a better one that end training"),
  updatesPerIteration: z.int().positive().default(10).describe("updates between two lines of metrics"),
  fastMath: z
    .boolean()
    .default(false)
    .describe("fused multiply-add: faster, not the same bits on every machine; Node >= 22 (--fast-math)"),
  augmentation: AugmentationConfig.prefault({}),
};

/** Settings of imitation that must fit each other. */
export function checkImitation(
  c: {
    readonly batchSize: number;
    readonly numShards: number;
    readonly warmUp: number;
    readonly sequenceLength: number;
  },
  context: { addIssue(issue: { code: "custom"; path: string[]; message: string }): void },
): void {
  if (c.batchSize % c.numShards !== 0)
    context.addIssue({
      code: "custom",
      path: ["numShards"],
      message: `numShards = ${c.numShards} must divide batchSize = ${c.batchSize}`,
    });
  if (c.warmUp >= c.sequenceLength)
    context.addIssue({
      code: "custom",
      path: ["warmUp"],
      message: `warmUp = ${c.warmUp} must be below sequenceLength = ${c.sequenceLength}`,
    });
}

/** Schema (zod) of the settings of behaviour cloning. Fields: `algo` in docs/settings.md. */
export const BcConfig = z
  .strictObject({
    kind: z.literal("bc"),
    data: z.string().default("").describe("dataset folder with the demonstrations (--data)"),
    policyWeight: share
      .default(0)
      .describe(
        "weight of the policy's own steps in episodes that a human corrected (infos.human); the human's weigh 1",
      ),
    ...imitationSettings,
  })
  .superRefine(checkImitation)
  .readonly()
  .describe("from recorded demonstrations: behaviour cloning");
/** Resolved settings of behaviour cloning. */
export type BcConfig = z.infer<typeof BcConfig>;

/** Frames of one update (T · B). */
export const framesPerUpdate = (c: BcConfig): number => c.sequenceLength * c.batchSize;

/** Sequences of one shard. */
export const sequencesPerShard = (c: BcConfig): number => c.batchSize / c.numShards;
