import type { CircuitDescription, StepRecord } from "../protocol/index.ts";
import type { LiveSource, PolicyVersion } from "./live-source.ts";

/** Plays a policy in one environment, episode after episode. */
export interface Rollout {
  /** the world's own pace; 50 when absent */
  readonly stepsPerSecond?: number;
  /** Takes a policy and begins a new episode with it. Returns its circuit, or null for a policy without one. */
  load(policy: PolicyVersion): CircuitDescription | null;
  /** One step; begins a new episode after an end. Only after `load`. */
  step(isStochastic: boolean): StepRecord;
  /** Ends the episode; the next step begins another. */
  restart(): void;
  close(): void;
}

/** Makes the rollout of a source. Throws EnvError or ConfigError when its world cannot be made. */
export type RolloutFactory = (source: LiveSource) => Rollout;
