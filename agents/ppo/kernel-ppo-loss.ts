import { type IntTensor, type MemoryPlan, NUM_PPO_STATS, ppoStats, type Tensor } from "../../src/engine/index.ts";
import type { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { actionSize } from "../../src/policy/policy-spec.ts";
import type { PpoBatch, PpoLossSettings, PpoSums } from "./ppo-loss.ts";

/** `ppoLoss` of a network's last pass, in float32 by the kernels: what training uses. `ppoLoss` is its definition. */
export class KernelPpoLoss {
  readonly #plan: MemoryPlan;
  readonly #network: PolicyNetwork;
  readonly #A: number;
  readonly #choices: IntTensor;
  readonly #draws: Tensor;
  readonly #oldLogProb: Tensor;
  readonly #advantages: Tensor;
  readonly #oldValue: Tensor;
  readonly #returns: Tensor;
  readonly #stats: { readonly ptr: number; readonly data: Float64Array };

  /** Reserves its memory on the network's plan, for batches of at most `maxRows` rows. */
  constructor(plan: MemoryPlan, network: PolicyNetwork, maxRows: number) {
    const isDiscrete = network.spec.action.kind === "discrete";
    const column = (name: string): Tensor => plan.tensor(`loss ${name}`, 1, maxRows);
    this.#plan = plan;
    this.#network = network;
    this.#A = actionSize(network.spec);
    this.#choices = plan.ints("loss choices", isDiscrete ? maxRows : 0);
    this.#draws = plan.tensor("loss draws", isDiscrete ? 0 : maxRows, this.#A);
    this.#oldLogProb = column("old log-probabilities");
    this.#advantages = column("advantages");
    this.#oldValue = column("old values");
    this.#returns = column("returns");
    this.#stats = plan.doubles("loss stats", NUM_PPO_STATS);
  }

  /** Overwrites the gradients of the first R rows of logits and values, adds to that of `logStd` and to `sums`. */
  add(batch: PpoBatch, R: number, c: PpoLossSettings, sums: PpoSums): void {
    this.#oldLogProb.data.set(batch.oldLogProb);
    this.#advantages.data.set(batch.advantages);
    this.#oldValue.data.set(batch.oldValue);
    this.#returns.data.set(batch.returns);
    this.#addValueLoss(R, c, sums);
    this.#stats.data.fill(0);
    if (batch.actions instanceof Int32Array) this.#addCategorical(batch.actions, R, c);
    else this.#addGaussian(batch.actions, R, c);
    const stats = this.#stats.data;
    sums.policyLoss += stats[ppoStats.policyLoss]!;
    sums.entropy += stats[ppoStats.entropy]!;
    sums.approxKl += stats[ppoStats.approxKl]!;
    sums.clipped += stats[ppoStats.numClipped]!;
  }

  #addValueLoss(R: number, c: PpoLossSettings, sums: PpoSums): void {
    const { values, dValues } = this.#network;
    const halfSquares = this.#plan.kernels.valueLoss(
      values.ptr,
      dValues.ptr,
      values.stride,
      R,
      this.#returns.ptr,
      this.#oldValue.ptr,
      c.valueClipRange ?? 0,
      (2 * c.valueCoef) / c.totalRows,
    );
    sums.valueLoss += 2 * halfSquares;
  }

  #addCategorical(actions: Int32Array, R: number, c: PpoLossSettings): void {
    const { logits, dLogits } = this.#network;
    this.#choices.data.set(actions);
    this.#plan.kernels.categoricalPpo(
      logits.ptr,
      dLogits.ptr,
      logits.stride,
      this.#A,
      R,
      this.#choices.ptr,
      this.#oldLogProb.ptr,
      this.#advantages.ptr,
      c.advantageMean,
      c.advantageScale,
      c.clipRange,
      c.entropyCoef,
      1 / c.totalRows,
      this.#stats.ptr,
    );
  }

  #addGaussian(actions: Float32Array, R: number, c: PpoLossSettings): void {
    const { logits, dLogits, logStd, dLogStd } = this.#network;
    const { data, stride } = this.#draws;
    for (let r = 0; r < R; r++) for (let a = 0; a < this.#A; a++) data[r * stride + a] = actions[r * this.#A + a]!;
    this.#plan.kernels.gaussianPpo(
      logits.ptr,
      dLogits.ptr,
      logits.stride,
      this.#A,
      R,
      logStd!.byteOffset, // a view of engine memory; Box actions have one
      dLogStd!.byteOffset,
      this.#draws.ptr,
      this.#oldLogProb.ptr,
      this.#advantages.ptr,
      c.advantageMean,
      c.advantageScale,
      c.clipRange,
      c.entropyCoef,
      1 / c.totalRows,
      this.#stats.ptr,
    );
  }
}
