import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { goldenDir, readGolden } from "./golden.ts";
import type { ReferenceWiring } from "./reference-wiring.ts";

/** Where a tensor lies in a golden .bin file. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly offset: number;
}

/** One run of a reference model: what went in, what came out. */
export interface ModelCase {
  readonly id: string;
  readonly kind: string;
  readonly construct: Readonly<Record<string, unknown>>;
  readonly wiring: (ReferenceWiring & { readonly prebuild?: number }) | null;
  readonly dtype: "float32" | "float64";
  readonly loss_terms: readonly ("output" | "h_n" | "c_n")[];
  readonly frozen_weights?: readonly string[];
  readonly weights: Readonly<Record<string, StoredTensor>>;
  readonly inputs: Readonly<Partial<Record<"input" | "h0" | "c0" | "timespans" | "target", StoredTensor>>>;
  readonly R: Readonly<Partial<Record<"output" | "h_n" | "c_n", StoredTensor>>>;
  readonly outputs: {
    readonly output: StoredTensor;
    readonly h_n?: StoredTensor;
    readonly c_n?: StoredTensor;
    readonly loss: number;
  };
  readonly grads: {
    readonly weights: Readonly<Record<string, StoredTensor | null>>;
    readonly inputs: Readonly<Record<string, StoredTensor | null>>;
  };
  readonly masks?: readonly (readonly (readonly number[])[])[];
  readonly expect?: "differ";
}

/** A tensor read from a golden file, as float64. */
export interface GoldenTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** The cases of one golden pack and a reader of its tensors. */
export interface ModelPack<Case> {
  readonly cases: readonly Case[];
  read(tensor: StoredTensor, dtype: string): GoldenTensor;
}

/** Opens ncps/NAME.json with its NAME.bin; null where GOLDEN_DIR lacks it. */
export function readModelPack<Case = ModelCase>(name: string): ModelPack<Case> | null {
  const golden = readGolden<{ cases: Case[] }>(`ncps/${name}.json`);
  if (golden === null) return null;
  const bytes = new Uint8Array(readFileSync(join(goldenDir, `ncps/${name}.bin`))).buffer;
  const read = ({ shape, offset }: StoredTensor, dtype: string): GoldenTensor => {
    const count = shape.reduce((product, n) => product * n, 1);
    const stored =
      dtype === "float64" ? new Float64Array(bytes, offset, count) : new Float32Array(bytes, offset, count);
    return { shape, data: Float64Array.from(stored) };
  };
  return { cases: golden.cases, read };
}

/** Makes the tests of one pack (such as "cfc_wired"); where GOLDEN_DIR lacks it, says so as a skipped test. */
export function describePack<Case = ModelCase>(name: string, makeTests: (pack: ModelPack<Case>) => void): void {
  const pack = readModelPack<Case>(name);
  if (pack === null) test.skip(`ncps/${name}.json: not in GOLDEN_DIR`, () => {});
  else makeTests(pack);
}
