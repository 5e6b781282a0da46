/** How fast a neuron is at one step. */
export interface Pace {
  /** in nominal control periods: CfC 1 / |time_a|, over which the gate's odds change e-fold; pure CfC 1 / (|w_tau| + |ff1|); LTC cm / all open conductances */
  readonly timeConstant: number;
  /** CfC: the gate s, 0 keeps to ff1, 1 to ff2; null for an LTC or a pure CfC */
  readonly gate: number | null;
}

/** One step of a circuit, as it was recorded. */
export interface CircuitStep {
  /** what sensory neurons got; empty where the rule does not hear them */
  readonly features: ArrayLike<number>;
  /** neurons by id, and behind them the cells of a mixed memory: before the step (0 at rest) and after it */
  readonly before: Float32Array;
  readonly after: Float32Array;
  /** in nominal control periods */
  readonly elapsed: number;
}

/** The pace of one neuron, worked out again in float64. */
export interface PaceRule {
  readonly hearsFeatures: boolean;
  of(step: CircuitStep): Pace;
}

/** A tensor of the circuit by its name behind `circuit.`; empty where there is none. */
export type TensorOf = (name: string) => Float32Array;
