import { expect, test } from "vitest";
import { Adam, ConvEncoder, Engine, MemoryPlan, ParameterBlock } from "../../../src/engine/index.ts";
import { fastMathKernels } from "../../../agents/workers/fast-math.ts";
import { wasm } from "../../../src/engine/webassembly.ts";
import { randomArray, relativeDifference, uniforms } from "../../src/engine/fixtures.ts";

const isSupported = wasm!.validate(fastMathKernels.bytes());
const shape = { height: 9, width: 8, channels: 3, pitch: 3 };
const spec = {
  convs: [{ filters: 20, kernel: 3, stride: 1 }],
  padding: "same",
  head: { kind: "dense", size: 24 },
} as const;

/** Weights after five updates of a small encoder. */
function trained(build?: typeof fastMathKernels): Float32Array {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const signal = plan.signal("images", 6, 9 * 8 * 3);
  const encoder = new ConvEncoder(plan, block, { name: "e", source: { kind: "floats", signal, shape }, spec });
  const adam = new Adam(plan, block);
  Engine.create(plan, build);
  encoder.initialize(uniforms(1));
  encoder.prepare();
  signal.value.data.set(randomArray(signal.value.length, 2));
  for (let i = 0; i < 5; i++) {
    encoder.forward(6);
    encoder.output.gradient.data.set(encoder.output.value.data);
    block.zeroGradients();
    encoder.backward(6);
    adam.step(1e-3);
    encoder.prepare();
  }
  return block.values.slice();
}

test.skipIf(isSupported)("without relaxed SIMD fast math is refused, and the message says which Node has it", () => {
  expect(() => trained(fastMathKernels)).toThrow(expect.objectContaining({ code: "no-relaxed-simd" }) as Error);
  expect(() => trained(fastMathKernels)).toThrow(/use Node >= 22/);
});

test.runIf(isSupported)("fast math agrees with itself bit for bit, and with the plain kernels within 1e-3", () => {
  const [plain, fast] = [trained(), trained(fastMathKernels)];
  expect(trained(fastMathKernels)).toEqual(fast);
  expect(fast).not.toEqual(plain);
  expect(relativeDifference(fast, plain)).toBeLessThan(1e-3);
});
