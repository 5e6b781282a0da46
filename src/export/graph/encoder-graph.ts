import { convGeometry } from "../../engine/layers/conv-geometry.ts";
import type { PolicySpec } from "../../policy/policy-spec.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import type { ImageShape } from "./image-shape.ts";
import type { NamedWeights } from "./named-weights.ts";
import type { ImageNode, StepNode } from "./step-graph.ts";

type ConvEncoder = Extract<PolicySpec["encoder"], { kind: "conv" }>;

/** From the environment's observation to the circuit's inputs: scaling or normalisation, then the encoder. */
export function encoderGraph(g: GraphBuilder, spec: PolicySpec, weights: NamedWeights, obs: StepNode): StepNode {
  const { encoder } = spec;
  switch (encoder.kind) {
    case "none":
      return scaledObs(g, spec, weights, obs);
    case "mlp": {
      const x = scaledObs(g, spec, weights, obs);
      return denseLayers(g, weights, "encoder", x, { hidden: encoder.hidden.length - 1, f: encoder.activation });
    }
    case "conv":
      return convFeatures(g, spec, encoder, weights, obs);
    default:
      return encoder satisfies never;
  }
}

/** Dense layers `${name}.0`, `${name}.1`, …: `hidden` ones with an activation, then one without. */
export function denseLayers(
  g: GraphBuilder,
  weights: NamedWeights,
  name: string,
  input: StepNode,
  { hidden, f }: { readonly hidden: number; readonly f: "tanh" | "relu" },
): StepNode {
  let x = input;
  for (let layer = 0; layer <= hidden; layer++) {
    x = g.linear(x, weights(`${name}.${layer}.weight`), weights(`${name}.${layer}.bias`));
    if (layer < hidden) x = g.unary(f, x);
  }
  return x;
}

/** Rows of floats: normalised where the policy normalises, else scaled. */
function scaledObs(g: GraphBuilder, spec: PolicySpec, weights: NamedWeights, obs: StepNode): StepNode {
  if (!spec.normalizeObs) return spec.obs.scale === 1 ? obs : g.mul(obs, spec.obs.scale);
  const scale = weights("normalizer.variance").map((variance) => 1 / Math.sqrt(variance + 1e-8));
  const z = g.mul(g.sub(obs, weights("normalizer.mean")), scale);
  return g.binary("min", g.binary("max", z, -10), 10);
}

function convFeatures(
  g: GraphBuilder,
  { obs: { shape, scale } }: PolicySpec,
  encoder: ConvEncoder,
  weights: NamedWeights,
  obs: StepNode,
): StepNode {
  const [height, width, channels = 1] = shape;
  const pixels = encoder.standardize ? standardized(g, obs, scale) : scale === 1 ? obs : g.mul(obs, scale);
  let image = g.image(pixels, { height: height!, width: width!, channels }); // images have both
  encoder.convs.forEach(({ filters, kernel, stride }, i) => {
    const before = image.shape;
    image = g.conv({
      x: image,
      weight: weights(`encoder.conv.${i}.weight`),
      bias: weights(`encoder.conv.${i}.bias`),
      kernel,
      stride,
      ...placement(before, kernel, stride, encoder.padding, filters),
    });
  });
  return headFeatures(g, encoder, weights, image);
}

/** Every image gets mean 0 and deviation 1; a nearly even one keeps at least 1 / sqrt(numbers) of deviation before. */
function standardized(g: GraphBuilder, bytes: StepNode, scale: number): StepNode {
  const centered = g.sub(bytes, g.mean(bytes));
  const deviation = g.unary("sqrt", g.mean(g.mul(centered, centered)));
  return g.div(centered, g.binary("max", deviation, 1 / (scale * Math.sqrt(bytes.size))));
}

function placement(
  { height, width, channels }: ImageShape,
  kernel: number,
  stride: number,
  padding: "valid" | "same",
  filters: number,
) {
  const { outHeight, outWidth, padTop, padLeft, paddedHeight, paddedWidth } = convGeometry(
    { height, width, channels, pitch: channels },
    kernel,
    stride,
    padding,
  );
  return {
    pads: {
      top: padTop,
      left: padLeft,
      bottom: paddedHeight - height - padTop,
      right: paddedWidth - width - padLeft,
    },
    shape: { height: outHeight, width: outWidth, channels: filters },
  };
}

function headFeatures(g: GraphBuilder, { head }: ConvEncoder, weights: NamedWeights, image: ImageNode): StepNode {
  const [weight, bias] = [weights("encoder.head.weight"), weights("encoder.head.bias")];
  const flat = g.flatten(image);
  if (head.kind === "dense") return g.unary("relu", g.linear(flat, weight, bias));
  return g.unary("relu", perFilter(g, flat, image.shape, { weight, bias, O: head.outputsPerFilter }));
}

/** A dense layer per filter as one: weight [C, O, pixels] on the diagonal, outputs o-major as the policy has them. */
function perFilter(
  g: GraphBuilder,
  flat: StepNode,
  { height, width, channels: C }: ImageShape,
  { weight, bias, O }: { readonly weight: Float32Array; readonly bias: Float32Array; readonly O: number },
): StepNode {
  const P = height * width;
  const whole = new Float32Array(O * C * C * P);
  const offsets = new Float32Array(O * C);
  for (let c = 0; c < C; c++)
    for (let o = 0; o < O; o++) {
      const from = (c * O + o) * P;
      whole.set(weight.subarray(from, from + P), (o * C + c) * C * P + c * P);
      offsets[o * C + c] = bias[c * O + o]!;
    }
  return g.linear(flat, whole, offsets);
}
