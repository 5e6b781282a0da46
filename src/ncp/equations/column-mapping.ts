import type { LtcMapping } from "./ltc-options.ts";
import type { Weights } from "./weights.ts";

/** Weights of a model and where their gradients are added. */
export interface StoredWeights {
  readonly weights: Weights;
  readonly grads: Weights;
}

/** Mapped values [B, n] and the backward pass: takes their gradient, gives that of the input, adds weight gradients. */
export interface MappedColumns {
  readonly values: Float64Array;
  readonly backward: (d: Float64Array) => Float64Array;
}

/** Per-column scale and shift [B, n]: affine w x + b, linear w x, or nothing. */
export function mapColumns(
  x: Float64Array,
  B: number,
  mapping: LtcMapping,
  name: string,
  { weights, grads }: StoredWeights,
): MappedColumns {
  if (mapping === "none") return { values: x, backward: (d) => d };
  const n = x.length / B;
  const w = weights[`${name}_w`]!;
  const b = mapping === "affine" ? weights[`${name}_b`]! : null;
  const values = x.map((value, k) => value * w[k % n]! + (b?.[k % n] ?? 0));
  const backward = (d: Float64Array): Float64Array => {
    d.forEach((value, k) => {
      grads[`${name}_w`]![k % n]! += value * x[k]!;
      if (b !== null) grads[`${name}_b`]![k % n]! += value;
    });
    return d.map((value, k) => value * w[k % n]!);
  };
  return { values, backward };
}
