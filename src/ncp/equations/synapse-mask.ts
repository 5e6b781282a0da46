/**
 * How stored weights become the weights of a layer, entry by entry.
 *
 * effective = scale * w, or scale * |w| where `magnitude` is set (a synapse whose sign is its drawn polarity).
 */
export interface SynapseMask {
  /** same length as the weight; 0 where there is no synapse */
  readonly scale: Float64Array;
  /** 1 where only the weight's magnitude counts; null when nowhere */
  readonly magnitude: Uint8Array | null;
}

/** Masked weights, entry by entry (see `SynapseMask`): a new array, or `w` itself when there is no mask. */
export function maskWeights(w: Float64Array, mask: SynapseMask | null): Float64Array {
  if (mask === null) return w;
  const { scale, magnitude } = mask;
  return w.map((value, i) => scale[i]! * (magnitude?.[i] === 1 ? Math.abs(value) : value));
}

/** Backward of `maskWeights`: adds to dw the gradient that came to the masked weights. */
export function maskWeightsBackward(dMasked: Float64Array, w: Float64Array, mask: SynapseMask, dw: Float64Array): void {
  const { scale, magnitude } = mask;
  for (let i = 0; i < w.length; i++) {
    dw[i]! += dMasked[i]! * scale[i]! * (magnitude?.[i] === 1 ? Math.sign(w[i]!) : 1);
  }
}
