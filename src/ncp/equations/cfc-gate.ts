import { sigmoid } from "./activation.ts";

/** Update rule of a CfC cell; the formulas are at `cfcCell`. */
export type CfcMode = "default" | "no_gate" | "pure";

/** All CfC modes. */
export const cfcModes: readonly CfcMode[] = ["default", "no_gate", "pure"];

/** The two incompatible conventions of the reference library ncps: its PyTorch package, and its Keras and TensorFlow packages. */
export type Flavour = "torch" | "keras";

/** Pre-activations of one layer, each [B, H]. In the reference they are called ff1, ff2, time_a and time_b. */
export interface GatedHeads {
  readonly f1: Float64Array;
  readonly f2: Float64Array;
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/** Next state [B, H] and its backward pass. */
export interface GatedUpdate {
  readonly state: Float64Array;
  /** Gradients [B, H] of the four heads; adds to dElapsed [B]. */
  backward(dState: Float64Array, dElapsed: Float64Array): GatedHeads;
}

/**
 * Gated CfC update with s = sigmoid(a dt + b):
 * `default` next = (1 - s) tanh(f1) + s tanh(f2); `no_gate` next = tanh(f1) + s tanh(f2).
 *
 * The keras flavour has s = sigmoid(-a dt + b) and leaves f1 and f2 linear.
 * Source: Hasani et al. 2022, doi:10.1038/s42256-022-00556-7. Shapes: heads [B, H], elapsed [B].
 */
export function gatedUpdate(
  { f1, f2, a, b }: GatedHeads,
  elapsed: Float64Array,
  { mode, flavour }: { readonly mode: "default" | "no_gate"; readonly flavour: Flavour },
): GatedUpdate {
  const H = f1.length / elapsed.length;
  const squash = flavour === "torch";
  const sign = squash ? 1 : -1;
  const keepFirst = mode === "default" ? 1 : 0;
  const g1 = squash ? f1.map(Math.tanh) : f1;
  const g2 = squash ? f2.map(Math.tanh) : f2;
  const s = a.map((value, k) => sigmoid(sign * value * elapsed[Math.floor(k / H)]! + b[k]!));
  const state = s.map((gate, k) => g1[k]! * (1 - keepFirst * gate) + gate * g2[k]!);

  const backward = (dState: Float64Array, dElapsed: Float64Array): GatedHeads => {
    const slope = (g: number): number => (squash ? 1 - g * g : 1);
    // state = g1 (1 - s) + s g2, or g1 + s g2
    const dF1 = dState.map((d, k) => d * (1 - keepFirst * s[k]!) * slope(g1[k]!));
    const dF2 = dState.map((d, k) => d * s[k]! * slope(g2[k]!));
    // s = sigmoid(sign a dt + b)
    const dB = dState.map((d, k) => d * (g2[k]! - keepFirst * g1[k]!) * s[k]! * (1 - s[k]!));
    const dA = dB.map((d, k) => d * sign * elapsed[Math.floor(k / H)]!);
    dB.forEach((d, k) => (dElapsed[Math.floor(k / H)]! += d * sign * a[k]!));
    return { f1: dF1, f2: dF2, a: dA, b: dB };
  };
  return { state, backward };
}

/** Weights of the pure mode, each [H]. */
export interface PureWeights {
  /** inverse time constants; only their magnitude counts */
  readonly wTau: Float64Array;
  /** amplitudes, the reference's A */
  readonly amplitude: Float64Array;
}

/** Next state [B, H] of the pure mode and its backward pass. */
export interface PureUpdate {
  readonly state: Float64Array;
  /** Gradient [B, H] of f1; adds to dElapsed [B] and to the weights' gradients [H]. */
  backward(dState: Float64Array, dElapsed: Float64Array, grads: PureWeights): Float64Array;
}

/** Closed-form solution without gates: next = A - A exp(-dt (|w_tau| + |f1|)) f1. Shapes: f1 [B, H], elapsed [B]. */
export function pureUpdate(f1: Float64Array, elapsed: Float64Array, { wTau, amplitude }: PureWeights): PureUpdate {
  const H = wTau.length;
  const decay = f1.map((f, k) => Math.exp(-elapsed[Math.floor(k / H)]! * (Math.abs(wTau[k % H]!) + Math.abs(f))));
  const state = f1.map((f, k) => amplitude[k % H]! * (1 - decay[k]! * f));

  const backward = (dState: Float64Array, dElapsed: Float64Array, grads: PureWeights): Float64Array =>
    dState.map((d, k) => {
      const [n, j] = [Math.floor(k / H), k % H];
      const [f, e, A, dt] = [f1[k]!, decay[k]!, amplitude[j]!, elapsed[n]!];
      const dExponent = -d * A * e * f; // d loss / d (-dt (|w_tau| + |f1|))
      grads.amplitude[j]! += d * (1 - e * f);
      grads.wTau[j]! -= dExponent * dt * Math.sign(wTau[j]!);
      dElapsed[n]! -= dExponent * (Math.abs(wTau[j]!) + Math.abs(f));
      return -d * A * e - dExponent * dt * Math.sign(f);
    });
  return { state, backward };
}
