import * as tf from "@tensorflow/tfjs";
import { ConfigError } from "../errors.ts";
import { type CfcMasks, cfcLayerMasks } from "../ncp/index.ts";
import { activation } from "./activations.ts";
import {
  type CellEquations,
  type ReadWeight,
  type StepInput,
  type WeightSpec,
  prefixed,
  withPrefix,
} from "./equations.ts";
import { magnitude } from "./magnitude.ts";
import { type CfcOptions, type Flavour, choice, circuitFor } from "./options.ts";

type Mode = "default" | "pure" | "no_gate";

/** Masks of one layer in Keras layout, [in + H, H]; null: dense. */
interface HeadMasks {
  readonly heads: tf.Tensor2D;
  /** true where only the weight's magnitude counts, the sign being the synapse's polarity; null: nowhere */
  readonly magnitude: tf.Tensor2D | null;
  readonly timeGates: tf.Tensor2D | null;
}

/** What the heads of one CfC layer need to know. */
interface Heads {
  readonly inputDim: number;
  readonly units: number;
  readonly mode: Mode;
  readonly flavour: Flavour;
  readonly masks: HeadMasks | null;
}

const modes = ["default", "pure", "no_gate"] as const;
const flavours = ["torch", "keras"] as const;

/** Equations of the CfC that the options describe, for D inputs. Throws ConfigError. */
export function cfcEquations(options: CfcOptions, inputDim: number): CellEquations {
  return typeof options.units === "number" ? denseCfc(options, options.units, inputDim) : wiredCfc(options, inputDim);
}

function denseCfc(options: CfcOptions, units: number, inputDim: number): CellEquations {
  const mode = choice("mode", options.mode, modes, "default");
  const flavour = choice("flavour", options.flavour, flavours, "keras");
  const { backboneUnits = 128, backboneLayers = 1, backboneDropout = 0 } = options;
  const act = activation(options.activation ?? "lecun_tanh");
  const backbone = backboneSpecs(inputDim + units, backboneUnits, backboneLayers, flavour);
  const heads: Heads = {
    inputDim: backboneLayers > 0 ? backboneUnits : inputDim + units,
    units,
    mode,
    flavour,
    masks: givenMask(options, inputDim + units, units, backboneLayers, flavour),
  };
  return {
    weights: [...backbone, ...headSpecs(heads)],
    stateSize: [units],
    outputSize: units,
    step({ x, states, dt, dropout }, read) {
      let z: tf.Tensor = tf.concat([x, states[0]!], 1);
      for (let layer = 0; layer < backboneLayers; layer++) {
        z = act(affine(z, `backbone.${2 * layer}`, read));
        const drops = flavour === "keras" || layer > 0;
        if (dropout !== null && drops && backboneDropout > 0) z = dropout(z, backboneDropout);
      }
      const next = applyHeads(z as tf.Tensor2D, dt, heads, read);
      return { output: next, states: [next] };
    },
  };
}

/** The mask a user gave, as the flavour reads it: torch takes absolute values, Keras keeps signs. */
function givenMask(
  options: CfcOptions,
  rows: number,
  units: number,
  backboneLayers: number,
  flavour: Flavour,
): HeadMasks | null {
  const mask = options.sparsityMask;
  if (mask === undefined || mask === null) return null;
  if (backboneLayers > 0)
    throw new ConfigError("mask-backbone", "sparsityMask does not go with a backbone; set backboneLayers to 0");
  if (mask.length !== rows || mask.some((row) => row.length !== units))
    throw new ConfigError(
      "mask-shape",
      `sparsityMask is [${mask.length}, ${mask[0]?.length ?? 0}]; expected [inputs + units, units] = [${rows}, ${units}]`,
    );
  const values = mask.flat().map((entry) => (flavour === "torch" ? Math.abs(entry) : entry));
  return { heads: tf.keep(tf.tensor2d(values, [rows, units])), magnitude: null, timeGates: null };
}

/** Weights of the backbone, named as without dropout: `backbone.0`, `backbone.2`, … */
function backboneSpecs(inputDim: number, units: number, layers: number, flavour: Flavour): WeightSpec[] {
  const specs: WeightSpec[] = [];
  for (let layer = 0; layer < layers; layer++)
    specs.push(...affineSpecs(`backbone.${2 * layer}`, layer === 0 ? inputDim : units, units, flavour));
  return specs;
}

function wiredCfc(options: CfcOptions, inputDim: number): CellEquations {
  const { backboneUnits, backboneLayers, backboneDropout } = options;
  if (backboneUnits !== undefined || backboneLayers !== undefined || backboneDropout !== undefined)
    throw new ConfigError(
      "wired-backbone",
      "backboneUnits, backboneLayers and backboneDropout do not go with a wiring: a wired CfC has no backbone",
    );
  const mode = choice("mode", options.mode, modes, "default");
  const flavour = choice("flavour", options.flavour, flavours, "keras");
  const masking = choice("masking", options.masking, ["ncps", "strict"], "ncps");
  const polarity = choice("polarity", options.polarity, ["free", "signed"], "free");
  const circuit = circuitFor(options.units as Exclude<CfcOptions["units"], number>, inputDim);
  const layers = cfcLayerMasks(circuit, { masking, flavour, polarity }).map((masks, layer) =>
    wiredHeads(masks, circuit.layers[layer]!.length, mode, flavour),
  );
  return {
    weights: layers.flatMap((heads, layer) => prefixed(`layer_${layer}.`, headSpecs(heads))),
    stateSize: [circuit.units],
    outputSize: circuit.outputDim,
    step: (input, read) => wiredStep(layers, circuit.outputDim, input, read),
  };
}

function wiredHeads({ heads, time }: CfcMasks, units: number, mode: Mode, flavour: Flavour): Heads {
  const inputDim = heads.scale.length / units;
  const keep = (rows: ArrayLike<number>, dtype: "float32" | "bool"): tf.Tensor2D =>
    tf.tidy(() => tf.keep(tf.transpose(tf.tensor2d(Array.from(rows), [units, inputDim], dtype)) as tf.Tensor2D));
  const masks = {
    heads: keep(heads.scale, "float32"),
    magnitude: heads.magnitude === null ? null : keep(heads.magnitude, "bool"),
    timeGates: time === null ? null : keep(time.scale, "float32"),
  };
  return { inputDim, units, mode, flavour, masks };
}

/** Each layer reads the new state of the layer before; states are ordered by layer (inter, command, motor). */
function wiredStep(layers: readonly Heads[], outputSize: number, input: StepInput, read: ReadWeight) {
  const state = input.states[0]!;
  // The gradient of a split into one piece throws in TensorFlow.js 4.22.
  const before =
    layers.length === 1
      ? [state]
      : tf.split(
          state,
          layers.map((layer) => layer.units),
          1,
        );
  const after: tf.Tensor2D[] = [];
  let signal = input.x;
  layers.forEach((heads, layer) => {
    const z = tf.concat([signal, before[layer]!], 1) as tf.Tensor2D;
    signal = applyHeads(z, input.dt, heads, withPrefix(`layer_${layer}.`, read));
    after.push(signal);
  });
  const output = signal.shape[1] === outputSize ? signal : tf.slice(signal, [0, 0], [-1, outputSize]);
  return { output, states: [tf.concat(after, 1) as tf.Tensor2D] };
}

function headSpecs({ inputDim, units, mode, flavour }: Heads): WeightSpec[] {
  const specs = affineSpecs("ff1", inputDim, units, flavour);
  if (mode === "pure") {
    const torch = tf.initializers.glorotUniform({});
    specs.push(
      {
        name: "w_tau",
        shape: [1, units],
        initializer: flavour === "torch" ? torch : tf.initializers.zeros(),
        isKernel: false,
      },
      {
        name: "A",
        shape: [1, units],
        initializer: flavour === "torch" ? torch : tf.initializers.ones(),
        isKernel: false,
      },
    );
    return specs;
  }
  for (const name of ["ff2", "time_a", "time_b"]) specs.push(...affineSpecs(name, inputDim, units, flavour));
  return specs;
}

/** Kernel and bias of one dense map with the flavour's initialisers. */
function affineSpecs(name: string, inputDim: number, units: number, flavour: Flavour): WeightSpec[] {
  const bound = 1 / Math.sqrt(inputDim);
  const bias =
    flavour === "torch" ? tf.initializers.randomUniform({ minval: -bound, maxval: bound }) : tf.initializers.zeros();
  return [
    {
      name: `${name}.weight`,
      shape: [inputDim, units],
      initializer: tf.initializers.glorotUniform({}),
      isKernel: true,
    },
    { name: `${name}.bias`, shape: [units], initializer: bias, isKernel: false },
  ];
}

const affine = (z: tf.Tensor, name: string, read: ReadWeight, mask: tf.Tensor | null = null): tf.Tensor =>
  project(z, masked(read(`${name}.weight`), mask), name, read);

const project = (z: tf.Tensor, kernel: tf.Tensor, name: string, read: ReadWeight): tf.Tensor =>
  tf.add(tf.matMul(z as tf.Tensor2D, kernel as tf.Tensor2D), read(`${name}.bias`));

const masked = (kernel: tf.Tensor, mask: tf.Tensor | null): tf.Tensor =>
  mask === null ? kernel : tf.mul(kernel, mask);

/** ff1 or ff2: masked, and with the polarities of signed synapses. */
function head(z: tf.Tensor, name: string, masks: HeadMasks | null, read: ReadWeight): tf.Tensor {
  const kernel = read(`${name}.weight`);
  const { heads = null, magnitude: isMagnitude = null } = masks ?? {};
  const free = isMagnitude === null ? kernel : tf.where(isMagnitude, magnitude(kernel), kernel);
  return project(z, masked(free, heads), name, read);
}

/**
 * The next state of one CfC layer from z = [inputs, own state], [B, inputDim].
 *
 * default: (1 - g)·f1 + g·f2 with g = sigmoid(±a·dt + b); no_gate: f1 + g·f2; pure: A - A·exp(-dt·(|w_tau| + |f1|))·f1.
 * torch: f1 and f2 go through tanh and the gate's a·dt is added; keras: both stay linear and a·dt is subtracted.
 * Source: Hasani et al. 2022, doi:10.1038/s42256-022-00556-7, and the reference library's two packages.
 */
function applyHeads(z: tf.Tensor2D, dt: tf.Tensor2D | number, heads: Heads, read: ReadWeight): tf.Tensor2D {
  const { mode, flavour, masks } = heads;
  const ff1 = head(z, "ff1", masks, read);
  if (mode === "pure") {
    const rate = tf.add(magnitude(read("w_tau")), magnitude(ff1));
    const A = read("A");
    return tf.sub(A, tf.mul(tf.mul(A, tf.exp(tf.neg(tf.mul(dt, rate)))), ff1));
  }
  const ff2 = head(z, "ff2", masks, read);
  const [f1, f2] = flavour === "torch" ? [tf.tanh(ff1), tf.tanh(ff2)] : [ff1, ff2];
  const drift = tf.mul(affine(z, "time_a", read, masks?.timeGates ?? null), dt);
  const offset = affine(z, "time_b", read, masks?.timeGates ?? null);
  const gate = tf.sigmoid(flavour === "torch" ? tf.add(offset, drift) : tf.sub(offset, drift));
  if (mode === "no_gate") return tf.add(f1, tf.mul(gate, f2));
  return tf.add(tf.mul(f1, tf.sub(1, gate)), tf.mul(gate, f2));
}
