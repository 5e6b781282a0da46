/**
 * What one policy step says, for M motor neurons, H numbers of state and A logits or action dimensions (A = M).
 * Arrays are views that the next step overwrites; copy what must stay.
 */
export interface PolicyStep {
  /** Discrete: the action as the env takes it, counted from the space's `start`. Box: [A] values inside the action space. */
  readonly action: number | Float32Array;
  /** [M] motor neurons before scale and bias, in action order */
  readonly motor: Float32Array;
  /** [H] every neuron by neuron id (motor first, then command, then inter), then the memory of a mixed-memory circuit; [0] without state */
  readonly state: Float32Array;
  /** [A] logits (Discrete) or means (Box) */
  readonly logits: Float32Array;
  /** critic's value of the observation; NaN where the policy was saved without a critic */
  readonly value: number;
}

/** Acts in one environment, carrying the circuit's state. Browser-safe: evaluation, replay and the viewer act by it. */
export interface PolicyRunner {
  /** Starts an episode: all neurons at rest. */
  reset(): void;
  /**
   * Acts once on an observation [D], flat and raw as the env gave it. `elapsed`: time since the observation before, in nominal control
   * periods. `uniform`: draws in [0, 1) for a stochastic action; without it the action is greedy. Throws ConfigError (`wrong-observation`)
   * on an observation of another length; then nothing has changed.
   */
  step(obs: Float32Array | Uint8Array, elapsed: number, uniform?: () => number): PolicyStep;
}
