import * as tf from "@tensorflow/tfjs";
import type { MemoryPlan } from "../engine/index.ts";
import { ConfigError } from "../errors.ts";
import { type NetworkSize, PolicyNetwork } from "../policy/policy-network.ts";
import { actionSize, obsSize, type PolicySpec } from "../policy/policy-spec.ts";
import { type PolicyCircuit, circuitReader, policyCircuit } from "./policy-circuit.ts";
import { convForward, imagesOf, linear, mlpForward } from "./policy-encoder.ts";

/** One pass as tensors: what autodiff looks through. */
interface Computed {
  /** [rows, A] */
  readonly logits: tf.Tensor;
  /** [rows, 1]; null where not asked for */
  readonly values: tf.Tensor | null;
  /** the circuit's states after the last step, in the order of its equations; null without a circuit */
  readonly final: readonly tf.Tensor[] | null;
}

/**
 * The same policy computed by TensorFlow.js: sequences go forward and backward through tf ops and their autodiff, on whatever backend is
 * set. Weights, rollouts and optimiser stay with the kernels, so the two executors differ in nothing else; each is the other's witness.
 */
export class TfjsPolicyNetwork extends PolicyNetwork {
  readonly #circuit: PolicyCircuit | null;
  /** [H, H] permutation from neuron ids to the order of the equations */
  readonly #toOrder: tf.Tensor2D | null;
  /** every trained weight by its name in the policy file, PyTorch's layout */
  readonly #variables = new Map<string, tf.Variable>();
  #isStale = true;
  /** critic's values of the last `forward`; null after a `step` */
  #values: Float32Array | null = null;

  constructor(plan: MemoryPlan, spec: PolicySpec, size: NetworkSize) {
    super(plan, spec, size);
    this.#circuit = policyCircuit(spec.circuit);
    this.#toOrder = this.#circuit && permutation(this.#circuit.order);
  }

  override prepare(): void {
    super.prepare();
    this.#isStale = true;
  }

  override step(N: number): void {
    this.#values = null;
    super.step(N);
  }

  override forward(T: number, B: number): void {
    tf.tidy(() => {
      this.#upload();
      const { logits, values, final } = this.#compute(T, B, this.spec.critic !== null);
      copyRows(logits, this.logits);
      this.#values = values === null ? null : values.dataSync<"float32">().slice();
      if (final !== null) this.#writeFinal(final);
    });
  }

  override evaluate(rows: number): void {
    const known = this.#values;
    if (known === null) return super.evaluate(rows);
    const { data, stride } = this.values;
    for (let r = 0; r < rows; r++) data[r * stride] = known[r]!;
  }

  override backward(T: number, B: number, withCritic = true): void {
    tf.tidy(() => {
      this.#upload();
      const rows = T * B;
      const dLogits = readRows(this.dLogits, rows, actionSize(this.spec));
      const dValues = withCritic ? readRows(this.dValues, rows, 1) : null;
      const { grads } = tf.variableGrads(() => {
        const { logits, values } = this.#compute(T, B, withCritic);
        const actor = tf.sum(tf.mul(logits, dLogits));
        return (dValues === null ? actor : tf.add(actor, tf.sum(tf.mul(values!, dValues)))) as tf.Scalar;
      }, [...this.#variables.values()]);
      for (const [name, variable] of this.#variables) this.#addGradient(name, grads[variable.name]);
    });
  }

  #compute(T: number, B: number, withValues: boolean): Computed {
    const rows = T * B;
    const { spec } = this;
    const obs = this.images === null ? readRows(this.observations, rows, obsSize(spec)) : null;
    const features = this.#encode(obs, rows);
    const { motor, states, final } = this.#decide(features, T, B);
    const logits = tf.add(tf.mul(motor, this.#read("actor.scale")), this.#read("actor.bias"));
    if (!withValues) return { logits, values: null, final };
    const from = spec.critic?.input.startsWith("features") ? features : obs!; // images are seen through features only
    return { logits, values: this.#value(from, states), final };
  }

  #encode(obs: tf.Tensor | null, rows: number): tf.Tensor {
    const { encoder } = this.spec;
    switch (encoder.kind) {
      case "none":
        return obs!;
      case "mlp":
        return mlpForward("encoder", obs!, encoder.hidden.length, encoder.activation, this.#read);
      case "conv":
        return convForward(imagesOf(this.images!, rows), encoder, this.#read);
      default:
        return encoder satisfies never;
    }
  }

  #decide(features: tf.Tensor, T: number, B: number) {
    const { circuit: spec } = this.spec;
    if (spec.kind === "mlp") {
      const motor = mlpForward("circuit", features, spec.hidden.length + 1, spec.activation, this.#read);
      return { motor, states: null, final: null };
    }
    const circuit = this.#circuit!; // every other kind has one
    const { equations, hidden, hasReadOut } = circuit;
    const time = this.circuitTime!;
    const column = (values: ArrayLike<number>): tf.Tensor2D =>
      tf.tensor2d(
        Float32Array.from({ length: T * B }, (_, row) => values[row]!),
        [T * B, 1],
      );
    const dt = column(time.elapsed.data);
    const keeps = tf.sub(1, column(time.episodeStart.data));
    const read = circuitReader(equations, this.#read, tf.transpose, this.dropout !== null);
    let before = this.#initialStates(circuit, B);
    const outputs: tf.Tensor[] = [];
    const states: tf.Tensor[] = [];
    for (let t = 0; t < T; t++) {
      const at = (x: tf.Tensor): tf.Tensor2D => tf.slice(x as tf.Tensor2D, [t * B, 0], [B, -1]);
      const from = before.map((state) => tf.mul(state, at(keeps)) as tf.Tensor2D);
      const step = equations.step({ x: at(features), states: from, dt: at(dt), dropout: this.#dropoutAt(t, B) }, read);
      outputs.push(step.output);
      states.push(step.states[hidden]!);
      before = [...step.states];
    }
    const output = tf.concat(outputs, 0);
    return {
      motor: hasReadOut ? linear("circuit.readout", output, this.#read) : output,
      states: tf.matMul(tf.concat(states, 0) as tf.Tensor2D, this.#toOrder!, false, true),
      final: before,
    };
  }

  /** The kernels' draws of one step, layer by layer; null where nothing is dropped. */
  #dropoutAt(t: number, B: number): ((x: tf.Tensor) => tf.Tensor) | null {
    const { dropout } = this;
    if (!dropout?.isActive) return null;
    let next = 0;
    return (x) => {
      const { data, stride, cols } = dropout.factors[next++]!;
      const rows = { data: data.subarray(t * B * stride, (t + 1) * B * stride), stride };
      return tf.mul(x, readRows(rows, B, cols));
    };
  }

  /** States before the first step, in the order of the equations. */
  #initialStates({ hidden, equations }: PolicyCircuit, B: number): tf.Tensor2D[] {
    const { initialState, initialMemory } = this.circuitTime!;
    return equations.stateSize.map((size, i) => {
      const byId = readRows(i === hidden ? initialState : initialMemory!, B, size);
      return tf.matMul(byId, this.#toOrder!) as tf.Tensor2D;
    });
  }

  #writeFinal(final: readonly tf.Tensor[]): void {
    const { finalState, finalMemory } = this.circuitTime!;
    const { hidden, memory } = this.#circuit!;
    const byId = (state: tf.Tensor): tf.Tensor => tf.matMul(state as tf.Tensor2D, this.#toOrder!, false, true);
    copyRows(byId(final[hidden]!), finalState);
    if (memory !== null) copyRows(byId(final[memory]!), finalMemory!);
  }

  /** The critic sees the circuit's state as data: no gradient flows from it into the circuit. */
  #value(from: tf.Tensor, states: tf.Tensor | null): tf.Tensor {
    const { critic } = this.spec;
    if (critic === null) throw new ConfigError("no-critic", "the policy was saved without a critic");
    const input = this.criticReadsState && states !== null ? tf.concat([from, detached(states)], 1) : from;
    return mlpForward("critic", input, critic.hidden.length + 1, critic.activation, this.#read);
  }

  readonly #read = (name: string): tf.Tensor => this.#variables.get(name)!;

  /** Brings the weights of the parameter block to the backend. */
  #upload(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    for (const { name, shape } of this.parameters.list()) {
      if (name === "actor.logStd") continue; // part of the loss, not of the network
      const value = tf.tensor(this.parameters.get(name), [...shape]);
      const variable = this.#variables.get(name);
      if (variable) variable.assign(value);
      else this.#variables.set(name, tf.keep(tf.variable(value)) as tf.Variable);
    }
  }

  #addGradient(name: string, gradient: tf.Tensor | undefined): void {
    if (gradient === undefined) return; // not reached by this loss
    const sum = this.parameters.getGradient(name);
    const values = gradient.dataSync<"float32">();
    for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
    this.parameters.write(name, sum, this.parameters.gradients);
  }
}

/** [H, H]: neurons by id times this are neurons in the given order. */
function permutation(order: readonly number[]): tf.Tensor2D {
  const H = order.length;
  const matrix = new Float32Array(H * H);
  order.forEach((id, place) => (matrix[id * H + place] = 1));
  return tf.keep(tf.tensor2d(matrix, [H, H]));
}

interface Rows {
  readonly data: Float32Array;
  readonly stride: number;
}

/** The first `rows` rows of a padded matrix as a tensor [rows, cols]. */
function readRows({ data, stride }: Rows, rows: number, cols: number): tf.Tensor2D {
  const full = tf.tensor2d(data.slice(0, rows * stride), [rows, stride]);
  return stride === cols ? full : tf.slice(full, [0, 0], [rows, cols]);
}

/** Copies a tensor [rows, cols] into a padded matrix. */
function copyRows(source: tf.Tensor, { data, stride }: Rows): void {
  const [rows, cols] = source.shape as [number, number];
  const values = source.dataSync<"float32">();
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) data[r * stride + c] = values[r * cols + c]!;
}

/** The same numbers, seen by autodiff as a constant. */
const detached = (x: tf.Tensor): tf.Tensor =>
  tf.customGrad((value: tf.Tensor | ((save: tf.Tensor[]) => void)) => ({
    value: tf.clone(value as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => [tf.zerosLike(dy)],
  }))(x);
