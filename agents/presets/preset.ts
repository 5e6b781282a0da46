import type { z } from "zod";
import type { PolicyConfig } from "../../src/policy/policy-config.ts";
import type { EvaluationConfig } from "../../src/run/run-plan.ts";
import type { BcConfig } from "../bc/bc-config.ts";
import type { DaggerConfig } from "../dagger/dagger-config.ts";
import type { PpoConfig } from "../ppo/ppo-config.ts";

interface PresetOf<Algo> {
  /** id of the environment the preset was tuned on */
  readonly env: string;
  /** `default` unless an environment has several */
  readonly name: string;
  /** arguments of the environment that the settings are for */
  readonly envArgs?: Readonly<Record<string, unknown>>;
  /** for `PolicyConfig.parse` */
  readonly policy: z.input<typeof PolicyConfig>;
  /** for `parse` of the algorithm's schema */
  readonly algo: Algo;
  /** when and how the command line evaluates */
  readonly evaluation?: z.input<typeof EvaluationConfig>;
}

/** Tuned settings of PPO for one environment. What is left out keeps the schema's default. */
export type PpoPreset = PresetOf<z.input<typeof PpoConfig>>;

/** Tuned settings of cloning for one environment. What is left out keeps the schema's default. */
export type BcPreset = PresetOf<z.input<typeof BcConfig>>;

/** Tuned settings of DAgger for one environment. What is left out keeps the schema's default. */
export type DaggerPreset = PresetOf<z.input<typeof DaggerConfig>>;
