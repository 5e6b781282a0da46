import { expect, test } from "vitest";
import { convGeometry } from "../../../../src/engine/index.ts";
import { convReference } from "../../../../src/engine/kernels/conv.reference.ts";
import { createPolicyExplainer } from "../../../../src/policy/explain/create-policy-explainer.ts";
import { type FeatureMap, visualBackProp } from "../../../../src/policy/explain/visual-back-prop.ts";
import { PolicySpec } from "../../../../src/policy/policy-spec.ts";
import { decodePolicy } from "../../../../src/policy/saved-policy.ts";
import { SMALL_SPEC, smallPolicy } from "../../../helpers/small-policy.ts";

/** One channel of a feature map of a convolution over an image of `height` × `width`. */
function mapOf(values: number[], height: number, width: number, kernel: number, stride: number): FeatureMap {
  const geometry = convGeometry({ height, width, channels: 1, pitch: 1 }, kernel, stride, "valid");
  const shape = { height: geometry.outHeight, width: geometry.outWidth, channels: 1, pitch: 1 };
  return { values: { data: Float32Array.from(values) }, shape, geometry, kernel, stride };
}

test("a lit entry shows at the centre of its receptive field and fades linearly around it", () => {
  // 1 × 7 pixels, kernel 1 × 1, stride 2: entries look at pixels 0, 2, 4, 6
  const map = mapOf([0, 1, 0, 0], 1, 7, 1, 2);
  expect([...visualBackProp([map], { height: 1, width: 7 })]).toEqual([0, 0.5, 1, 0.5, 0, 0, 0]);
});

test("valid kernels: entry 0 looks at the middle of its patch, not at the corner", () => {
  const map = mapOf([0, 0, 0, 0, 1, 0, 0, 0, 0], 5, 5, 3, 1);
  const saliency = visualBackProp([map], { height: 5, width: 5 });
  expect(saliency.indexOf(1)).toBe(2 * 5 + 2);
});

test("masks multiply: what only one of two layers lights stays dark", () => {
  const first = mapOf([1, 1, 0, 0, 1], 1, 5, 1, 1);
  const second = mapOf([1, 0, 0, 0, 0.5], 1, 5, 1, 1);
  const saliency = visualBackProp([first, second], { height: 1, width: 5 });
  expect(saliency[0]).toBe(1);
  expect(saliency[1]).toBe(0);
  expect(saliency[4]).toBeCloseTo(0.5, 3);
});

test("channels weigh alike however large their numbers are", () => {
  const map = mapOf([0, 0, 0, 0, 0, 0], 1, 3, 1, 1);
  const two = {
    ...map,
    shape: { ...map.shape, channels: 2, pitch: 2 },
    values: { data: Float32Array.from([1000, 0, 0, 1, 0, 0]) },
  };
  const saliency = visualBackProp([two], { height: 1, width: 3 });
  expect(saliency[0]).toBe(1);
  expect(saliency[1]).toBeCloseTo(1, 3);
  expect(saliency[2]).toBe(0);
});

test("maps without any light give a dark picture, not NaN", () => {
  expect([...visualBackProp([mapOf([0, 0, 0], 1, 3, 1, 1)], { height: 1, width: 3 })]).toEqual([0, 0, 0]);
});

const CAMERA = PolicySpec.parse({
  ...SMALL_SPEC,
  obs: { shape: [13, 18, 3], dtype: "uint8", scale: 1 / 255 },
  encoder: {
    kind: "conv",
    convs: [
      { filters: 5, kernel: 5, stride: 2 },
      { filters: 3, kernel: 3, stride: 1 },
    ],
    padding: "same",
    head: { kind: "dense", size: 6 },
    standardize: true,
  },
  circuit: { ...SMALL_SPEC.circuit, inputDim: 6 },
  critic: null,
});

/** The definition over again in float64, from the weights of the policy file. */
function twin(policy: ReturnType<typeof decodePolicy>, obs: Uint8Array): Float64Array {
  const weights = (name: string): Float32Array => policy.tensors.find((t) => t.name === `encoder.conv.${name}`)!.data;
  const mean = obs.reduce((a, b) => a + b, 0) / obs.length;
  const deviation = Math.sqrt(obs.reduce((a, b) => a + (b - mean) ** 2, 0) / obs.length);
  let x: Float64Array = Float64Array.from(obs, (b) => (b - mean) / deviation);
  let [height, width, channels] = [13, 18, 3];
  const masks: { height: number; width: number; data: Float64Array; centre: (y: number, before: number) => number }[] =
    [];
  for (const [i, { filters, kernel, stride }] of [
    { filters: 5, kernel: 5, stride: 2 },
    { filters: 3, kernel: 3, stride: 1 },
  ].entries()) {
    const g = convGeometry({ height, width, channels, pitch: channels }, kernel, stride, "same");
    x = convReference(x, weights(`${i}.weight`), weights(`${i}.bias`), {
      ...g,
      height,
      width,
      channels,
      filters,
      kernel,
      stride,
    });
    [height, width, channels] = [g.outHeight, g.outWidth, filters];
    const data = new Float64Array(height * width);
    for (let c = 0; c < filters; c++) {
      const channel = x.filter((_, at) => at % filters === c);
      const largest = Math.max(...channel);
      channel.forEach((v, p) => (data[p]! += v / (largest + 1e-4) / filters));
    }
    masks.push({ height, width, data, centre: (y, before) => (y + before - (kernel - 1) / 2) / stride });
  }
  // One axis at a time, each as a sum of hat functions around the centres.
  const resize = (m: (typeof masks)[number], h: number, w: number, pads: [number, number]): Float64Array => {
    const hat = (position: number, centre: number, count: number): number =>
      Math.max(0, 1 - Math.abs(Math.min(Math.max(position, 0), count - 1) - centre));
    return Float64Array.from({ length: h * w }, (_, p) => {
      let sum = 0;
      for (let r = 0; r < m.height; r++)
        for (let c = 0; c < m.width; c++)
          sum +=
            m.data[r * m.width + c]! *
            hat(m.centre(Math.floor(p / w), pads[0]), r, m.height) *
            hat(m.centre(p % w, pads[1]), c, m.width);
      return sum;
    });
  };
  const [a, b] = masks as [(typeof masks)[number], (typeof masks)[number]];
  const middle = resize(b, a.height, a.width, [1, 1]).map((v, p) => v * a.data[p]!);
  // 13 rows: ceil(13 / 2) = 7 outputs need (7 - 1) * 2 + 5 = 17, 2 rows before; 18 columns: 9 outputs need 21, 1 before
  const out = resize({ ...a, data: middle }, 13, 18, [2, 1]);
  const [low, high] = [Math.min(...out), Math.max(...out)];
  return out.map((v) => (v - low) / (high - low));
}

test("a policy's picture agrees with float64 loops over its weights within 1e-4, for several seeds", () => {
  for (const seed of [1, 2, 3]) {
    const policy = decodePolicy(smallPolicy(CAMERA, seed));
    const obs = Uint8Array.from({ length: 13 * 18 * 3 }, (_, i) => (i * 37 * seed) % 251);
    const saliency = createPolicyExplainer(policy).visualBackProp(obs);
    const expected = twin(policy, obs);
    expect(saliency).toHaveLength(13 * 18);
    const worst = saliency.reduce((max, v, i) => Math.max(max, Math.abs(v - expected[i]!)), 0);
    expect(worst).toBeLessThan(1e-4);
    expect(Math.max(...saliency)).toBe(1);
    expect(Math.min(...saliency)).toBe(0);
  }
});
