import { describe, expect, test } from "vitest";
import { type ModelOutput, type Tensor, createModel } from "../../../src/ncp/index.ts";
import { expectClose } from "../../helpers/expect-close.ts";
import { type ModelCase, type ModelPack, describePack } from "../../helpers/golden-models.ts";
import { toModelConfig } from "../../helpers/reference-model.ts";

interface QuirkCase extends ModelCase {
  readonly reference_quirk: string;
}

function run(c: QuirkCase, pack: ModelPack<QuirkCase>, config = toModelConfig(c)): ModelOutput {
  const read = (name: "input" | "h0" | "c0" | "timespans"): Tensor | undefined => {
    const stored = c.inputs[name];
    return stored === undefined ? undefined : pack.read(stored, c.dtype);
  };
  const weights = Object.fromEntries(Object.entries(c.weights).map(([name, w]) => [name, pack.read(w, c.dtype).data]));
  const [h0, c0] = [read("h0"), read("c0")];
  return createModel(config).forward(weights, {
    input: read("input")!,
    state: h0 === undefined ? undefined : { h: h0, c: c0 },
    elapsed: read("timespans"),
  });
}

const largestDifference = (a: Float64Array, b: Float64Array): number =>
  a.length === b.length ? a.reduce((max, value, k) => Math.max(max, Math.abs(value - b[k]!)), 0) : Infinity;

describePack<QuirkCase>("quirks", (pack) => {
  const differing = pack.cases.filter((c) => c.expect === "differ");
  describe("quirks: the reference's defects are not repeated", () => {
    test.each(differing.map((c) => [c.id, c.reference_quirk, c] as const))("%s: %s", (_, __, c) => {
      const stored = pack.read(c.outputs.output, c.dtype);
      const { output } = run(c, pack);
      const sameShape = JSON.stringify(output.shape) === JSON.stringify(stored.shape);
      expect(sameShape && largestDifference(output.data, stored.data) < 1e-4).toBe(false);
    });
  });

  const asked = differing.flatMap((c): [string, QuirkCase, ReturnType<typeof toModelConfig>][] => {
    const config = toModelConfig(c);
    const { wiring } = config as { wiring?: object };
    if (c.wiring?.prebuild !== undefined) {
      return [["a wiring drawn twice", c, { ...config, wiring: { ...wiring, builds: 2 } } as typeof config]];
    }
    const isSlicedWiredCfc = c.kind === "CfC" && wiring !== undefined;
    return isSlicedWiredCfc ? [["all units as output", c, { ...config, wiredOutput: "layer" } as typeof config]] : [];
  });
  if (asked.length > 0) {
    describe("quirks: reference behaviour on request equals the reference (within 1e-5)", () => {
      test.each(asked.map(([what, c, config]) => [c.id, what, c, config] as const))("%s: %s", (_, __, c, config) => {
        const stored = pack.read(c.outputs.output, c.dtype);
        const { output } = run(c, pack, config);
        expect(output.shape).toEqual(stored.shape);
        expectClose("output", output.data, stored.data, 1e-5);
      });
    });
  }
});
