import { type Activation, activate, activationSlope } from "./activation.ts";
import type { Flavour } from "./cfc-gate.ts";
import { linear, linearBackward } from "./linear.ts";
import { type ParameterSpec, type Weights, torchLinearUniform, xavierUniform } from "./weights.ts";

/** The dense layers in front of the heads of a CfC cell. */
export interface BackboneOptions {
  readonly inputSize: number;
  readonly units: number;
  /** 0: no backbone */
  readonly layers: number;
  readonly activation: Activation;
  /** fraction of features set to zero in training */
  readonly dropout: number;
  /** where dropout sits: torch after layers 2, 3, ...; keras after every layer */
  readonly flavour: Flavour;
  /** start of the parameter names, such as "rnn_cell." */
  readonly prefix: string;
}

/** Features of one step and the backward pass. */
export interface BackboneStep {
  /** [B, units], or the input itself without layers */
  readonly features: Float64Array;
  /** Takes the gradient of the features, gives that of the input; adds weight gradients. */
  backward(dFeatures: Float64Array): Float64Array;
}

/** Names of the backbone's layers. Dropout modules count in torch's numbering, so they shift it. */
export function backboneLayerNames({
  layers,
  dropout,
  prefix,
  flavour,
}: Pick<BackboneOptions, "layers" | "dropout" | "prefix" | "flavour">): string[] {
  return Array.from({ length: layers }, (_, i) => {
    const numDropouts = flavour === "torch" && dropout > 0 ? Math.max(0, i - 1) : 0;
    return `${prefix}backbone.${2 * i + numDropouts}`;
  });
}

/** Parameters of the backbone, with the reference's start: xavier weights, torch's Linear biases or keras zeros. */
export function backboneParameters(options: BackboneOptions): ParameterSpec[] {
  const { units } = options;
  return backboneLayerNames(options).flatMap((name, i) => {
    const fanIn = i === 0 ? options.inputSize : units;
    return [
      { name: `${name}.weight`, shape: [units, fanIn], init: xavierUniform(fanIn, units) },
      { name: `${name}.bias`, shape: [units], init: biasStart(options.flavour, fanIn) },
    ];
  });
}

/** Start of a bias: torch's Linear default, or zero in keras. */
export const biasStart = (flavour: Flavour, fanIn: number): ParameterSpec["init"] =>
  flavour === "torch" ? torchLinearUniform(fanIn) : { kind: "constant", value: 0 };

/**
 * Runs the backbone: [Linear, activation, dropout] per layer. Shapes: z [B, inputSize], features [B, units].
 * Dropout acts only when draws are given: a feature is zeroed with probability p, the others are divided by 1 - p.
 */
export function backboneStep(
  options: BackboneOptions,
  weights: Weights,
  grads: Weights,
  z: Float64Array,
  { B, dropout }: { readonly B: number; readonly dropout?: (() => number) | undefined },
): BackboneStep {
  const names = backboneLayerNames(options);
  const saved = names.map(() => ({ x: z, pre: z, keep: null as Float64Array | null }));
  let x = z;
  names.forEach((name, i) => {
    const size = { B, I: x.length / B, O: options.units };
    const pre = linear(x, weights[`${name}.weight`]!, weights[`${name}.bias`]!, size);
    const keep =
      hasDropout(options, i) && dropout !== undefined ? drawKeep(pre.length, options.dropout, dropout) : null;
    saved[i] = { x, pre, keep };
    x = pre.map((value, k) => activate(options.activation, value) * (keep?.[k] ?? 1));
  });
  const features = x;

  const backward = (dFeatures: Float64Array): Float64Array => {
    let d = dFeatures;
    for (let i = names.length - 1; i >= 0; i--) {
      const { x: from, pre, keep } = saved[i]!;
      const dPre = pre.map((value, k) => d[k]! * activationSlope(options.activation, value) * (keep?.[k] ?? 1));
      const dx = new Float64Array(from.length);
      const into = { dx, dw: grads[`${names[i]!}.weight`]!, db: grads[`${names[i]!}.bias`]! };
      linearBackward(dPre, { x: from, w: weights[`${names[i]!}.weight`]! }, into, {
        B,
        I: from.length / B,
        O: options.units,
      });
      d = dx;
    }
    return d;
  };
  return { features, backward };
}

const hasDropout = ({ dropout, flavour }: BackboneOptions, layer: number): boolean =>
  dropout > 0 && (flavour === "keras" || layer > 0);

const drawKeep = (count: number, p: number, uniform: () => number): Float64Array =>
  Float64Array.from({ length: count }, () => (uniform() < p ? 0 : 1 / (1 - p)));
