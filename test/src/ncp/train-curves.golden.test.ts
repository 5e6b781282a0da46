import { describe, expect, test } from "vitest";
import { Adam, applyWeightConstraints, clipGradientNorm, createModel, gradientNorm } from "../../../src/ncp/index.ts";
import { expectClose } from "../../helpers/expect-close.ts";
import { type ModelCase, type StoredTensor, describePack } from "../../helpers/golden-models.ts";
import { toModelConfig } from "../../helpers/reference-model.ts";

interface TrainingCase extends Omit<ModelCase, "outputs"> {
  readonly lr: number;
  readonly steps: number;
  /** 0: no clipping */
  readonly clip_norm: number;
  readonly optimizer: string;
  readonly apply_weight_constraints?: boolean;
  readonly losses: readonly number[];
  readonly grad_norms_before_clip: readonly number[];
  readonly outputs: { readonly final_weights: Readonly<Record<string, StoredTensor>> };
}

/** Reads such as "torch.optim.Adam(betas=(0.9,0.999), eps=1e-8, no weight decay)". */
function parseAdam(text: string): { beta1: number; beta2: number; epsilon: number } {
  const [, beta1, beta2, epsilon] = /Adam\(betas=\(([\d.]+),([\d.]+)\), eps=([\d.e-]+)/.exec(text) ?? [];
  return { beta1: Number(beta1), beta2: Number(beta2), epsilon: Number(epsilon) };
}

describePack<TrainingCase>("train_curves", (pack) => {
  describe("train_curves: losses, gradient norms and final weights equal the reference's (within 1e-10)", () => {
    test.each(pack.cases.map((c) => [c.id, c] as const))("%s", (_, c) => {
      const model = createModel(toModelConfig(c));
      const read = (stored: StoredTensor): Float64Array => pack.read(stored, c.dtype).data;
      const weights = Object.fromEntries(Object.entries(c.weights).map(([name, stored]) => [name, read(stored)]));
      const input = pack.read(c.inputs.input!, c.dtype);
      const target = read(c.inputs.target!);
      const adam = new Adam({ learningRate: c.lr, ...parseAdam(c.optimizer) });
      const losses: number[] = [];
      const norms: number[] = [];
      for (let step = 0; step < c.steps; step++) {
        const { output, backward } = model.forward(weights, { input });
        const error = output.data.map((value, i) => value - target[i]!);
        losses.push(error.reduce((sum, e) => sum + e * e, 0) / error.length);
        const dOutput = { shape: output.shape, data: error.map((e) => (2 * e) / error.length) };
        const gradients = backward({ output: dOutput }).weights;
        norms.push(c.clip_norm > 0 ? clipGradientNorm(gradients, c.clip_norm) : gradientNorm(gradients));
        adam.step(weights, gradients);
        if (c.apply_weight_constraints === true) applyWeightConstraints(model, weights);
      }
      expectClose("losses", losses, c.losses, 1e-10);
      if (c.grad_norms_before_clip.length > 0) expectClose("norms", norms, c.grad_norms_before_clip, 1e-10);
      const finals = Object.entries(c.outputs.final_weights);
      expect(finals.length).toBeGreaterThan(0);
      for (const [name, stored] of finals) expectClose(name, weights[name]!, read(stored), 1e-10);
    });
  });
});
