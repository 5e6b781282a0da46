/** One moment of a policy in its world. */
export interface PolicyMoment {
  /** [D] flat, as the environment gave it */
  readonly obs: Float32Array | Uint8Array;
  /** [H] state before the step, as `PolicyStep.state` of the step before; all zero at the start of an episode; [0] for policies without */
  readonly state: Float32Array;
  /** since the observation before, in nominal control periods */
  readonly elapsed: number;
}

/**
 * Says what in an observation a policy's decision rests on. Browser-safe. Every result is a copy.
 * Methods throw ConfigError on a moment that does not fit the policy (`wrong-observation`, `wrong-state`, `wrong-motor`).
 */
export interface PolicyExplainer {
  /** size of the images that the convolutions see; null for a policy without convolutions */
  readonly picture: { readonly height: number; readonly width: number; readonly channels: number } | null;
  /**
   * VisualBackProp (Bojarski et al. 2016, arXiv:1611.05418) of an image [height, width, channels]: [height, width] in [0, 1], 1 where the
   * convolutions found most. It looks at the encoder alone, so the circuit's state does not matter. Throws ConfigError (`no-picture`) for a
   * policy without convolutions.
   */
  visualBackProp(obs: Uint8Array): Float32Array<ArrayBuffer>;
  /**
   * Gradient × input: [D] how much every entry of the observation, as the network sees it (scaled, normalised or standardised), pushed logit
   * (Discrete) or mean (Box) number `motor` up. To first order: exact for a linear policy.
   */
  inputGradient(moment: PolicyMoment, motor: number): Float32Array<ArrayBuffer>;
  /**
   * `inputGradient` as a picture: [height, width] in [0, 1], sizes summed over channels, the largest 1. Throws ConfigError (`no-picture`)
   * for a policy without convolutions.
   */
  inputGradientPicture(moment: PolicyMoment, motor: number): Float32Array<ArrayBuffer>;
}
