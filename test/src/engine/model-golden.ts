import { readFileSync } from "node:fs";
import { join } from "node:path";
import { goldenDir, readGolden } from "../../helpers/golden.ts";
import type { ReferenceWiring } from "../../helpers/reference-wiring.ts";

/** Where a tensor lies in the `.bin` beside the golden file. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly offset: number;
}

type StoredTensors = Readonly<Record<string, StoredTensor>>;

/** One model with weights, inputs, outputs and gradients, as `test/golden/ncps/README.md` describes it. */
export interface ModelCase {
  readonly id: string;
  readonly kind: string;
  readonly construct: Readonly<Record<string, unknown>>;
  readonly wiring: ReferenceWiring | null;
  readonly dtype: "float32" | "float64";
  readonly weights: StoredTensors;
  readonly frozen_weights?: readonly string[];
  readonly inputs: StoredTensors;
  readonly R: StoredTensors;
  readonly outputs: { readonly loss: number } & StoredTensors;
  readonly grads: {
    readonly weights: Readonly<Record<string, StoredTensor | null>>;
    readonly inputs: Readonly<Record<string, StoredTensor | null>>;
  };
  readonly expect?: string;
}

/** A golden file of model cases with its numbers. */
export interface ModelPack {
  readonly cases: readonly ModelCase[];
  /** The numbers of a stored tensor, float64 whatever they were stored as. */
  tensor(stored: StoredTensor, dtype: ModelCase["dtype"]): Float64Array;
}

/** Reads `ncps/NAME.json` and `.bin`; null where GOLDEN_DIR was given and lacks it. */
export function readModelPack(name: string): ModelPack | null {
  const data = readGolden<{ readonly cases: readonly ModelCase[] }>(`ncps/${name}.json`);
  if (data === null) return null;
  const bin = readFileSync(join(goldenDir, `ncps/${name}.bin`));
  const buffer = bin.buffer.slice(bin.byteOffset, bin.byteOffset + bin.byteLength);
  return {
    cases: data.cases,
    tensor({ shape, offset }, dtype) {
      const n = shape.reduce((a, b) => a * b, 1);
      const view = dtype === "float64" ? Float64Array : Float32Array;
      return Float64Array.from(new view(buffer, offset, n));
    },
  };
}
