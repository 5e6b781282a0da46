import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { type ModelCase, readModelPack } from "../../helpers/golden-models.ts";
import { tfjsCase } from "../../helpers/tfjs-cases.ts";

beforeAll(async () => {
  setWasmPaths(join(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")), "/"));
  await tf.setBackend("wasm");
});

const packs = [
  ["cfc_wired", "torch"],
  ["ltc", "torch"],
  ["keras_flavour", "keras"],
] as const;

for (const [name, flavour] of packs) {
  const pack = readModelPack(name);
  describe(`${name} on TensorFlow.js' wasm backend`, () => {
    if (pack === null) test.skip("not in GOLDEN_DIR", () => {});
    else
      test.each(pack.cases.map((golden) => [golden.id, golden] as const))(
        "%s: outputs within 1e-5",
        (_, golden: ModelCase) => {
          const built = tfjsCase(pack, golden, flavour);
          built.run(built.inputs).forEach((output, i) => {
            const expected = pack.read(golden.outputs[golden.loss_terms[i]!]!, golden.dtype);
            const values = output.dataSync<"float32">();
            expect(values.length).toBe(expected.data.length);
            expected.data.forEach((value, k) => expect(Math.abs(values[k]! - value)).toBeLessThanOrEqual(1e-5));
          });
        },
      );
  });
}
