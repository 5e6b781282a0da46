import * as tf from "@tensorflow/tfjs";
import type { MemoryPlan } from "../engine/index.ts";
import { ConfigError } from "../errors.ts";
import { buildWiring } from "../ncp/index.ts";
import { type NetworkSize, PolicyNetwork } from "../policy/policy-network.ts";
import { actionSize, obsSize, type PolicySpec } from "../policy/policy-spec.ts";
import { CfCCell } from "./cfc.ts";
import { loadReferenceWeights, toTorchLayout, torchName } from "./reference-weights.ts";

/** One weight matrix or vector outside the circuit, in the layout of the policy file. */
type Weights = ReadonlyMap<string, tf.Variable>;

/**
 * The same policy computed by TensorFlow.js: sequences go forward and backward through tf ops and their autodiff, on whatever backend is
 * set. Weights, rollouts and optimiser stay with the kernels, so the two executors differ in nothing else; each is the other's witness.
 */
export class TfjsPolicyNetwork extends PolicyNetwork {
  readonly #cell: CfCCell | null;
  /** [H, H] permutation from neuron ids to the cell's order (inter, command, motor) */
  readonly #layerOrder: tf.Tensor2D | null;
  #weights: Weights | null = null;
  #isStale = true;
  /** steps and samples of the last `forward`; null after a `step` */
  #pass: { readonly T: number; readonly B: number } | null = null;

  constructor(plan: MemoryPlan, spec: PolicySpec, size: NetworkSize) {
    super(plan, spec, size);
    this.#cell = circuitCell(spec);
    this.#layerOrder = layerOrder(spec);
  }

  override prepare(): void {
    super.prepare();
    this.#isStale = true;
  }

  override step(N: number): void {
    this.#pass = null;
    super.step(N);
  }

  override forward(T: number, B: number): void {
    this.#pass = { T, B };
    tf.tidy(() => {
      const { logits } = this.#compute(T, B, false);
      copyRows(logits, this.logits);
    });
  }

  override evaluate(rows: number): void {
    const pass = this.#pass;
    if (pass === null) return super.evaluate(rows);
    tf.tidy(() => copyRows(this.#compute(pass.T, pass.B, true).values!, this.values));
  }

  override backward(T: number, B: number, withCritic = true): void {
    tf.tidy(() => {
      const rows = T * B;
      const dLogits = readRows(this.dLogits, rows, actionSize(this.spec));
      const dValues = withCritic ? readRows(this.dValues, rows, 1) : null;
      const variables = this.#variables();
      const { grads } = tf.variableGrads(() => {
        const { logits, values } = this.#compute(T, B, withCritic);
        const actor = tf.sum(tf.mul(logits, dLogits));
        return (dValues === null ? actor : tf.add(actor, tf.sum(tf.mul(values!, dValues)))) as tf.Scalar;
      }, [...variables.values()]);
      for (const [name, variable] of variables) this.#addGradient(name, grads[variable.name]);
    });
  }

  /** Logits of all rows and, where asked, values: what autodiff looks through. */
  #compute(T: number, B: number, withValues: boolean): { logits: tf.Tensor; values: tf.Tensor | null } {
    this.#upload();
    const rows = T * B;
    const obs = readRows(this.observations, rows, obsSize(this.spec));
    const { encoder } = this.spec;
    const features = encoder.kind === "none" ? obs : this.#encode(obs);
    const { motor, states } = this.#decide(features, T, B);
    const logits = tf.add(tf.mul(motor, this.#weight("actor.scale")), this.#weight("actor.bias"));
    return {
      logits,
      values: withValues ? this.#value(this.spec.critic?.input.startsWith("features") ? features : obs, states) : null,
    };
  }

  #encode(obs: tf.Tensor): tf.Tensor {
    const { encoder } = this.spec;
    if (encoder.kind !== "mlp")
      throw new ConfigError(
        "tfjs-encoder",
        `policy.encoder.kind is "${encoder.kind}", which the tfjs executor cannot compute; use --executor wasm`,
      );
    return this.#mlp("encoder", obs, encoder.hidden.length, encoder.activation);
  }

  #decide(features: tf.Tensor, T: number, B: number): { motor: tf.Tensor; states: tf.Tensor | null } {
    const { circuit } = this.spec;
    if (circuit.kind === "mlp")
      return { motor: this.#mlp("circuit", features, circuit.hidden.length + 1, circuit.activation), states: null };
    const time = this.circuitTime!; // this circuit has one
    const H = this.stateSize;
    const dt = tf.tensor2d(time.elapsed.data.slice(0, T * B), [T * B, 1]);
    const keeps = tf.tensor2d(
      Float32Array.from(time.episodeStart.data.subarray(0, T * B), (start) => 1 - start),
      [T * B, 1],
    );
    const inputs = tf.concat([features, dt], 1);
    const toLayers = this.#layerOrder!;
    let state: tf.Tensor = tf.matMul(readRows(time.initialState, B, H), toLayers);
    const motors: tf.Tensor[] = [];
    const states: tf.Tensor[] = [];
    for (let t = 0; t < T; t++) {
      const at = (x: tf.Tensor): tf.Tensor => tf.slice(x as tf.Tensor2D, [t * B, 0], [B, -1]);
      const [motor, next] = this.#cell!.call([at(inputs), tf.mul(state, at(keeps))], {});
      motors.push(motor!);
      states.push(next!);
      state = next!;
    }
    const byLayer = tf.concat(states, 0) as tf.Tensor2D;
    return { motor: tf.concat(motors, 0), states: tf.matMul(byLayer, toLayers, false, true) };
  }

  /** The critic sees the circuit's state as data: no gradient flows from it into the circuit. */
  #value(from: tf.Tensor, states: tf.Tensor | null): tf.Tensor {
    const { critic } = this.spec;
    if (critic === null) throw new ConfigError("no-critic", "the policy was saved without a critic");
    const input = this.criticReadsState && states !== null ? tf.concat([from, detached(states)], 1) : from;
    return this.#mlp("critic", input, critic.hidden.length + 1, critic.activation);
  }

  #mlp(name: string, input: tf.Tensor, numLayers: number, activation: "tanh" | "relu"): tf.Tensor {
    let x = input;
    for (let layer = 0; layer < numLayers; layer++) {
      const z = tf.matMul(x as tf.Tensor2D, this.#weight(`${name}.${layer}.weight`) as tf.Tensor2D, false, true);
      const affine = tf.add(z, this.#weight(`${name}.${layer}.bias`));
      x = layer === numLayers - 1 ? affine : activation === "tanh" ? tf.tanh(affine) : tf.relu(affine);
    }
    return x;
  }

  #weight(name: string): tf.Tensor {
    return this.#weights!.get(name)!;
  }

  /** Every trained weight by its name in the policy file: the circuit's live in its cell. */
  #variables(): Map<string, tf.Variable> {
    const all = new Map(this.#weights!);
    for (const spec of this.#cell?.equations.weights ?? [])
      all.set(`circuit.${torchName(spec)}`, this.#cell!.variable(spec.name).read() as tf.Variable);
    return all;
  }

  /** Brings the weights of the parameter block to the backend. */
  #upload(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    const outside = this.parameters.list().filter(({ name }) => !isCircuitWeight(name) && name !== "actor.logStd");
    this.#weights ??= new Map(
      outside.map(({ name, shape }) => [name, tf.keep(tf.variable(tf.zeros([...shape]))) as tf.Variable]),
    );
    for (const { name, shape } of outside)
      this.#weights.get(name)!.assign(tf.tensor(this.parameters.get(name), [...shape]));
    if (this.#cell === null) return;
    const inside = this.parameters.list().filter(({ name }) => isCircuitWeight(name));
    const tensors = inside.map(
      ({ name, shape }) => [name.slice("circuit.".length), { shape, data: this.parameters.get(name) }] as const,
    );
    loadReferenceWeights(this.#cell, Object.fromEntries(tensors), "torch");
  }

  #addGradient(name: string, gradient: tf.Tensor | undefined): void {
    if (gradient === undefined) return; // not reached by this loss
    const spec = this.#cell?.equations.weights.find((weight) => `circuit.${torchName(weight)}` === name);
    const values = spec === undefined ? gradient.dataSync<"float32">() : toTorchLayout(spec, gradient).data;
    const sum = this.parameters.getGradient(name);
    for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
    this.parameters.write(name, sum, this.parameters.gradients);
  }
}

const isCircuitWeight = (name: string): boolean => name.startsWith("circuit.rnn_cell.");

function circuitCell({ circuit }: PolicySpec): CfCCell | null {
  if (circuit.kind === "mlp") return null;
  if (circuit.kind !== "cfc" || circuit.mixedMemory)
    throw new ConfigError(
      "tfjs-circuit",
      `policy.circuit.kind: the tfjs executor computes cfc (without mixed memory) and mlp, not ${circuit.kind}; use --executor wasm`,
    );
  if (circuit.polarity === "signed")
    throw new ConfigError(
      "tfjs-polarity",
      "policy.circuit.polarity is signed, which the tfjs executor cannot compute; use --executor wasm",
    );
  const { wiring, masking, mode, flavour } = circuit;
  const cell = new CfCCell({ units: wiring, masking, mode, flavour, timeInput: true });
  cell.build([null, circuit.inputDim + 1]);
  return cell;
}

function layerOrder({ circuit }: PolicySpec): tf.Tensor2D | null {
  if (circuit.kind !== "cfc") return null;
  const { layers, units } = buildWiring(circuit.wiring, circuit.inputDim);
  const matrix = new Float32Array(units * units);
  layers.flat().forEach((id, place) => (matrix[id * units + place] = 1));
  return tf.keep(tf.tensor2d(matrix, [units, units]));
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
