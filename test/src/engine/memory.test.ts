import { expect, test } from "vitest";
import { Dense, Engine, MemoryPlan, ParameterBlock } from "../../../src/engine/index.ts";

test("tensors do not overlap, start on cache lines and are zero", () => {
  const plan = new MemoryPlan();
  const regions = [
    plan.tensor("a", 3, 5),
    plan.bytes("b", 7),
    plan.ints("c", 3),
    plan.doubles("d", 2),
    plan.tensor("e", 0, 4),
    plan.tensor("f", 1, 1),
  ];
  const engine = Engine.create(plan);
  let end = 65536;
  for (const region of regions) {
    expect(region.ptr % 64).toBe(0);
    expect(region.ptr).toBeGreaterThanOrEqual(end);
    end = region.ptr + region.length * region.bytesPerElement;
    expect([...region.data].every((x) => x === 0)).toBe(true);
  }
  expect(engine.memoryBytes).toBeGreaterThanOrEqual(end);
});

test("the asynchronous engine computes the same", async () => {
  const plan = new MemoryPlan();
  const x = plan.tensor("x", 1, 4);
  await Engine.createAsync(plan);
  x.data.set([1, 2, 3, 4]);
  expect(plan.kernels.sumSquares(x.ptr, 4, 0)).toBe(30);
});

test("using a tensor, kernels or parameters before the engine exists says so", () => {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const x = plan.tensor("obs", 1, 4);
  expect(() => x.data).toThrow(/tensor obs: create the engine/);
  expect(() => plan.kernels).toThrow(/create the engine/);
  expect(() => block.values).toThrow(/create the engine/);
});

test("a plan is closed once its engine exists, and serves one engine only", () => {
  const plan = new MemoryPlan();
  Engine.create(plan);
  expect(() => plan.tensor("late", 1, 1)).toThrow(/late asked for after the engine was created/);
  expect(() => Engine.create(plan)).toThrow(/another engine/);
});

test.each([-1, 1.5, NaN])("a size of %f is refused by name", (size) => {
  expect(() => new MemoryPlan().tensor("obs", size, 4)).toThrow(/tensor obs: size/);
});

test("more than WebAssembly can address is refused with the amount", () => {
  const plan = new MemoryPlan();
  plan.tensor("huge", 2 ** 20, 2 ** 12);
  expect(() => Engine.create(plan)).toThrow(/16384 MiB are needed, WebAssembly has at most 4096/);
});

function smallBlock() {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("x", 1, 3, { gradient: false });
  new Dense(plan, block, { name: "head", input, outputSize: 2 });
  return { plan, block, input };
}

test("parameters go in and out in torch layout; padding of the block stays zero", () => {
  const { plan, block } = smallBlock();
  Engine.create(plan);
  expect(block.list()).toMatchObject([
    { name: "head.weight", shape: [2, 3] },
    { name: "head.bias", shape: [2] },
  ]);
  block.set("head.weight", [1, 2, 3, 4, 5, 6]);
  block.set("head.bias", [7, 8]);
  expect([...block.get("head.weight")]).toEqual([1, 2, 3, 4, 5, 6]);
  // stored [in, out padded to 4]
  expect([...block.values]).toEqual([1, 4, 0, 0, 2, 5, 0, 0, 3, 6, 0, 0, 7, 8, 0, 0]);
  expect(block.numParameters).toBe(8);
});

test("an unknown name, a wrong length and a name taken twice are refused", () => {
  const { plan, block, input } = smallBlock();
  expect(() => new Dense(plan, block, { name: "head", input, outputSize: 2 })).toThrow(/head.weight: declared twice/);
  Engine.create(plan);
  expect(() => block.get("haed.weight")).toThrow(/haed.weight: not in this network, which has head.weight, head.bias/);
  expect(() => block.set("head.weight", [1, 2])).toThrow(/head.weight: 2 numbers given, shape \[2, 3\] has 6/);
});
