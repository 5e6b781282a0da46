import { constrainedLtcParameters } from "../equations/ltc-options.ts";
import type { Weights } from "../equations/weights.ts";
import { modelPrefixes } from "./create-cell.ts";
import type { RecurrentModel } from "./recurrent-model.ts";

/**
 * Keeps what must not be negative in an LTC at 0 or above; to be called after each optimiser step. Mutates the weights.
 * Does nothing for implicit constraints (softplus does it) and for other models.
 */
export function applyWeightConstraints({ config }: RecurrentModel, weights: Weights): void {
  if (config.kind !== "ltc") return;
  if (config.implicitParamConstraints ?? config.flavour === "torch") return;
  for (const name of constrainedLtcParameters) {
    const w = weights[modelPrefixes.cell + name]!;
    w.forEach((value, i) => (w[i] = Math.max(value, 0)));
  }
}
