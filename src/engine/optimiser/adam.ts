import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import { Tensor } from "../tensor.ts";

/** Settings of Adam. */
export interface AdamOptions {
  /** decay of the first moment, default 0.9 */
  readonly beta1?: number;
  /** decay of the second moment, default 0.999 */
  readonly beta2?: number;
  /** added to the root of the second moment, default 1e-5 */
  readonly epsilon?: number;
  /** decoupled weight decay (AdamW), default 0 */
  readonly weightDecay?: number;
}

/**
 * Adam with bias correction over a whole parameter block.
 *
 * m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g²; w -= lr (m / c1) / (sqrt(v / c2) + epsilon).
 * Source: Kingma and Ba 2015, algorithm 1 (epsilon inside as in PyTorch).
 */
export class Adam {
  /** steps done; part of the state to save, with both moments */
  numSteps = 0;
  readonly #plan: MemoryPlan;
  readonly #block: ParameterBlock;
  readonly #options: Required<AdamOptions>;
  #first: Tensor | null = null;
  #second: Tensor | null = null;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: AdamOptions = {}) {
    this.#plan = plan;
    this.#block = block;
    this.#options = { beta1: 0.9, beta2: 0.999, epsilon: 1e-5, weightDecay: 0, ...options };
    plan.late(() => {
      this.#first = new Tensor("adam first moment", 1, block.length);
      this.#second = new Tensor("adam second moment", 1, block.length);
      return [this.#first, this.#second];
    });
  }

  /** Moving average of gradients, laid out like `block.values`. */
  get firstMoment(): Float32Array {
    return this.#first!.data; // exists once the plan is sealed; before, `values` of the block throws too
  }

  /** Moving average of squared gradients, laid out like `block.values`. */
  get secondMoment(): Float32Array {
    return this.#second!.data;
  }

  /** Euclidean norm of all gradients, summed in float64. NaN or infinite when any of them is. */
  gradientNorm(): number {
    return Math.sqrt(this.#plan.kernels.sumSquares(this.#block.gradientPtr(), this.#block.length, 0));
  }

  /** One step with the block's gradients times `gradientScale` (clipping: min(1, maxNorm / (norm + 1e-6))). Call the layers' `prepare` afterwards. */
  step(learningRate: number, gradientScale = 1): void {
    this.numSteps++;
    const { beta1, beta2, epsilon, weightDecay } = this.#options;
    this.#plan.kernels.adam(
      this.#block.valuePtr(),
      this.#block.gradientPtr(),
      this.#first!.ptr,
      this.#second!.ptr,
      this.#block.length,
      gradientScale,
      learningRate,
      beta1,
      beta2,
      epsilon,
      1 - beta1 ** this.numSteps,
      1 - beta2 ** this.numSteps,
      weightDecay,
    );
  }
}
