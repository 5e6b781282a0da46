import { sigmoid } from "./activation.ts";

/** One group of synapses onto the neurons: from sensors, or from neurons. */
export interface SynapseGroup {
  /** number of sources */
  readonly sources: number;
  /** flat [source * N + dest] of every drawn synapse */
  readonly synapses: Int32Array;
  /** conductance pos(w) by flat index */
  readonly conductance: Float64Array;
  readonly sigma: Float64Array;
  readonly mu: Float64Array;
  /** reversal potential by flat index */
  readonly reversal: Float64Array;
}

/** Gradients of a group's conductance, sigma, mu and reversal potential. */
export type SynapseGradient = Pick<SynapseGroup, "conductance" | "sigma" | "mu" | "reversal">;

/** Sums over incoming synapses, each [B, N]: activation times reversal potential, and activation. */
export interface Currents {
  readonly numerator: Float64Array;
  readonly denominator: Float64Array;
}

/**
 * Sums of synaptic activations w sigmoid(sigma (v - mu)) onto each neuron.
 * Shapes: v [B, sources], sums [B, N].
 */
export function synapticCurrents(v: Float64Array, group: SynapseGroup, B: number, N: number): Currents {
  const numerator = new Float64Array(B * N);
  const denominator = new Float64Array(B * N);
  for (let n = 0; n < B; n++) {
    for (const k of group.synapses) {
      const potential = v[n * group.sources + Math.floor(k / N)]!;
      const activation = group.conductance[k]! * sigmoid(group.sigma[k]! * (potential - group.mu[k]!));
      numerator[n * N + (k % N)]! += activation * group.reversal[k]!;
      denominator[n * N + (k % N)]! += activation;
    }
  }
  return { numerator, denominator };
}

/** Backward of `synapticCurrents`: adds to the group's gradients and to dV [B, sources]. */
export function synapticCurrentsBackward(
  d: Currents,
  v: Float64Array,
  group: SynapseGroup,
  grads: SynapseGradient,
  dV: Float64Array,
  { B, N }: { readonly B: number; readonly N: number },
): void {
  for (let n = 0; n < B; n++) {
    for (const k of group.synapses) {
      const at = n * group.sources + Math.floor(k / N);
      const to = n * N + (k % N);
      const gate = sigmoid(group.sigma[k]! * (v[at]! - group.mu[k]!));
      const activation = group.conductance[k]! * gate;
      const dActivation = d.numerator[to]! * group.reversal[k]! + d.denominator[to]!;
      grads.reversal[k]! += d.numerator[to]! * activation;
      grads.conductance[k]! += dActivation * gate;
      const dArgument = dActivation * activation * (1 - gate);
      grads.sigma[k]! += dArgument * (v[at]! - group.mu[k]!);
      grads.mu[k]! -= dArgument * group.sigma[k]!;
      dV[at]! += dArgument * group.sigma[k]!;
    }
  }
}
