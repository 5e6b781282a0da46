/** One moment of a policy in its world. */
export interface PolicyMoment {
  /** [D] flat, as the environment gave it */
  readonly obs: Float32Array | Uint8Array;
  /** [H] neurons before the step, by neuron id; all zero at the start of an episode. Ignored by policies without state */
  readonly state: Float32Array;
  /** since the observation before, in nominal control periods */
  readonly elapsed: number;
}

/** Says what in an observation a policy's decision rests on. Browser-safe. Every result is a copy. */
export interface PolicyExplainer {
  /** size of image observations, else null */
  readonly picture: { readonly height: number; readonly width: number; readonly channels: number } | null;
  /**
   * VisualBackProp: [height, width] in [0, 1], 1 where the convolutions found most. It looks at the encoder alone, so the circuit's state does
   * not matter. Throws ConfigError for a policy without convolutions.
   */
  visualBackProp(obs: Uint8Array): Float32Array<ArrayBuffer>;
  /**
   * Gradient × input: [D] how much every entry of the observation, as the network sees it (scaled, normalised or standardised), pushed logit
   * (Discrete) or mean (Box) number `motor` up. To first order: exact for a linear policy.
   */
  inputGradient(moment: PolicyMoment, motor: number): Float32Array<ArrayBuffer>;
  /** The same as a picture: [height, width] in [0, 1], sizes summed over channels. Throws ConfigError where observations are no images. */
  inputGradientPicture(moment: PolicyMoment, motor: number): Float32Array<ArrayBuffer>;
}
