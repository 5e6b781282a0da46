import type { MetricsRecord } from "./metrics-log.ts";

/** Another form of the metrics beside `metrics.jsonl`. */
export interface MetricsMirror {
  /** Starts anew with the records so far. */
  start(records: readonly MetricsRecord[]): Promise<void>;
  append(records: readonly MetricsRecord[]): Promise<void>;
}

/** Our metric names and the ones that users of Stable-Baselines3 know from its logs. */
export const familiarNames: ReadonlyMap<string, string> = new Map([
  ["iteration", "time/iterations"],
  ["seconds", "time/time_elapsed"],
  ["step", "time/total_timesteps"],
  ["stepsPerSecond", "time/fps"],
  ["episodeReturn", "rollout/ep_rew_mean"],
  ["episodeLength", "rollout/ep_len_mean"],
  ["policyLoss", "train/policy_gradient_loss"],
  ["valueLoss", "train/value_loss"],
  ["entropy", "train/entropy"],
  ["loss", "train/loss"],
  ["validationLoss", "eval/validation_loss"],
  ["approxKl", "train/approx_kl"],
  ["clipFraction", "train/clip_fraction"],
  ["clipRange", "train/clip_range"],
  ["explainedVariance", "train/explained_variance"],
  ["gradNorm", "train/grad_norm"],
  ["learningRate", "train/learning_rate"],
  ["updates", "train/n_updates"],
  ["evalReturn", "eval/mean_reward"],
  ["evalReturnStd", "eval/std_reward"],
  ["evalLength", "eval/mean_ep_length"],
]);
