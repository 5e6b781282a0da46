import * as tf from "@tensorflow/tfjs";
import { ConfigError } from "../errors.ts";
import { type Circuit, type WiringConfig, ltcRanges } from "../ncp/index.ts";
import type { CellEquations, ReadWeight, WeightSpec } from "./equations.ts";
import { magnitude } from "./magnitude.ts";
import { type LtcOptions, type LtcRangeName, choice, circuitFor } from "./options.ts";

const mappings = ["affine", "linear", "none"] as const;

const nonNegative: ReadonlySet<string> = new Set(["gleak", "cm", "w", "sensory_w"]);

/**
 * Equations of an LTC (liquid time-constant network), semi-implicit Euler, for D inputs. Throws ConfigError.
 *
 * Per ODE step of length dt / unfolds: v ← (cm/h·v + gleak·vleak + Σ a·erev) / (cm/h + gleak + Σ a + epsilon), with the synaptic
 * activation a = w·sigmoid(sigma·(v_pre - mu)) over all drawn synapses, sensory ones computed once per input.
 * Source: Hasani et al. 2021 (arXiv 2006.04439), Algorithm 1. States are ordered by neuron id: motor first.
 */
export function ltcEquations(options: LtcOptions, inputDim: number): CellEquations {
  const circuit = ltcCircuit(options, inputDim);
  const flavour = choice("flavour", options.flavour, ["torch", "keras"], "keras");
  const inputMapping = choice("inputMapping", options.inputMapping, mappings, "affine");
  const outputMapping = choice("outputMapping", options.outputMapping, mappings, "affine");
  const { odeUnfolds = 6, epsilon = 1e-8, implicitConstraints = flavour === "torch" } = options;
  if (!Number.isInteger(odeUnfolds) || odeUnfolds < 1)
    throw new ConfigError("ode-unfolds", `odeUnfolds is ${odeUnfolds}; expected an integer of at least 1`);
  const signs = choice("polarity", options.polarity, ["free", "signed"], "free") === "signed";
  const { units, outputDim } = circuit;
  const reversal = signs ? signedPolarity(circuit) : null;
  const mask = keepTensor(circuit.adjacency, [1, units, units]);
  const sensoryMask = keepTensor(circuit.sensoryAdjacency, [1, inputDim, units]);
  return {
    weights: [
      ...neuronSpecs(circuit, options, implicitConstraints),
      ...mappingSpecs("input", inputMapping, inputDim),
      ...mappingSpecs("output", outputMapping, outputDim),
    ],
    stateSize: [units],
    outputSize: outputDim,
    step({ x, states, dt }, read) {
      const positive = (name: string): tf.Tensor => (implicitConstraints ? tf.softplus(read(name)) : read(name));
      const u = mapped(x, "input", inputMapping, read);
      const sensory = synapses(u, positive("sensory_w"), sensoryMask, "sensory_", withPolarity(reversal, read));
      const perStep = tf.div(positive("cm"), tf.div(dt, odeUnfolds));
      const leak = positive("gleak");
      const w = positive("w");
      let v: tf.Tensor = states[0]!;
      for (let unfold = 0; unfold < odeUnfolds; unfold++) {
        const inner = synapses(v, w, mask, "", withPolarity(reversal, read));
        const drive = sum(tf.mul(perStep, v), tf.mul(leak, read("vleak")), inner.current, sensory.current);
        v = tf.div(drive, sum(perStep, leak, inner.conductance, sensory.conductance, tf.scalar(epsilon)));
      }
      const motor = tf.slice(v as tf.Tensor2D, [0, 0], [-1, outputDim]);
      return { output: mapped(motor, "output", outputMapping, read) as tf.Tensor2D, states: [v as tf.Tensor2D] };
    },
  };
}

function ltcCircuit({ units }: LtcOptions, inputDim: number): Circuit {
  const wiring = typeof units === "number" ? ({ kind: "FullyConnected", units } as WiringConfig) : units;
  return circuitFor(wiring, inputDim);
}

/** Sum with broadcasting, left to right. */
const sum = (first: tf.Tensor, ...rest: tf.Tensor[]): tf.Tensor => rest.reduce((total, x) => tf.add(total, x), first);

/** |entries| of an adjacency as a constant. */
const keepTensor = (adjacency: Int8Array, shape: [number, number, number]): tf.Tensor =>
  tf.keep(tf.tensor3d(Float32Array.from(adjacency, Math.abs), shape));

/** Drawn polarities of the synapses between neurons and from sensors, as constants. */
function signedPolarity({
  units,
  inputDim,
  adjacency,
  sensoryAdjacency,
}: Circuit): Readonly<Record<string, tf.Tensor>> {
  const keep = (values: Int8Array, rows: number): tf.Tensor =>
    tf.keep(tf.tensor2d(Float32Array.from(values), [rows, units]));
  return { erev: keep(adjacency, units), sensory_erev: keep(sensoryAdjacency, inputDim) };
}

/** Reads reversal potentials as their magnitude times the drawn polarity; everything else as it is. */
const withPolarity =
  (polarity: Readonly<Record<string, tf.Tensor>> | null, read: ReadWeight): ReadWeight =>
  (name) =>
    polarity?.[name] === undefined ? read(name) : tf.mul(magnitude(read(name)), polarity[name]);

/** Summed conductances and currents that presynaptic potentials [B, S] cause in every neuron, each [B, H]. */
function synapses(pre: tf.Tensor, w: tf.Tensor, mask: tf.Tensor, prefix: string, read: ReadWeight) {
  const distance = tf.sub(tf.expandDims(pre, 2), read(`${prefix}mu`));
  const activation = tf.mul(tf.mul(w, tf.sigmoid(tf.mul(read(`${prefix}sigma`), distance))), mask);
  return {
    conductance: tf.sum(activation, 1),
    current: tf.sum(tf.mul(activation, read(`${prefix}erev`)), 1),
  };
}

function mapped(
  x: tf.Tensor,
  side: "input" | "output",
  mapping: (typeof mappings)[number],
  read: ReadWeight,
): tf.Tensor {
  if (mapping === "none") return x;
  const scaled = tf.mul(x, read(`${side}_w`));
  return mapping === "linear" ? scaled : tf.add(scaled, read(`${side}_b`));
}

function mappingSpecs(side: "input" | "output", mapping: (typeof mappings)[number], size: number): WeightSpec[] {
  const specs: WeightSpec[] = [];
  if (mapping !== "none")
    specs.push({ name: `${side}_w`, shape: [size], initializer: tf.initializers.ones(), isKernel: false });
  if (mapping === "affine")
    specs.push({ name: `${side}_b`, shape: [size], initializer: tf.initializers.zeros(), isKernel: false });
  return specs;
}

function neuronSpecs(circuit: Circuit, options: LtcOptions, implicit: boolean): WeightSpec[] {
  const { units: H, inputDim: D } = circuit;
  const ranges = ltcRanges(options.initializationRanges ?? {});
  const drawn = (name: LtcRangeName, shape: number[]): WeightSpec => {
    const [minval, maxval] = ranges[name]!;
    const initializer =
      minval === maxval
        ? tf.initializers.constant({ value: minval })
        : tf.initializers.randomUniform({ minval, maxval });
    return { name, shape, initializer, isKernel: false, isNonNegative: !implicit && nonNegative.has(name) };
  };
  const polarity = (name: string, adjacency: Int8Array, rows: number): WeightSpec => ({
    name,
    shape: [rows, H],
    initializer: new PolarityInitializer(adjacency),
    isKernel: false,
  });
  return [
    drawn("gleak", [H]),
    drawn("vleak", [H]),
    drawn("cm", [H]),
    drawn("sigma", [H, H]),
    drawn("mu", [H, H]),
    drawn("w", [H, H]),
    polarity("erev", circuit.adjacency, H),
    drawn("sensory_sigma", [D, H]),
    drawn("sensory_mu", [D, H]),
    drawn("sensory_w", [D, H]),
    polarity("sensory_erev", circuit.sensoryAdjacency, D),
  ];
}

/** Starts reversal potentials at the synapses' polarities. */
class PolarityInitializer {
  readonly #adjacency: Int8Array;
  constructor(adjacency: Int8Array) {
    this.#adjacency = adjacency;
  }
  apply(shape: number[]): tf.Tensor {
    return tf.tensor(Float32Array.from(this.#adjacency), shape);
  }
  getClassName(): string {
    return "PolarityInitializer";
  }
  getConfig(): Record<string, never> {
    return {};
  }
  fromConfigUsesCustomObjects(): boolean {
    return false;
  }
}
