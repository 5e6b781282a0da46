import { expect, test } from "vitest";
import { Adam, Dense, Engine, MemoryPlan, ParameterBlock } from "../../../src/engine/index.ts";
import { adamReference } from "../../../src/engine/kernels/adam.reference.ts";
import { maxDifference, randomArray, uniforms } from "./fixtures.ts";

function setUp(inputs: number, outputs: number, options = {}) {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("x", 1, inputs, { gradient: false });
  const layer = new Dense(plan, block, { name: "d", input, outputSize: outputs });
  const adam = new Adam(plan, block, options);
  Engine.create(plan);
  layer.initialize(uniforms(3));
  return { block, adam };
}

test.each([
  [1, 1, 0],
  [5, 3, 0],
  [8, 4, 0.1],
])(
  "adam: 20 steps on a %i x %i layer stay within 1e-6 of float64 (weight decay %f)",
  (inputs, outputs, weightDecay) => {
    const { block, adam } = setUp(inputs, outputs, { weightDecay });
    const w = Float64Array.from(block.values);
    const [m, v] = [new Float64Array(w.length), new Float64Array(w.length)];
    for (let step = 1; step <= 20; step++) {
      const g = randomArray(w.length, step, 0.1).map((x, i) => (block.values[i] === 0 ? 0 : x));
      block.gradients.set(g);
      adam.step(0.01, 0.5);
      const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-5, weightDecay, step };
      adamReference(
        w,
        Float64Array.from(g, (x) => 0.5 * x),
        m,
        v,
        options,
      );
    }
    expect(adam.numSteps).toBe(20);
    expect(maxDifference(block.values, w)).toBeLessThan(1e-6);
    expect(maxDifference(adam.firstMoment, m)).toBeLessThan(1e-7);
  },
);

test("gradientNorm: Euclidean norm of all gradients; not finite when one is not", () => {
  const { block, adam } = setUp(5, 3);
  block.gradients.fill(0);
  block.gradients.set([3, 0, 0, 0, 4]);
  expect(adam.gradientNorm()).toBe(5);
  block.gradients[7] = NaN;
  expect(adam.gradientNorm()).toBeNaN();
});

test("moments can be saved and put back by parameter name", () => {
  const { block, adam } = setUp(5, 3);
  block.gradients.set(block.values);
  adam.step(0.01);
  const saved = block.read("d.weight", adam.firstMoment);
  const other = setUp(5, 3);
  other.block.write("d.weight", saved, other.adam.firstMoment);
  expect(maxDifference(other.block.read("d.weight", other.adam.firstMoment), saved)).toBe(0);
  expect(Math.max(...saved)).toBeGreaterThan(0);
});
