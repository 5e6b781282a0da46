import { expect, test } from "vitest";
import { Conv2d, Engine, MemoryPlan, padded, ParameterBlock, type ImageShape } from "../../../../src/engine/index.ts";
import { convFloat32 } from "../../../../src/engine/kernels/conv.reference.ts";
import { convGeometry } from "../../../../src/engine/layers/conv-geometry.ts";
import { maxDifference, randomArray, uniforms } from "../fixtures.ts";

// Patches deeper than one block (256), more filters than one block (128), more pixels than one group (256), odd numbers of everything.
const cases = [
  { height: 5, width: 7, channels: 12, filters: 136, kernel: 5, stride: 1, padding: "same" },
  { height: 19, width: 18, channels: 3, filters: 20, kernel: 3, stride: 1, padding: "valid" },
  { height: 10, width: 10, channels: 4, filters: 16, kernel: 3, stride: 1, padding: "valid" },
  { height: 7, width: 5, channels: 1, filters: 8, kernel: 2, stride: 2, padding: "same" },
  { height: 5, width: 5, channels: 64, filters: 12, kernel: 3, stride: 1, padding: "valid" },
] as const;
const NUM_IMAGES = 5;

test("conv: output and weight gradient equal plain float32 sums bit for bit, over blocks, groups and odd sizes", () => {
  for (const c of cases) {
    const { height, width, channels, filters, kernel, stride, padding } = c;
    const plan = new MemoryPlan();
    const block = new ParameterBlock(plan);
    const shape: ImageShape = { height, width, channels, pitch: channels };
    const signal = plan.signal("images", NUM_IMAGES, height * width * channels);
    const source = { kind: "floats", signal, shape } as const;
    const conv = new Conv2d(plan, block, {
      name: "c",
      source,
      filters,
      kernel,
      stride,
      padding,
      activation: "identity",
    });
    Engine.create(plan);
    conv.initialize(uniforms(3));
    conv.prepare();
    const sizes = { ...c, ...convGeometry(shape, kernel, stride, padding) };
    const [size, pixels] = [height * width * channels, sizes.outHeight * sizes.outWidth];
    const x = randomArray(NUM_IMAGES * size, 1);
    const dy = randomArray(NUM_IMAGES * pixels * filters, 2);
    for (let r = 0; r < NUM_IMAGES; r++)
      signal.value.data.set(x.subarray(r * size, (r + 1) * size), r * signal.value.stride);
    conv.forward(NUM_IMAGES);
    for (let i = 0; i < dy.length; i++)
      conv.output.gradient.data[Math.floor(i / filters) * padded(filters) + (i % filters)] = dy[i]!;
    block.zeroGradients();
    conv.backward(NUM_IMAGES);

    const weight = channelsLast(block.get("c.weight"), c);
    const dWeight = new Float32Array(weight.length);
    for (let r = 0; r < NUM_IMAGES; r++) {
      const image = x.subarray(r * size, (r + 1) * size);
      const part = dy.subarray(r * pixels * filters, (r + 1) * pixels * filters);
      const { y } = convFloat32(image, weight, block.get("c.bias"), part, dWeight, sizes);
      const from = r * conv.output.value.stride;
      const computed = conv.output.value.data
        .subarray(from, from + pixels * padded(filters))
        .filter((_, i) => i % padded(filters) < filters);
      expect(maxDifference(computed, y), JSON.stringify(c)).toBe(0);
    }
    expect(maxDifference(channelsLast(block.getGradient("c.weight"), c), dWeight), JSON.stringify(c)).toBe(0);
  }
});

/** torch's [filters, channels, kernel, kernel] as [kernel, kernel, channels, filters] */
function channelsLast(w: Float32Array, { filters, channels, kernel }: (typeof cases)[number]): Float32Array {
  const out = new Float32Array(w.length);
  const area = kernel * kernel;
  for (let f = 0; f < filters; f++)
    for (let ch = 0; ch < channels; ch++)
      for (let k = 0; k < area; k++) out[(k * channels + ch) * filters + f] = w[(f * channels + ch) * area + k]!;
  return out;
}
