import { z } from "zod";

/**
 * Schema (zod) of the settings of recurrent PPO; relations between fields are checked here, once. Fields: `algo` in
 * docs/settings.md.
 */
export const PpoConfig = z
  .strictObject({
    kind: z.literal("ppo").default("ppo"),
    totalSteps: z.int().positive().default(100_000).describe("environment steps of the whole run; schedules end there"),
    numEnvs: z.int().positive().default(16).describe("environments stepped together (N)"),
    numShards: z.int().positive().default(2).describe("groups of environments computed as one job; divides numEnvs"),
    numSteps: z
      .int()
      .positive()
      .default(32)
      .describe("steps per environment and iteration (T), also the sequence length"),
    numEpochs: z.int().positive().default(4).describe("passes over each rollout"),
    numMinibatches: z.int().positive().default(4).describe("per epoch; divides the environments of one shard"),
    learningRate: z.number().positive().default(3e-3).describe("Adam step size at the start"),
    learningRateSchedule: z.enum(["constant", "linear"]).default("linear").describe("linear: down to 0 at totalSteps"),
    clipRange: z.number().positive().default(0.2).describe("ratio is clipped to 1 ± this"),
    clipRangeSchedule: z.enum(["constant", "linear"]).default("constant").describe("linear: down to 0 at totalSteps"),
    valueClipRange: z.number().positive().nullable().default(null).describe("null: the value loss is not clipped"),
    gamma: z.number().min(0).max(1).default(0.98).describe("discount per step"),
    gaeLambda: z.number().min(0).max(1).default(0.8).describe("0: one-step advantage, 1: Monte Carlo"),
    valueCoef: z.number().nonnegative().default(0.5).describe("weight of the value loss"),
    entropyCoef: z.number().nonnegative().default(0).describe("weight of the entropy bonus"),
    maxGradNorm: z.number().positive().default(0.5).describe("global gradient norm is cut down to this"),
    targetKl: z.number().positive().nullable().default(null).describe("stop an update above 1.5 × this; null: never"),
    normalizeAdvantage: z.boolean().default(true).describe("mean 0 and deviation 1 over each whole minibatch"),
    rewardScale: z.number().positive().default(1).describe("rewards are multiplied by this before learning"),
    normalizeReward: z
      .boolean()
      .default(false)
      .describe("divide rewards by the running deviation of the discounted return"),
    adamBeta1: z.number().min(0).lt(1).default(0.9).describe("decay of the mean gradient"),
    adamBeta2: z.number().min(0).lt(1).default(0.999).describe("decay of the mean squared gradient"),
    adamEps: z.number().positive().default(1e-5).describe("added to the root of the mean squared gradient"),
    fastMath: z
      .boolean()
      .default(false)
      .describe("fused multiply-add: faster, not the same bits on every machine; Node >= 22 (--fast-math)"),
  })
  .superRefine((c, context) => {
    const divides = (part: number, whole: number, path: string, wholeName: string): void => {
      if (whole % part === 0) return;
      const message = `${path} = ${part} must divide ${wholeName} = ${whole}; nearest: ${nearestDivisor(part, whole)}`;
      context.addIssue({ code: "custom", path: [path], message });
    };
    divides(c.numShards, c.numEnvs, "numShards", "numEnvs");
    if (c.numEnvs % c.numShards === 0)
      divides(c.numMinibatches, c.numEnvs / c.numShards, "numMinibatches", "numEnvs / numShards");
  })
  .readonly()
  .describe("by trying: recurrent proximal policy optimisation");
/** Resolved settings of recurrent PPO. */
export type PpoConfig = z.infer<typeof PpoConfig>;

/** Environment steps of one iteration (T · N). */
export const batchSize = (c: PpoConfig): number => c.numEnvs * c.numSteps;

/** Environments of one shard. */
export const envsPerShard = (c: PpoConfig): number => c.numEnvs / c.numShards;

/** Env columns that one shard gives to one minibatch. */
export const columnsPerMinibatch = (c: PpoConfig): number => envsPerShard(c) / c.numMinibatches;

function nearestDivisor(part: number, whole: number): number {
  let best = 1;
  for (let d = 1; d <= whole; d++) if (whole % d === 0 && Math.abs(d - part) < Math.abs(best - part)) best = d;
  return best;
}
