import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { KernelBuild } from "../../src/engine/index.ts";
import { ConfigError } from "../../src/errors.ts";
import { packageRoot } from "../../src/package-root.ts";

/**
 * The kernels with relaxed SIMD: products are summed by fused multiply-add where the processor has it. Faster, and no longer the same bits on
 * every machine; two runs on one machine still agree. Needs Node >= 22.
 */
export const fastMathKernels: KernelBuild = {
  bytes: () => readFileSync(builtModule()),
  refusal: {
    code: "no-relaxed-simd",
    message: "fast math: this platform's WebAssembly lacks relaxed SIMD; use Node >= 22, or leave fast math out",
  },
};

/** A file of its own, so that pages and exported policies do not carry it. */
function builtModule(): string {
  const path = fileURLToPath(new URL("dist/agents/workers/fast-math.wasm", packageRoot));
  if (existsSync(path)) return path;
  throw new ConfigError("not-built", "fast math: its kernels were not built; run `npm run build:kernels`");
}
