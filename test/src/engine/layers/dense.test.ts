import { describe, expect, test } from "vitest";
import {
  activationKinds,
  AffineMotor,
  Engine,
  MemoryPlan,
  Mlp,
  ParameterBlock,
  type Activation,
} from "../../../../src/engine/index.ts";
import { activationReference } from "../../../../src/engine/kernels/activation.reference.ts";
import { dense, fill, maxDifference, paddingIsZero, randomArray, uniforms } from "../fixtures.ts";

function setUp(rows: number, sizes: readonly number[], activation: Activation) {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("x", rows, sizes[0]!);
  const mlp = new Mlp(plan, block, {
    name: "critic",
    input,
    hiddenSizes: sizes.slice(1, -1),
    outputSize: sizes.at(-1)!,
    activation,
  });
  Engine.create(plan);
  mlp.initialize(uniforms(rows + 7));
  mlp.prepare();
  const x = randomArray(rows * sizes[0]!, 3);
  const dy = randomArray(rows * sizes.at(-1)!, 4);
  fill(input.value, x);
  return { block, input, mlp, x, dy };
}

function referenceLoss(
  sizes: readonly number[],
  rows: number,
  activation: Activation,
  values: ReadonlyMap<string, Float64Array>,
  dy: Float32Array,
): number {
  let x = values.get("x")!;
  for (let l = 0; l + 1 < sizes.length; l++) {
    const [D, O] = [sizes[l]!, sizes[l + 1]!];
    const [w, b] = [values.get(`critic.${l}.weight`)!, values.get(`critic.${l}.bias`)!];
    const f = l + 2 < sizes.length ? activationReference[activation] : (v: number) => v;
    const y = new Float64Array(rows * O);
    for (let r = 0; r < rows; r++)
      for (let o = 0; o < O; o++) {
        let sum = b[o]!;
        for (let i = 0; i < D; i++) sum += x[r * D + i]! * w[o * D + i]!;
        y[r * O + o] = f(sum);
      }
    x = y;
  }
  return x.reduce((sum, y, i) => sum + y * dy[i]!, 0);
}

describe.each((Object.keys(activationKinds) as Activation[]).map((name) => [name] as const))(
  "mlp with %s",
  (activation) => {
    test.each([
      [1, [1, 1]],
      [3, [4, 5, 1]],
      [5, [27, 3, 2]],
      [9, [4, 16, 16, 1]],
    ])("%i rows, sizes %j: loss and gradients within 1e-4 of float64 central differences", (rows, sizes) => {
      const { block, input, mlp, x, dy } = setUp(rows, sizes, activation);
      const values = new Map(block.list().map(({ name }) => [name, Float64Array.from(block.get(name))]));
      values.set("x", Float64Array.from(x));
      mlp.forward(rows);
      const y = dense(mlp.output.value, rows);
      const loss = y.reduce((sum, v, i) => sum + v * dy[i]!, 0);
      expect(Math.abs(loss - referenceLoss(sizes, rows, activation, values, dy))).toBeLessThan(2e-5);
      fill(mlp.output.gradient, dy);
      block.zeroGradients();
      mlp.backward(rows);
      expect(paddingIsZero(input.gradient)).toBe(true);
      for (const [name, value] of values) {
        const result = name === "x" ? dense(input.gradient, rows) : block.getGradient(name);
        const expected = value.map((kept, i) => {
          value[i] = kept + 1e-6;
          const up = referenceLoss(sizes, rows, activation, values, dy);
          value[i] = kept - 1e-6;
          const down = referenceLoss(sizes, rows, activation, values, dy);
          value[i] = kept;
          return (up - down) / 2e-6;
        });
        expect(maxDifference(result, expected), name).toBeLessThan(1e-4 * Math.max(1, ...expected.map(Math.abs)));
      }
    });
  },
);

test("gradients add up over two backward passes", () => {
  const { block, mlp, dy } = setUp(4, [3, 5, 2], "tanh");
  const run = (): void => {
    mlp.forward(4);
    fill(mlp.output.gradient, dy);
    mlp.backward(4);
  };
  block.zeroGradients();
  run();
  const once = block.gradients.slice();
  run();
  expect(
    maxDifference(
      block.gradients,
      once.map((g) => 2 * g),
    ),
  ).toBeLessThan(1e-6);
});

test("affine motor: y = scale x + bias, gradients by hand", () => {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("motor", 2, 3);
  const affine = new AffineMotor(plan, block, { name: "actor", input, initialScale: 3 });
  Engine.create(plan);
  affine.initialize();
  block.set("actor.bias", [1, 0, -1]);
  fill(input.value, [0.5, -0.5, 1, 0.25, 0, -1]);
  affine.forward(2);
  expect([...dense(affine.output.value)]).toEqual([2.5, -1.5, 2, 1.75, 0, -4]);
  fill(affine.output.gradient, [1, 2, 3, 4, 5, 6]);
  affine.backward(2);
  expect([...dense(input.gradient)]).toEqual([3, 6, 9, 12, 15, 18]);
  expect([...block.getGradient("actor.scale")]).toEqual([1.5, -1, -3]);
  expect([...block.getGradient("actor.bias")]).toEqual([5, 7, 9]);
  expect(paddingIsZero(affine.output.value)).toBe(true);
});

test("orthogonal initialiser: rows are orthonormal times gain (within 1e-6)", () => {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("x", 1, 8, { gradient: false });
  const mlp = new Mlp(plan, block, {
    name: "c",
    input,
    hiddenSizes: [5],
    outputSize: 1,
    activation: "tanh",
    outputGain: 0.5,
  });
  Engine.create(plan);
  mlp.initialize(uniforms(1));
  const w = block.get("c.0.weight");
  for (let a = 0; a < 5; a++)
    for (let b = 0; b < 5; b++) {
      let dot = 0;
      for (let i = 0; i < 8; i++) dot += w[a * 8 + i]! * w[b * 8 + i]!;
      expect(dot).toBeCloseTo(a === b ? 2 : 0, 6);
    }
  const last = block.get("c.1.weight");
  expect(Math.hypot(...last)).toBeCloseTo(0.5, 6);
});
