import type { Weights } from "./weights.ts";

/** Settings of Adam; defaults are torch's. */
export interface AdamOptions {
  readonly learningRate: number;
  /** decay of the mean of gradients; default 0.9 */
  readonly beta1?: number;
  /** decay of the mean of squared gradients; default 0.999 */
  readonly beta2?: number;
  /** added to the root of the second moment; default 1e-8 */
  readonly epsilon?: number;
}

/** The optimiser Adam, as `torch.optim.Adam` without weight decay. Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1. */
export class Adam {
  readonly #options: Required<AdamOptions>;
  readonly #moments = new Map<string, { readonly first: Float64Array; readonly second: Float64Array }>();
  #steps = 0;

  constructor(options: AdamOptions) {
    this.#options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, ...options };
  }

  /** One update of every tensor that has a gradient. Mutates the weights. */
  step(weights: Weights, gradients: Weights): void {
    const { learningRate, beta1, beta2, epsilon } = this.#options;
    this.#steps++;
    const stepSize = learningRate / (1 - beta1 ** this.#steps);
    const correction = Math.sqrt(1 - beta2 ** this.#steps);
    for (const [name, gradient] of Object.entries(gradients)) {
      const w = weights[name]!;
      const { first, second } = this.#momentsOf(name, w.length);
      gradient.forEach((d, i) => {
        first[i] = beta1 * first[i]! + (1 - beta1) * d;
        second[i] = beta2 * second[i]! + (1 - beta2) * d * d;
        w[i]! -= (stepSize * first[i]!) / (Math.sqrt(second[i]!) / correction + epsilon);
      });
    }
  }

  #momentsOf(name: string, length: number): { readonly first: Float64Array; readonly second: Float64Array } {
    let moments = this.#moments.get(name);
    if (moments === undefined) {
      moments = { first: new Float64Array(length), second: new Float64Array(length) };
      this.#moments.set(name, moments);
    }
    return moments;
  }
}

/** Euclidean norm of all gradients together. */
export const gradientNorm = (gradients: Weights): number =>
  Math.sqrt(Object.values(gradients).reduce((sum, g) => g.reduce((s, d) => s + d * d, sum), 0));

/** Scales all gradients so that their norm is at most `maxNorm`, as torch's `clip_grad_norm_`; returns the norm before. Mutates. */
export function clipGradientNorm(gradients: Weights, maxNorm: number): number {
  const norm = gradientNorm(gradients);
  const scale = maxNorm / (norm + 1e-6);
  if (scale < 1) Object.values(gradients).forEach((g) => g.forEach((d, i) => (g[i] = d * scale)));
  return norm;
}
