import { expect, test } from "vitest";
import {
  circuitMasks,
  Engine,
  Ltc,
  MemoryPlan,
  ParameterBlock,
  WiredCfc,
  type PolarityRule,
} from "../../../../src/engine/index.ts";
import { AutoNCP } from "../../../../src/ncp/index.ts";
import { dense, fill, maxDifference, randomArray, uniforms } from "../fixtures.ts";

const circuit = new AutoNCP(12, 2).build(3);
const [T, B] = [4, 3];

function run(kind: "cfc" | "ltc", polarity: PolarityRule, change: (block: ParameterBlock) => void) {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("x", T * B, 3);
  const common = { name: "net", input, circuit, maxBatch: B, polarity };
  const layer =
    kind === "cfc" ? new WiredCfc(plan, block, { ...common, masking: "strict" }) : new Ltc(plan, block, common);
  Engine.create(plan);
  layer.initialize(uniforms(4));
  change(block);
  layer.prepare();
  fill(input.value, randomArray(T * B * 3, 5));
  layer.forward(T, B);
  const y = dense(layer.output.value);
  fill(layer.output.gradient, randomArray(T * B * 2, 6));
  block.zeroGradients();
  layer.backward(T, B);
  return { y, block };
}

/** Where ff1 and ff2 have drawn synapses, by parameter name. */
const drawn = new Map<string, Float32Array>(
  circuitMasks(circuit, "strict").flatMap((masks, l) =>
    ["ff1", "ff2"].map((head) => [`net.layer_${l}.${head}.weight`, masks.polarities] as const),
  ),
);

test("signed CfC: |w| times the synapse's polarity, bit for bit; gradients carry the weight's own sign", () => {
  const signed = run("cfc", "signed", () => {});
  const free = run("cfc", "free", (block) => {
    for (const [name, polarities] of drawn)
      block.set(
        name,
        block.get(name).map((w, i) => (polarities[i] === 0 ? w : Math.abs(w) * polarities[i]!)),
      );
  });
  expect(maxDifference(signed.y, free.y)).toBe(0);
  let numFlipped = 0;
  for (const { name } of signed.block.list()) {
    const polarities = drawn.get(name);
    const weights = signed.block.get(name);
    const expected = free.block.getGradient(name).map((g, i) => {
      const polarity = polarities?.[i] ?? 0;
      const factor = polarity === 0 ? 1 : polarity * (weights[i]! < 0 ? -1 : 1);
      if (factor < 0) numFlipped++;
      return g * factor;
    });
    expect(maxDifference(signed.block.getGradient(name), expected), name).toBe(0);
  }
  expect(numFlipped).toBeGreaterThan(5);
});

test("signed LTC: reversal potentials keep the synapse's polarity", () => {
  const negative = (block: ParameterBlock): void =>
    block.set(
      "net.erev",
      block.get("net.erev").map((v) => -0.7 * v),
    );
  const signed = run("ltc", "signed", negative);
  const free = run("ltc", "free", (block) =>
    block.set(
      "net.erev",
      block.get("net.erev").map((v) => Math.fround(0.7 * v)),
    ),
  );
  expect(maxDifference(signed.y, free.y)).toBeLessThan(1e-6);
  expect(
    maxDifference(
      signed.block.getGradient("net.erev"),
      free.block.getGradient("net.erev").map((g) => -g),
    ),
  ).toBeLessThan(1e-5);
  expect(Math.max(...signed.block.getGradient("net.erev").map(Math.abs))).toBeGreaterThan(1e-3);
});
