import { describe, expect, test } from "vitest";
import { runGoldenCase } from "./engine-golden-run.ts";
import { maxDifference, relativeDifference } from "./fixtures.ts";
import { readModelPack } from "../../helpers/golden-models.ts";

const OUTPUT_TOLERANCE = 1e-5;
/** of the largest entry of a gradient tensor */
const GRADIENT_TOLERANCE = 1e-4;

for (const file of ["cfc_fc", "cfc_misc", "cfc_wired", "ltc", "keras_flavour", "float64"]) {
  const pack = readModelPack(file);
  if (pack === null) {
    test.skip(`ncps/${file}.json: not in GOLDEN_DIR`, () => {});
    continue;
  }
  describe(`${file}: engine outputs within 1e-5, every gradient within 1e-4 of its largest entry`, () => {
    for (const golden of pack.cases) {
      test(golden.id, () => {
        const run = runGoldenCase(golden, pack, file);
        expect(Math.abs(run.loss - golden.outputs.loss) / Math.max(1, Math.abs(golden.outputs.loss))).toBeLessThan(
          OUTPUT_TOLERANCE,
        );
        for (const [name, stored] of Object.entries(golden.outputs)) {
          if (typeof stored === "number" || stored === null) continue;
          const expected = pack.read(stored, golden.dtype).data;
          expect(maxDifference(run.outputs.get(name)!, expected), name).toBeLessThan(OUTPUT_TOLERANCE);
        }
        for (const [name, stored] of Object.entries(golden.grads.weights)) {
          if (stored === null) continue;
          const expected = pack.read(stored, golden.dtype).data;
          expect(relativeDifference(run.weightGradients.get(name)!, expected), name).toBeLessThan(GRADIENT_TOLERANCE);
        }
        for (const [name, stored] of Object.entries(golden.grads.inputs)) {
          if (stored === null) continue;
          const expected = pack.read(stored, golden.dtype).data;
          expect(relativeDifference(run.inputGradients.get(name)!, expected), name).toBeLessThan(GRADIENT_TOLERANCE);
        }
      });
    }
  });
}
