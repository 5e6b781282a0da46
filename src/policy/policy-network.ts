import {
  AffineMotor,
  type BackboneDropout,
  ConvEncoder,
  type DifferentiableSignal,
  type FeedForwardLayer,
  type ImageSource,
  type MemoryPlan,
  Mlp,
  ParameterBlock,
  type Tensor,
  type RecurrentLayer,
  type Uniform,
} from "../engine/index.ts";
import { KernelError } from "../errors.ts";
import { Critic } from "./critic.ts";
import { createDecider, type Decider } from "./decider.ts";
import { Normalizer } from "./normalizer.ts";
import { ObsInput } from "./obs-input.ts";
import { actionSize, obsSize, type PolicySpec } from "./policy-spec.ts";

/** How much a network must be able to hold at once. */
export interface NetworkSize {
  /** most rows (steps × samples) of one pass */
  readonly maxRows: number;
  /** most samples (sequences, environments) of one pass */
  readonly maxBatch: number;
  /** whether steps may be padding; default false */
  readonly hasPadding?: boolean;
  /** whether `backward` also finds the gradient of the observations (explanations); learners do without */
  readonly hasObsGradient?: boolean;
}

/**
 * Encoder, circuit, actor and critic on one engine: acts step by step and learns over sequences, time-major (row t * B + b).
 *
 * Use: construct on a plan, `Engine.create(plan)`, set the weights (`initialize` or `parameters.set`), `prepare`. No gradient flows from
 * the critic into the circuit. Allocates nothing after construction.
 */
export class PolicyNetwork {
  readonly spec: PolicySpec;
  readonly parameters: ParameterBlock;
  readonly normalizer: Normalizer | null;
  /** numbers that a sample carries from step to step (H): neurons by id, then the cells of a mixed memory; 0 without a circuit */
  readonly stateSize: number;
  /** whether the critic needs the circuit's state */
  readonly criticReadsState: boolean;
  readonly #obs: ObsInput;
  readonly #encoder: Encoder | null;
  readonly #decider: Decider;
  readonly #actor: AffineMotor;
  readonly #critic: Critic | null;
  readonly #logStd: number | null;
  readonly #initial: readonly Tensor[];
  readonly #final: readonly Tensor[];

  constructor(
    plan: MemoryPlan,
    spec: PolicySpec,
    { maxRows, maxBatch, hasPadding = false, hasObsGradient = false }: NetworkSize,
  ) {
    const block = new ParameterBlock(plan);
    const D = obsSize(spec);
    const A = actionSize(spec);
    this.spec = spec;
    this.parameters = block;
    this.normalizer = spec.normalizeObs ? new Normalizer(D) : null;
    this.#obs = new ObsInput(plan, spec, maxRows, hasObsGradient);
    this.#encoder = createEncoder(plan, block, spec, this.#obs);
    const features = this.#encoder?.output ?? this.#obs.signal;
    this.#decider = createDecider(plan, block, spec.circuit, features, A, { maxBatch, hasPadding });
    this.#initial = this.#carried("initial");
    this.#final = this.#carried("final");
    this.stateSize = this.#initial.reduce((sum, part) => sum + part.cols, 0);
    const { motor } = this.#decider;
    this.#actor = new AffineMotor(plan, block, { name: "actor", input: motor, initialScale: spec.actor.scaleInit });
    this.#logStd = spec.action.kind === "box" ? block.reserve(A) : null;
    if (this.#logStd !== null) block.declare({ name: "actor.logStd", shape: [A], offset: this.#logStd, strides: [1] });
    const { critic } = spec;
    this.criticReadsState = critic !== null && critic.input.endsWith("+state") && this.stateSize > 0;
    const states = this.criticReadsState ? this.#circuit!.states : null; // a state needs a circuit
    this.#critic =
      critic === null
        ? null
        : new Critic(plan, block, critic, {
            input: critic.input.startsWith("features") ? features : this.#obs.signal,
            states,
          });
  }

  /** [rows, D] the observations written, as the network sees them (scaled or normalised). Throws KernelError for images. */
  get observations(): Tensor {
    return this.#obs.signal.value;
  }

  /** Gradient of `observations` after `backward`. Throws KernelError unless the network was made with `hasObsGradient`. */
  get dObservations(): Tensor {
    const { gradient } = this.#obs.signal;
    if (gradient === null) throw new KernelError("internal", "internal: made without gradient of the observations");
    return gradient;
  }

  /** [rows, features] what the circuit's sensory neurons get: the encoder's output of the last pass, or the observations written. */
  get features(): Tensor {
    return this.#encoder?.output.value ?? this.observations;
  }

  /** Feature maps of the last pass, first to last; none without convolutions. */
  get featureMaps(): ConvEncoder["featureMaps"] {
    return this.#encoder instanceof ConvEncoder ? this.#encoder.featureMaps : [];
  }

  /** The images written, where an encoder convolves them; null where observations are rows of floats. */
  get images(): ImageSource | null {
    return this.#obs.images;
  }

  /** What the circuit reads beside its inputs, and its state before and after the pass; null without a circuit. */
  get circuitTime(): CircuitTime | null {
    return this.#circuit;
  }

  /** Dropout in the circuit's backbone, which acts after `draw`; null where there is none. */
  get dropout(): BackboneDropout | null {
    return this.#decider.dropout;
  }

  /** [rows, A] logits (Discrete) or means (Box) of the last pass. */
  get logits(): Tensor {
    return this.#actor.output.value;
  }

  /** Gradient of `logits`, to be filled before `backward`. */
  get dLogits(): Tensor {
    return this.#actor.output.gradient;
  }

  /** [rows, A] motor neurons of the last pass. */
  get motor(): Tensor {
    return this.#actor.input.value;
  }

  /** [rows, 1] critic's values of the last `evaluate`. */
  get values(): Tensor {
    return this.#needCritic().values;
  }

  /** Gradient of `values`, to be filled before `backward`. */
  get dValues(): Tensor {
    return this.#needCritic().dValues;
  }

  /** [A] log standard deviations of Box actions: a view; null for Discrete. */
  get logStd(): Float32Array | null {
    return this.#logStdOf(this.parameters.values);
  }

  /** Gradient of `logStd`. */
  get dLogStd(): Float32Array | null {
    return this.#logStdOf(this.parameters.gradients);
  }

  /** Draws first weights, layer by layer in a fixed order. Calls `prepare`. */
  initialize(uniform: Uniform): void {
    for (const layer of this.#layers()) layer.initialize(uniform);
    this.logStd?.fill(this.spec.actor.logStdInit);
    this.prepare();
  }

  /** Makes changed weights count. Call after every change of `parameters.values`. */
  prepare(): void {
    for (const layer of this.#layers()) layer.prepare();
  }

  /** Writes observation `from` of `source` [·, D] into row `row`, normalised where the policy normalises. */
  writeObs(source: Float32Array | Uint8Array, from: number, row: number): void {
    this.#obs.write(source, from, row, this.normalizer);
  }

  /** Writes observations from[0 … R) of `obs` [·, D] into rows 0 … R, and with each its elapsed time and whether an episode starts there. */
  writeRows({ obs, elapsed, episodeStart }: ObsRows, from: Int32Array, R: number): void {
    this.#obs.writeRows(obs, from, R, this.normalizer);
    const circuit = this.#circuit;
    if (circuit === null) return;
    const [times, starts] = [circuit.elapsed.data, circuit.episodeStart.data];
    for (let row = 0; row < R; row++) {
      times[row] = elapsed[from[row]!]!;
      starts[row] = episodeStart[from[row]!]!;
    }
  }

  /** Writes a row's elapsed time, and whether an episode starts there (its state is zeroed before the step). */
  writeTime(row: number, elapsed: number, episodeStart: number): void {
    const circuit = this.#circuit;
    if (circuit === null) return;
    circuit.elapsed.data[row] = elapsed;
    circuit.episodeStart.data[row] = episodeStart;
  }

  /** Writes whether a row is padding: the state stays, the output repeats. Throws KernelError unless made with `hasPadding`. */
  writePadding(row: number, isPadding: boolean): void {
    const circuit = this.#circuit;
    if (circuit === null) return;
    if (circuit.padding === null) throw new KernelError("internal", "internal: made without padding");
    circuit.padding.data[row] = isPadding ? 1 : 0;
  }

  /** Sets sample b's state before the pass to row `from` of states [·, H]. */
  writeState(states: Float32Array, from: number, b: number): void {
    let at = from * this.stateSize;
    for (const { data, stride, cols } of this.#initial)
      for (let h = 0; h < cols; h++) data[b * stride + h] = states[at++]!;
  }

  /** Sets the states of N samples from states [N, H]. */
  setState(states: Float32Array, N: number): void {
    for (let n = 0; n < N; n++) this.writeState(states, n, n);
  }

  /** Copies the states of N samples to states [N, H]. */
  getState(states: Float32Array, N: number): void {
    this.#read(this.#initial, states, N);
  }

  /** Copies the states of N samples after the last `forward` to states [N, H]. */
  getFinalState(states: Float32Array, N: number): void {
    this.#read(this.#final, states, N);
  }

  /** The encoder's part of a pass over the rows written. */
  encode(rows: number): void {
    this.#encoder?.forward(rows);
  }

  /** One step of N samples from the rows written: `logits`, `motor` and the state move on. */
  step(N: number): void {
    this.encode(N);
    this.#decider.step(N);
    this.#actor.forward(N);
    if (this.criticReadsState) this.#circuit?.gatherStates(1, N);
  }

  /** T steps of B samples from the rows and states written: `logits` of all T * B rows. */
  forward(T: number, B: number): void {
    this.encode(T * B);
    this.#decider.forward(T, B);
    this.#actor.forward(T * B);
    if (this.criticReadsState) this.#circuit?.gatherStates(T, B);
  }

  /** Critic's `values` of the rows of the last `step` or `forward`, or of rows just written where it does not read the state. */
  evaluate(rows: number): void {
    this.#needCritic().forward(rows);
  }

  /** Adds the gradients of the last `forward` (and `evaluate`, with `withCritic`) to `parameters.gradients`. */
  backward(T: number, B: number, withCritic = true): void {
    if (withCritic) this.#needCritic().backward(T * B);
    this.#actor.backward(T * B);
    this.#decider.backward(T, B);
    if (withCritic) this.#needCritic().addInputGradient(T * B);
    this.#encoder?.backward(T * B);
  }

  /** The part with state; null where there is none. */
  get #circuit(): RecurrentLayer | null {
    return this.#decider.recurrent;
  }

  /** The parts of a state, side by side in `getState` and its like. */
  #carried(when: "initial" | "final"): readonly Tensor[] {
    const circuit = this.#circuit;
    if (circuit === null) return [];
    const [state, memory] =
      when === "initial" ? [circuit.initialState, circuit.initialMemory] : [circuit.finalState, circuit.finalMemory];
    return memory === null ? [state] : [state, memory];
  }

  #read(parts: readonly Tensor[], states: Float32Array, N: number): void {
    let at = 0;
    for (let n = 0; n < N; n++)
      for (const { data, stride, cols } of parts) for (let h = 0; h < cols; h++) states[at++] = data[n * stride + h]!;
  }

  #needCritic(): Critic {
    if (this.#critic === null) throw new KernelError("no-critic", "policy: it was saved without a critic");
    return this.#critic;
  }

  #logStdOf(vector: Float32Array): Float32Array | null {
    return this.#logStd === null ? null : vector.subarray(this.#logStd, this.#logStd + actionSize(this.spec));
  }

  *#layers(): Generator<Pick<FeedForwardLayer, "initialize" | "prepare">> {
    if (this.#encoder) yield this.#encoder;
    yield this.#decider;
    yield this.#actor;
    if (this.#critic) yield this.#critic;
  }
}

/** What a network reads at every step, one entry per row. */
export interface ObsRows {
  /** [rows, D] */
  readonly obs: Float32Array | Uint8Array;
  readonly elapsed: Float32Array;
  /** 0 or 1 */
  readonly episodeStart: Uint8Array;
}

/** The circuit's side inputs and its state. */
export type CircuitTime = Pick<
  RecurrentLayer,
  "elapsed" | "episodeStart" | "initialState" | "finalState" | "initialMemory" | "finalMemory"
>;

interface Encoder extends Pick<FeedForwardLayer, "initialize" | "prepare" | "forward" | "backward"> {
  readonly output: DifferentiableSignal;
}

function createEncoder(
  plan: MemoryPlan,
  block: ParameterBlock,
  { encoder }: PolicySpec,
  obs: ObsInput,
): Encoder | null {
  switch (encoder.kind) {
    case "none":
      return null;
    case "mlp":
      return new Mlp(plan, block, {
        name: "encoder",
        input: obs.signal,
        hiddenSizes: encoder.hidden.slice(0, -1),
        outputSize: encoder.hidden.at(-1)!,
        activation: encoder.activation,
        outputGain: Math.SQRT2,
      });
    case "conv":
      return new ConvEncoder(plan, block, { name: "encoder", source: obs.images!, spec: encoder, gain: Math.SQRT2 });
    default:
      return encoder satisfies never;
  }
}
