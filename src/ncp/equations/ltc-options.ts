import type { Circuit } from "../circuit.ts";
import type { Flavour } from "./cfc-gate.ts";
import type { PolarityRule } from "./cfc-masks.ts";

/** What sensors or motor neurons x go through on their way in or out: `affine` w x + b, `linear` w x, `none` x. */
export type LtcMapping = "affine" | "linear" | "none";

/** All LTC mappings. */
export const ltcMappings: readonly LtcMapping[] = ["affine", "linear", "none"];

/** Start [min, max] of groups of LTC parameters, by the names in `defaultLtcRanges`. */
export type InitializationRanges = Readonly<Record<string, readonly [number, number]>>;

/** A liquid time-constant cell on a circuit. */
export interface LtcOptions {
  readonly circuit: Circuit;
  readonly inputMapping: LtcMapping;
  readonly outputMapping: LtcMapping;
  /** solver steps per time step, at least 1 */
  readonly odeUnfolds: number;
  /** added to the denominator, which keeps the division finite */
  readonly epsilon: number;
  /** true: gleak, cm, w and sensory_w go through softplus; false: they are used as they are and must be kept >= 0 */
  readonly implicitParamConstraints: boolean;
  readonly polarity: PolarityRule;
  readonly flavour: Flavour;
  /** start [min, max] of each group of parameters */
  readonly ranges: InitializationRanges;
  /** start of the parameter names, such as "rnn_cell." */
  readonly prefix: string;
}

/** Names of the parameters that must not be negative in explicit mode. */
export const constrainedLtcParameters: readonly string[] = ["gleak", "cm", "w", "sensory_w"];
