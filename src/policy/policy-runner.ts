/** What one policy step says. Arrays are views that the next step overwrites; copy what must stay. */
export interface PolicyStep {
  /** Discrete: the chosen index. Box: [A] values inside the action space. */
  readonly action: number | Float32Array;
  /** [M] motor neurons before scale and bias, in action order */
  readonly motor: Float32Array;
  /** [H] every neuron by neuron id (motor first, then command, then inter) */
  readonly state: Float32Array;
  /** [A] logits (Discrete) or means (Box) */
  readonly logits: Float32Array;
  /** critic's value of the observation; NaN where the policy was saved without a critic */
  readonly value: number;
}

/** Acts in one environment, carrying the circuit's state. Browser-safe; used by evaluation, replay and the page. */
export interface PolicyRunner {
  /** Starts an episode: all neurons at rest. */
  reset(): void;
  /** `elapsed` in nominal control periods. `uniform`: draws in [0, 1) for a stochastic action; without it the action is greedy. */
  step(obs: Float32Array | Uint8Array, elapsed: number, uniform?: () => number): PolicyStep;
}
