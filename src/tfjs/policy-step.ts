import * as tf from "@tensorflow/tfjs";
import { MemoryPlan } from "../engine/index.ts";
import { ConfigError } from "../errors.ts";
import { PolicyNetwork } from "../policy/policy-network.ts";
import { type PolicySpec, actionSize, obsSize, parsePolicySpec } from "../policy/policy-spec.ts";
import { type SavedPolicy, type TensorShape, fittingData, policyTensors } from "../policy/saved-policy.ts";
import { type PolicyCircuit, circuitReader, policyCircuit } from "./policy-circuit.ts";
import { convForward, linear, mlpForward } from "./policy-encoder.ts";

type LayerVariable = ReturnType<InstanceType<typeof tf.layers.Layer>["addWeight"]>;
type Shape = (number | null)[];

/** Where a spec is kept in a saved model: tf.layers rewrites every string but those under `className`. */
interface SavedSpec {
  readonly className: string;
}

/** Arguments of `PolicyStep`. */
export interface PolicyStepArgs {
  /** the policy's spec, or what became of it in a saved model */
  readonly policy: PolicySpec | SavedSpec;
  /** of the layer */
  readonly name?: string;
}

/**
 * One step of a policy as a layer: [obs [B, …], state [B, S], elapsed [B, 1]] to [logits or means [B, A], next state [B, S]]; a policy
 * without state takes [obs, elapsed] and gives the logits alone. The state is every neuron by id, then the memory of a mixed-memory
 * circuit, zeros at an episode's start; elapsed is in nominal control periods. Weights have the names and layout of the policy file; the
 * critic is not part of it. Throws FormatError (`policy-spec`) where a saved spec is not one.
 */
export class PolicyStep extends tf.layers.Layer {
  static readonly className = "PolicyStep";
  readonly spec: PolicySpec;
  readonly #circuit: PolicyCircuit | null;
  readonly #variables = new Map<string, LayerVariable>();

  constructor({ policy, ...args }: PolicyStepArgs) {
    super(args);
    this.spec = "className" in policy ? parsePolicySpec(policy.className) : policy;
    this.#circuit = policyCircuit(this.spec.circuit);
  }

  /** Numbers in the state; 0 for a policy without. */
  get stateSize(): number {
    return this.#circuit?.equations.stateSize.reduce((a, b) => a + b, 0) ?? 0;
  }

  override build(): void {
    for (const { name, shape } of stepTensors(this.spec)) {
      const isTrained = !name.startsWith("normalizer.");
      const start = name === "normalizer.variance" ? tf.initializers.ones() : tf.initializers.zeros();
      const variable = this.addWeight(name, [...shape], "float32", start, undefined, isTrained);
      this.#variables.set(name, variable);
    }
    this.built = true;
  }

  /**
   * Sets the weights of a built layer from a policy file. Throws FormatError (`policy-tensors`) where its tensors, the critic's included, are
   * not those of the layer's spec; no weight is set then. Throws ConfigError (`not-built`) before `build`.
   */
  setPolicy(saved: SavedPolicy): void {
    if (!this.built) throw new ConfigError("not-built", `layer ${this.name} is not built: apply it to an input first`);
    const values = fittingData(saved, fileTensors(this.spec));
    for (const { name, shape } of stepTensors(this.spec))
      this.#variables.get(name)!.write(tf.tensor(Float32Array.from(values.get(name)!), [...shape]));
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => {
      const [obs, ...rest] = inputs as tf.Tensor[];
      const features = this.#encode(obs!);
      if (this.#circuit === null) return this.#act(this.#layered(features));
      const [state, elapsed] = rest as [tf.Tensor2D, tf.Tensor2D];
      const { motor, next } = this.#step(this.#circuit, features as tf.Tensor2D, state, elapsed);
      return [this.#act(motor), next];
    });
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [batch] = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    const actions: Shape = [batch!, actionSize(this.spec)];
    return this.stateSize === 0 ? actions : [actions, [batch!, this.stateSize]];
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), policy: { className: withoutUnderscores(JSON.stringify(this.spec)) } };
  }

  readonly #read = (name: string): tf.Tensor => this.#variables.get(name)!.read();

  #encode(obs: tf.Tensor): tf.Tensor {
    const { encoder } = this.spec;
    switch (encoder.kind) {
      case "none":
        return this.#scaled(obs);
      case "mlp":
        return mlpForward("encoder", this.#scaled(obs), encoder.hidden.length, encoder.activation, this.#read);
      case "conv":
        return convForward(this.#images(obs, encoder.standardize), encoder, this.#read);
      default:
        return encoder satisfies never;
    }
  }

  #scaled(obs: tf.Tensor): tf.Tensor {
    const rows = tf.reshape(obs, [-1, obsSize(this.spec)]);
    if (!this.spec.normalizeObs) return tf.mul(rows, this.spec.obs.scale);
    const deviation = tf.sqrt(tf.add(this.#read("normalizer.variance"), 1e-8));
    return tf.clipByValue(tf.div(tf.sub(rows, this.#read("normalizer.mean")), deviation), -10, 10);
  }

  #images(obs: tf.Tensor, isStandardized: boolean): tf.Tensor4D {
    const { shape, scale } = this.spec.obs;
    const [height, width, channels = 1] = shape as readonly [number, number, number?];
    const images = tf.reshape(obs, [-1, height, width, channels]) as tf.Tensor4D;
    if (!isStandardized) return tf.mul(images, scale);
    const { mean, variance } = tf.moments(images, [1, 2, 3], true);
    const least = 1 / (scale * Math.sqrt(height * width * channels));
    return tf.div(tf.sub(images, mean), tf.maximum(tf.sqrt(variance), least));
  }

  /** The deciding part of a policy without state. */
  #layered(features: tf.Tensor): tf.Tensor {
    const { circuit } = this.spec;
    if (circuit.kind !== "mlp") throw new Error("internal: every other circuit has a state");
    return mlpForward("circuit", features, circuit.hidden.length + 1, circuit.activation, this.#read);
  }

  #step(circuit: PolicyCircuit, x: tf.Tensor2D, state: tf.Tensor2D, dt: tf.Tensor2D) {
    const { equations, order, hidden, memory, hasReadOut } = circuit;
    const hasDropout = "backboneDropout" in this.spec.circuit && (this.spec.circuit.backboneDropout ?? 0) > 0;
    const read = circuitReader(equations, this.#read, tf.transpose, hasDropout);
    const H = order.length;
    // the state by id: neurons, then memory; the equations have each in an order of their own
    const part = (i: number): tf.Tensor2D =>
      tf.gather(tf.slice(state, [0, i === hidden ? 0 : H], [-1, H]), [...order], 1) as tf.Tensor2D;
    const step = equations.step({ x, states: equations.stateSize.map((_, i) => part(i)), dt, dropout: null }, read);
    const byId = order.map((_, id) => order.indexOf(id));
    const parts = memory === null ? [hidden] : [hidden, memory];
    const next = tf.concat(
      parts.map((i) => tf.gather(step.states[i]!, byId, 1)),
      1,
    );
    return { motor: hasReadOut ? linear("circuit.readout", step.output, this.#read) : step.output, next };
  }

  #act(motor: tf.Tensor): tf.Tensor {
    return tf.add(tf.mul(motor, this.#read("actor.scale")), this.#read("actor.bias"));
  }
}
tf.serialization.registerClass(PolicyStep);

/** The same JSON: loading a model turns names with underscores into camelCase, even inside of this string. */
const withoutUnderscores = (json: string): string => json.replaceAll("_", String.raw`\u005f`);

const fileTensors = (spec: PolicySpec): readonly TensorShape[] =>
  policyTensors(new PolicyNetwork(new MemoryPlan(), spec, { maxRows: 1, maxBatch: 1 }));

/** The tensors of a policy file that a step computes with, in the file's order. */
const stepTensors = (spec: PolicySpec): readonly TensorShape[] =>
  fileTensors(spec).filter(({ name }) => !name.startsWith("critic.") && name !== "actor.logStd");

/**
 * A saved policy as a TensorFlow.js model of one step, with inputs `obs` [B, …], `state` [B, S] (where it has one) and `elapsed` [B, 1]: see
 * `PolicyStep`. `layersModelFiles` gives its files.
 */
export function policyLayersModel(saved: SavedPolicy): tf.LayersModel {
  const layer = new PolicyStep({ policy: saved.spec, name: "policy" });
  const obs = tf.input({ shape: [...saved.spec.obs.shape], name: "obs" });
  const elapsed = tf.input({ shape: [1], name: "elapsed" });
  const state = layer.stateSize === 0 ? [] : [tf.input({ shape: [layer.stateSize], name: "state" })];
  const inputs = [obs, ...state, elapsed];
  const model = tf.model({ inputs, outputs: layer.apply(inputs) as tf.SymbolicTensor | tf.SymbolicTensor[] });
  layer.setPolicy(saved);
  return model;
}
