import { PCG64 } from "gymnasium-js";
import { z } from "zod";
import { Adam, Engine, MemoryPlan } from "../../src/engine/index.ts";
import { ConfigError, NonFiniteError } from "../../src/errors.ts";
import { PolicyConfig } from "../../src/policy/policy-config.ts";
import { PolicyNetwork } from "../../src/policy/policy-network.ts";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { resolvePolicySpec } from "../../src/policy/resolve-policy-spec.ts";
import { decodePolicy, encodePolicy, loadPolicy, savePolicy } from "../../src/policy/saved-policy.ts";
import { parseSettings } from "../../src/settings/parse-settings.ts";
import { type LossName, type LossRows, type Score, crossEntropy, meanSquaredError } from "./sequence-loss.ts";
import { type Sequences, checkSequences, isReal } from "./sequences.ts";

/** What a sequence model is. */
export interface SequenceModelOptions {
  /** numbers per step (D) */
  readonly inputDim: number;
  /** outputs (O): values, or classes for `crossEntropy` */
  readonly numOutputs: number;
  /** default `meanSquaredError` */
  readonly loss?: LossName;
  /** whether every step is scored, or only the last real one; default "every" */
  readonly scored?: "every" | "last";
  /** encoder, circuit and scales, as for policies; default a 32-neuron NCP-wired CfC */
  readonly network?: Pick<z.input<typeof PolicyConfig>, "encoder" | "circuit" | "actor">;
  /** decides wiring, weights and the order of batches; default 0 */
  readonly seed?: number;
}

/** `SequenceModelOptions` as they are checked, with their defaults. */
const Options = z.strictObject({
  inputDim: z.int().positive(),
  numOutputs: z.int().positive(),
  loss: z.enum(["meanSquaredError", "crossEntropy"] satisfies LossName[]).default("meanSquaredError"),
  scored: z.enum(["every", "last"]).default("every"),
  network: PolicyConfig.prefault({}),
  seed: z.int().nonnegative().default(0),
});

/** How to train. */
export interface FitOptions {
  /** passes over the sequences, each in a new random order */
  readonly epochs: number;
  /** sequences per update; default 32 */
  readonly batchSize?: number;
  /** of Adam; default 0.01 */
  readonly learningRate?: number;
  /** gradients are scaled down to this norm; default 1 */
  readonly maxGradNorm?: number;
  /** scored after every epoch */
  readonly validation?: Sequences;
  /** called after every epoch, counted from 0; return false to stop */
  readonly onEpoch?: (epoch: number, score: EpochScore) => boolean | void;
}

/** Scores of one epoch: `loss` and `accuracy` over its batches, each measured before its update. */
export interface EpochScore extends Readonly<Score> {
  /** after the epoch, on `FitOptions.validation`; null without */
  readonly validation: Readonly<Score> | null;
}

/** Inputs of sequences, without labels. */
type Inputs = Omit<Sequences, "targets">;

/** A network with room for so many rows and sequences, and what learning needs beside it. */
interface Passes {
  readonly maxRows: number;
  readonly maxBatch: number;
  readonly network: PolicyNetwork;
  readonly adam: Adam;
  readonly weights: Float32Array;
  readonly targets: Float32Array;
}

/**
 * A circuit that learns labelled sequences: `fit`, `evaluate`, `predict`, in the manner of Keras, on the same kernels as policies.
 * Sequences may be irregularly sampled (`elapsed`), of different lengths, or padded anywhere (`mask`). A dropout in the network's backbone
 * acts in `fit` alone. Same seed and data, same weights. The optimiser is Adam.
 *
 * Throws ConfigError: `bad-setting` on settings that are none, others (such as `bad-wiring`) where the network cannot be built for these sizes.
 */
export class SequenceModel {
  /** the network with every layer spelled out */
  readonly spec: PolicySpec;
  readonly loss: LossName;
  readonly scored: "every" | "last";
  readonly #random: PCG64;
  #passes: Passes | null = null;

  constructor(options: SequenceModelOptions) {
    const { inputDim, numOutputs, loss, scored, network, seed } = parseSettings(Options, options);
    const unbounded = (n: number): Float32Array => new Float32Array(n).fill(Infinity);
    const box = (n: number) => ({ shape: [n], dtype: "float32", low: unbounded(n).map((x) => -x), high: unbounded(n) });
    const spec = resolvePolicySpec(network, { observation: box(inputDim), action: box(numOutputs) }, seed);
    this.spec = { ...spec, critic: null };
    this.loss = loss;
    this.scored = scored;
    this.#random = new PCG64(seed);
  }

  /** Trains on the sequences and returns the score of every epoch. Throws ConfigError (`sequences`) on misfitting data, NonFiniteError when it diverges. */
  fit(data: Sequences, options: FitOptions): EpochScore[] {
    const { epochs, batchSize = 32, learningRate = 0.01, maxGradNorm = 1, validation, onEpoch } = options;
    this.#check(data);
    if (validation) this.#check(validation);
    const passes = this.#require(data.steps, Math.min(batchSize, data.count));
    const history: EpochScore[] = [];
    for (let epoch = 0; epoch < epochs; epoch++) {
      const score = { loss: 0, accuracy: 0 };
      for (const batch of this.#batches(data.count, batchSize)) {
        const part = this.#pass(passes, data, batch, true);
        this.#update(passes, part.loss, { learningRate, maxGradNorm }, epoch);
        score.loss += (part.loss * batch.length) / data.count;
        score.accuracy += (part.accuracy * batch.length) / data.count;
      }
      const epochScore = { ...score, validation: validation ? this.evaluate(validation) : null };
      history.push(epochScore);
      if (onEpoch?.(epoch, epochScore) === false) break;
    }
    return history;
  }

  /** Mean loss (and accuracy, for classes) over the sequences. Throws ConfigError (`sequences`) on misfitting data. */
  evaluate(data: Sequences): Readonly<Score> {
    this.#check(data);
    const size = Math.min(256, data.count);
    const passes = this.#require(data.steps, size);
    const total = { loss: 0, accuracy: 0 };
    for (let first = 0; first < data.count; first += size) {
      const batch = range(first, Math.min(first + size, data.count));
      const part = this.#pass(passes, data, batch, false);
      total.loss += (part.loss * batch.length) / data.count;
      total.accuracy += (part.accuracy * batch.length) / data.count;
    }
    return total;
  }

  /**
   * Outputs [N, T, O] for inputs [N, T, D]: values, or logits (unnormalised log probabilities) of the classes. A padded step repeats what the real step
   * before it said; before the first one it says what a circuit at rest does. Throws ConfigError (`sequences`) on misfitting data.
   */
  predict(data: Omit<Sequences, "targets">): Float32Array {
    const O = this.#numOutputs;
    const { count, steps } = data;
    const perStep = this.#targetsPerStep;
    checkSequences(
      { ...data, targets: new Float32Array(count * steps * perStep) },
      { inputDim: this.#inputDim, targetsPerStep: perStep },
    );
    const out = new Float32Array(count * steps * O);
    const size = Math.min(256, count);
    const { network } = this.#require(steps, size);
    for (let first = 0; first < count; first += size) {
      const batch = range(first, Math.min(first + size, count));
      this.#gather(network, data, batch, data.mask !== undefined || data.lengths !== undefined);
      network.dropout?.clear();
      network.forward(steps, batch.length);
      const { data: logits, stride } = network.logits;
      batch.forEach((n, b) => {
        for (let t = 0; t < steps; t++)
          for (let o = 0; o < O; o++) out[(n * steps + t) * O + o] = logits[(t * batch.length + b) * stride + o]!;
      });
    }
    return out;
  }

  /** The model as a policy file: enough to inspect it, export it or run it anywhere. */
  save(): Uint8Array {
    return encodePolicy(savePolicy(this.#require(1, 1).network));
  }

  /** Takes the weights of a saved model of the same shape. Throws FormatError (`policy-tensors`, or as `decodePolicy` does) otherwise. */
  load(bytes: Uint8Array): void {
    const { network } = this.#require(1, 1);
    loadPolicy(network, decodePolicy(bytes));
  }

  get #inputDim(): number {
    return this.spec.obs.shape[0]!;
  }

  get #numOutputs(): number {
    const { action } = this.spec;
    return action.kind === "box" ? action.shape[0]! : action.n;
  }

  get #targetsPerStep(): number {
    return this.loss === "crossEntropy" ? 1 : this.#numOutputs;
  }

  #check(data: Sequences): void {
    checkSequences(data, { inputDim: this.#inputDim, targetsPerStep: this.#targetsPerStep });
    if (this.loss !== "crossEntropy") return;
    const isClass = (label: number): boolean => Number.isInteger(label) && label >= 0 && label < this.#numOutputs;
    const { steps: T } = data;
    const at = data.targets.findIndex((label, i) => !isClass(label) && isReal(data, Math.floor(i / T), i % T));
    if (at >= 0)
      throw new ConfigError(
        "sequences",
        `sequences.targets[${at}] is ${data.targets[at]}; expected a class from 0 to ${this.#numOutputs - 1}`,
      );
  }

  /** A network with room for T steps of B sequences; weights and optimiser move along when a larger one is needed. */
  #require(T: number, B: number): Passes {
    const current = this.#passes;
    if (current && current.maxRows >= T * B && current.maxBatch >= B) return current;
    const maxBatch = Math.max(B, current?.maxBatch ?? 0);
    const maxRows = Math.max(T * B, maxBatch, current?.maxRows ?? 0);
    const plan = new MemoryPlan();
    const network = new PolicyNetwork(plan, this.spec, { maxRows, maxBatch, hasPadding: true });
    const adam = new Adam(plan, network.parameters, { epsilon: 1e-8 });
    Engine.create(plan);
    if (current === null) network.initialize(() => this.#random.nextDouble());
    else moveTo(network, adam, current);
    const targets = new Float32Array(maxRows * this.#targetsPerStep);
    this.#passes = { maxRows, maxBatch, network, adam, weights: new Float32Array(maxRows), targets };
    return this.#passes;
  }

  /** Sequence numbers in a new random order, in batches. */
  *#batches(count: number, size: number): Generator<readonly number[]> {
    const order = range(0, count);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(this.#random.nextDouble() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (let first = 0; first < count; first += size) yield order.slice(first, first + size);
  }

  /** `keepsState`: on padded steps. Without it they are computed on zeros, which touches nothing that comes before them. */
  #gather(network: PolicyNetwork, data: Inputs, batch: readonly number[], keepsState: boolean): void {
    const { inputs, elapsed, steps: T } = data;
    const B = batch.length;
    const rest = new Float32Array(network.stateSize);
    const nothing = new Float32Array(this.#inputDim);
    batch.forEach((n, b) => {
      network.writeState(rest, 0, b);
      for (let t = 0; t < T; t++) {
        const row = t * B + b;
        const real = isReal(data, n, t);
        network.writeObs(real ? inputs : nothing, real ? n * T + t : 0, row);
        network.writeTime(row, real ? (elapsed?.[n * T + t] ?? 1) : 1, 0);
        network.writePadding(row, keepsState && !real);
      }
    });
  }

  #pass({ network, weights, targets }: Passes, data: Sequences, batch: readonly number[], learn: boolean): Score {
    const { steps: T } = data;
    const B = batch.length;
    const P = this.#targetsPerStep;
    this.#gather(network, data, batch, data.mask !== undefined);
    let scoredRows = 0;
    batch.forEach((n, b) => {
      let isLast = true;
      for (let t = T - 1; t >= 0; t--) {
        const row = t * B + b;
        const real = isReal(data, n, t);
        const counts = real && (isLast || this.scored === "every");
        if (real) isLast = false;
        weights[row] = counts ? 1 : 0;
        if (counts) scoredRows++;
        for (let p = 0; p < P; p++) targets[row * P + p] = real ? data.targets[(n * T + t) * P + p]! : 0;
      }
    });
    for (let row = 0; row < T * B; row++) weights[row]! /= scoredRows;
    if (learn) network.dropout?.draw(T, B, () => this.#random.nextDouble());
    else network.dropout?.clear();
    network.forward(T, B);
    const rows: LossRows = {
      outputs: network.logits,
      dOutputs: learn ? network.dLogits : null,
      weights,
      rows: T * B,
      numOutputs: this.#numOutputs,
    };
    const score = this.loss === "crossEntropy" ? crossEntropy(rows, targets) : meanSquaredError(rows, targets);
    if (learn) {
      network.parameters.zeroGradients();
      network.backward(T, B, false);
    }
    return score;
  }

  #update(
    { network, adam }: Passes,
    loss: number,
    { learningRate, maxGradNorm }: { learningRate: number; maxGradNorm: number },
    epoch: number,
  ): void {
    const norm = adam.gradientNorm();
    if (!Number.isFinite(loss) || !Number.isFinite(norm))
      throw new NonFiniteError({
        quantity: "the loss",
        value: loss,
        step: adam.numSteps,
        hint: `Epoch ${epoch + 1}; a smaller learning rate may help.`,
      });
    adam.step(learningRate, Math.min(1, maxGradNorm / (norm + 1e-6)));
    network.prepare();
  }
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

function moveTo(network: PolicyNetwork, adam: Adam, { network: from, adam: fromAdam }: Passes): void {
  loadPolicy(network, savePolicy(from));
  adam.numSteps = fromAdam.numSteps;
  adam.firstMoment.set(fromAdam.firstMoment);
  adam.secondMoment.set(fromAdam.secondMoment);
}
