import { describe, expect, test } from "vitest";
import { Engine, Ltc, MemoryPlan, ParameterBlock } from "../../../../src/engine/index.ts";
import { ConfigError } from "../../../../src/errors.ts";
import { AutoNCP, type InitializationRanges, defaultLtcRanges } from "../../../../src/ncp/index.ts";
import { uniforms } from "../fixtures.ts";

function initialized(initializationRanges?: InitializationRanges): ParameterBlock {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("x", 4, 6);
  const circuit = new AutoNCP(24, 3).build(6);
  const options = { name: "net", input, circuit, maxBatch: 2 };
  const layer = new Ltc(plan, block, { ...options, ...(initializationRanges && { initializationRanges }) });
  Engine.create(plan);
  layer.initialize(uniforms(3));
  return block;
}

/** Every parameter with a range lies in it; one with more than 100 numbers fills at least 90 % of it. */
function expectWithin(block: ParameterBlock, ranges: InitializationRanges): void {
  for (const [name, [low, high]] of Object.entries(ranges)) {
    const values = block.get(`net.${name}`);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    expect(least, name).toBeGreaterThanOrEqual(Math.fround(low));
    expect(most, name).toBeLessThanOrEqual(Math.fround(high));
    if (values.length > 100) expect(most - least, name).toBeGreaterThanOrEqual(0.9 * (high - low) - 1e-6);
  }
}

describe("an LTC's first weights", () => {
  test("lie in the reference's ranges", () => expectWithin(initialized(), defaultLtcRanges));

  test("lie in the ranges that replace them, constants included; the others stay", () => {
    const other = { w: [0.2, 0.3], sensory_mu: [-1, -0.5], cm: [0.7, 0.7] } as const;
    expectWithin(initialized(other), { ...defaultLtcRanges, ...other });
  });

  test.each([
    [{ weight: [0, 1] }, /initializationRanges\.weight is not a parameter with a range; expected one of gleak/],
    [{ w: [-0.1, 1] }, /initializationRanges\.w starts at -0.1; w must not be negative/],
    [{ mu: [1, 0] }, /initializationRanges\.mu is \[1, 0\]; expected \[min, max\] with min <= max/],
    [{ mu: [0, NaN] }, /initializationRanges\.mu is \[0, NaN\]/],
  ] as [InitializationRanges, RegExp][])("%j is refused", (ranges, message) => {
    expect(() => initialized(ranges)).toThrow(ConfigError);
    expect(() => initialized(ranges)).toThrow(message);
  });
});
