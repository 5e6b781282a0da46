import { describe, expect, test } from "vitest";
import {
  Conv2d,
  ConvEncoder,
  Engine,
  laneKeepingEncoder,
  MemoryPlan,
  minatarEncoder,
  natureEncoder,
  padded,
  ParameterBlock,
  PerFilterDense,
  type ConvEncoderSpec,
  type ImageShape,
  type Padding,
} from "../../../../src/engine/index.ts";
import { convReference, type ConvSizes } from "../../../../src/engine/kernels/conv.reference.ts";
import { winogradAxis } from "../../../../src/engine/layers/winograd-conv.ts";
import { convGeometry } from "../../../../src/engine/layers/conv-geometry.ts";
import { dense, fill, maxDifference, randomArray, uniforms } from "../fixtures.ts";

interface Case {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: Padding;
}

// deep enough for Winograd's algorithm, one per kind, with tiles that reach over the edges
const winogradCases: readonly Case[] = [
  { height: 23, width: 24, channels: 2, filters: 33, kernel: 8, stride: 4, padding: "valid" },
  { height: 14, width: 15, channels: 8, filters: 32, kernel: 4, stride: 2, padding: "valid" },
  { height: 4, width: 5, channels: 32, filters: 32, kernel: 3, stride: 1, padding: "same" },
];

const cases: readonly Case[] = [
  { height: 3, width: 3, channels: 1, filters: 1, kernel: 1, stride: 1, padding: "valid" },
  { height: 3, width: 3, channels: 3, filters: 5, kernel: 3, stride: 1, padding: "valid" },
  { height: 5, width: 7, channels: 3, filters: 4, kernel: 3, stride: 1, padding: "same" },
  { height: 6, width: 5, channels: 4, filters: 12, kernel: 3, stride: 2, padding: "same" },
  { height: 9, width: 8, channels: 5, filters: 9, kernel: 5, stride: 2, padding: "same" },
  { height: 10, width: 10, channels: 4, filters: 16, kernel: 3, stride: 1, padding: "valid" },
  { height: 9, width: 9, channels: 2, filters: 20, kernel: 4, stride: 2, padding: "valid" },
  ...winogradCases,
];

const NUM_IMAGES = 2;

function setUp(c: Case) {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const signal = plan.signal("images", NUM_IMAGES, c.height * c.width * c.channels);
  const shape: ImageShape = { height: c.height, width: c.width, channels: c.channels, pitch: c.channels };
  const conv = new Conv2d(plan, block, { name: "conv", source: { kind: "floats", signal, shape }, ...c });
  Engine.create(plan);
  conv.initialize(uniforms(5));
  conv.prepare();
  const x = randomArray(NUM_IMAGES * c.height * c.width * c.channels, 6);
  fill(signal.value, x);
  return { block, signal, conv, x, sizes: { ...c, ...convGeometry(shape, c.kernel, c.stride, c.padding) } };
}

/** Output of the engine without the padding of channels. */
function unpadded(values: Float32Array, filters: number): Float32Array {
  const pitch = padded(filters);
  return values.filter((_, i) => i % pitch < filters);
}

function referenceOutput(x: Float64Array, w: Float64Array, b: Float64Array, s: ConvSizes): Float64Array {
  const size = s.height * s.width * s.channels;
  const images = Array.from({ length: NUM_IMAGES }, (_, i) =>
    convReference(x.subarray(i * size, (i + 1) * size), w, b, s),
  );
  return Float64Array.from(images.flatMap((image) => [...image]));
}

describe.each(cases)(
  "conv $height x $width x $channels, $filters filters of $kernel, stride $stride, $padding",
  (c) => {
    test("output within 1e-5, gradients of weight, bias and image within 1e-4 of float64 central differences", () => {
      const { block, signal, conv, x, sizes } = setUp(c);
      const values = [x, block.get("conv.weight"), block.get("conv.bias")].map((v) => Float64Array.from(v));
      const [X, W, B] = values as [Float64Array, Float64Array, Float64Array];
      conv.forward(NUM_IMAGES);
      const y = unpadded(dense(conv.output.value), c.filters);
      expect(maxDifference(y, referenceOutput(X, W, B, sizes))).toBeLessThan(1e-5);
      const dy = randomArray(y.length, 8);
      const pitch = padded(c.filters);
      conv.output.gradient.data.forEach((_, i) => {
        const pixel = Math.floor(i / pitch);
        conv.output.gradient.data[i] = i % pitch < c.filters ? dy[pixel * c.filters + (i % pitch)]! : 0;
      });
      block.zeroGradients();
      conv.backward(NUM_IMAGES);
      const results = [dense(signal.gradient), block.getGradient("conv.weight"), block.getGradient("conv.bias")];
      const loss = (): number => referenceOutput(X, W, B, sizes).reduce((sum, v, i) => sum + v * dy[i]!, 0);
      values.forEach((value, which) => {
        const stride = Math.max(1, Math.floor(value.length / 60));
        for (let i = 0; i < value.length; i += stride) {
          const kept = value[i]!;
          value[i] = kept + 1e-6;
          const up = loss();
          value[i] = kept - 1e-6;
          const slope = (up - loss()) / 2e-6;
          value[i] = kept;
          expect(Math.abs(results[which]![i]! - slope), `tensor ${which}, entry ${i}`).toBeLessThan(2e-4);
        }
      });
    });
  },
);

test("Winograd's algorithm computes the deep ones of the cases, and every layer of the Nature encoder", () => {
  const kindOf = (c: Case): number | undefined => {
    const g = convGeometry({ ...c, pitch: padded(c.channels) }, c.kernel, c.stride, c.padding);
    const [height, imageWidth, rowPitch] = [g.paddedHeight, g.paddedWidth, g.paddedWidth * c.channels];
    const shape = { ...c, ...g, pitch: c.channels, width: padded(c.filters), rowPitch, height, imageWidth };
    return winogradAxis({ ...shape, hasInputGradient: true })?.kind;
  };
  expect(winogradCases.map(kindOf)).toEqual([0, 1, 2]);
  const frames = { padding: "valid" } as const;
  const nature: readonly Case[] = [
    { ...frames, height: 84, width: 84, channels: 4, filters: 32, kernel: 8, stride: 4 },
    { ...frames, height: 20, width: 20, channels: 32, filters: 64, kernel: 4, stride: 2 },
    { ...frames, height: 9, width: 9, channels: 64, filters: 64, kernel: 3, stride: 1 },
  ];
  expect(nature.map(kindOf)).toEqual([0, 1, 2]);
  expect(kindOf({ ...frames, height: 10, width: 10, channels: 4, filters: 16, kernel: 3, stride: 1 })).toBe(undefined);
});

test("bytes into the first layer equal floats that were scaled before; standardised images have mean 0 and deviation 1", () => {
  const shape: ImageShape = { height: 6, width: 5, channels: 3, pitch: 3 };
  const bytes = Uint8Array.from({ length: 2 * 90 }, (_, i) => (i * 37) % 256);
  const run = (isStandardized: boolean): Float32Array => {
    const plan = new MemoryPlan();
    const block = new ParameterBlock(plan);
    const frames = plan.bytes("frames", bytes.length);
    const source = { kind: "bytes", bytes: frames, numImages: 2, shape, factor: 1 / 255, isStandardized } as const;
    const conv = new Conv2d(plan, block, {
      name: "c",
      source,
      filters: 4,
      kernel: 1,
      stride: 1,
      activation: "identity",
    });
    Engine.create(plan);
    // filter f < 3 copies channel f
    block.set("c.weight", [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    conv.prepare();
    frames.data.set(bytes);
    conv.forward(2);
    return conv.output.value.data.filter((_, i) => i % 4 < 3);
  };
  expect(
    maxDifference(
      run(false),
      Float32Array.from(bytes, (b) => b / 255),
    ),
  ).toBeLessThan(1e-7);
  const standardised = run(true);
  for (const image of [standardised.subarray(0, 90), standardised.subarray(90)]) {
    const mean = image.reduce((sum, v) => sum + v, 0) / 90;
    const variance = image.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 90;
    expect(Math.abs(mean)).toBeLessThan(1e-5);
    expect(Math.abs(variance - 1)).toBeLessThan(1e-5);
  }
});

test("per-filter head: every filter reads its own pixels; gradients within 1e-4 of central differences", () => {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const shape: ImageShape = { height: 2, width: 3, channels: 8, pitch: 8 };
  const input = plan.signal("maps", 2, 48);
  const head = new PerFilterDense(plan, block, { name: "head", input, shape, outputsPerFilter: 4 });
  Engine.create(plan);
  head.initialize(uniforms(3));
  const x = Float64Array.from(randomArray(96, 4));
  fill(input.value, x);
  const [w, b] = [Float64Array.from(block.get("head.weight")), Float64Array.from(block.get("head.bias"))];
  const dy = randomArray(64, 5);
  const outputs = (): number[] =>
    Array.from({ length: 64 }, (_, i) => {
      const [r, o, c] = [Math.floor(i / 32), Math.floor((i % 32) / 8), i % 8];
      let sum = b[c * 4 + o]!;
      for (let p = 0; p < 6; p++) sum += w[(c * 4 + o) * 6 + p]! * x[r * 48 + p * 8 + c]!;
      return Math.max(0, sum);
    });
  head.forward(2);
  expect(maxDifference(dense(head.output.value), outputs())).toBeLessThan(1e-6);
  fill(head.output.gradient, dy);
  block.zeroGradients();
  head.backward(2);
  const loss = (): number => outputs().reduce((sum, y, i) => sum + y * dy[i]!, 0);
  for (const [value, result] of [
    [x, dense(input.gradient)],
    [w, block.getGradient("head.weight")],
    [b, block.getGradient("head.bias")],
  ] as const)
    value.forEach((kept, i) => {
      value[i] = kept + 1e-6;
      const up = loss();
      value[i] = kept - 1e-6;
      const down = loss();
      value[i] = kept;
      expect(Math.abs(result[i]! - (up - down) / 2e-6)).toBeLessThan(1e-4);
    });
});

function encoder(spec: ConvEncoderSpec, shape: ImageShape, numImages: number) {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const bytes = plan.bytes("frames", numImages * shape.height * shape.width * shape.channels);
  const source = { kind: "bytes", bytes, numImages, shape, factor: 1 / 255, isStandardized: false } as const;
  const layer = new ConvEncoder(plan, block, { name: "encoder", source, spec });
  Engine.create(plan);
  layer.initialize(uniforms(1));
  layer.prepare();
  bytes.data.forEach((_, i) => (bytes.data[i] = (i * 31) % 251));
  return { block, layer };
}

test.each([
  [
    "Nature CNN",
    natureEncoder,
    84,
    84,
    4,
    512,
    8 * 8 * 4 * 32 + 32 + 4 * 4 * 32 * 64 + 64 + 9 * 64 * 64 + 64 + 3136 * 512 + 512,
  ],
  ["MinAtar", minatarEncoder, 10, 10, 7, 128, 9 * 7 * 16 + 16 + 1024 * 128 + 128],
  ["lane keeping, full camera", laneKeepingEncoder, 78, 200, 3, 32, 79_420],
  ["lane keeping, default camera", laneKeepingEncoder, 39, 100, 3, 32, 71_388 + 8 * 4 * (65 + 1)],
] as const)("%s encoder: parameters and features as published", (_, spec, height, width, channels, features, count) => {
  const { block, layer } = encoder(spec, { height, width, channels, pitch: channels }, 1);
  expect(layer.output.value.cols).toBe(features);
  expect(block.numParameters).toBe(count);
});

test("a whole encoder's gradient: its slope along the gradient is the gradient's squared norm (within 1 %)", () => {
  for (const [spec, height, width] of [
    [minatarEncoder, 10, 10],
    [laneKeepingEncoder, 20, 33],
  ] as const) {
    const { block, layer } = encoder(spec, { height, width, channels: 3, pitch: 3 }, 3);
    const dy = randomArray(layer.output.value.length, 2);
    layer.forward(3);
    layer.output.gradient.data.set(dy);
    block.zeroGradients();
    layer.backward(3);
    const [w, g] = [block.values.slice(), block.gradients.slice()];
    const norm2 = g.reduce((sum, x) => sum + x * x, 0);
    const h = 1e-3 / Math.sqrt(norm2);
    const lossAt = (step: number): number => {
      block.values.set(w.map((x, i) => x + step * h * g[i]!));
      layer.prepare();
      layer.forward(3);
      return layer.output.value.data.reduce((sum, y, i) => sum + y * dy[i]!, 0);
    };
    expect(Math.abs((lossAt(1) - lossAt(-1)) / (2 * h) / norm2 - 1)).toBeLessThan(0.01);
  }
});

test("weights of a flattened image come in torch's order: channel, row, column", () => {
  const spec: ConvEncoderSpec = {
    convs: [{ filters: 3, kernel: 1, stride: 1 }],
    padding: "valid",
    head: { kind: "dense", size: 1 },
  };
  const { block, layer } = encoder(spec, { height: 2, width: 2, channels: 1, pitch: 1 }, 1);
  block.set("encoder.conv.0.weight", [1, 2, 3]);
  block.set("encoder.conv.0.bias", [0, 0, 0]);
  // picks channel 2, row 1, column 0
  block.set("encoder.head.weight", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0]);
  block.set("encoder.head.bias", [0]);
  layer.prepare();
  layer.forward(1);
  // pixel (1, 0) is byte 2 = 62
  expect(layer.output.value.data[0]).toBeCloseTo(3 * 62, 3);
});

test("a kernel larger than the image is refused", () => {
  expect(() => encoder(natureEncoder, { height: 10, width: 10, channels: 4, pitch: 4 }, 1)).toThrow(
    /a kernel of 4 does not fit into an image of 1/,
  );
});
