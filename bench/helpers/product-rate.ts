import { Engine, MemoryPlan } from "../../src/engine/index.ts";
import { packedLength } from "../../src/engine/kernels/kernels.ts";

/** GFLOP/s of a product whose factors stay in the caches (64 x 256 x 256): the most that layers can reach. The best of many short samples. */
export function peakProductRate(totalMs = 400): number {
  const [M, N, K] = [64, 256, 256];
  const plan = new MemoryPlan();
  const [a, b, c] = [plan.tensor("a", M, K), plan.tensor("b", K, N), plan.tensor("c", M, N)];
  const packed = plan.tensor("packed", 1, packedLength(K, N));
  Engine.create(plan);
  for (const tensor of [a, b]) tensor.data.forEach((_, i) => (tensor.data[i] = Math.sin(i)));
  const { kernels } = plan;
  kernels.packColumns(b.ptr, b.stride, K, N, packed.ptr);
  let best = Infinity;
  for (const end = performance.now() + totalMs; performance.now() < end;) {
    const start = performance.now();
    kernels.gemm(a.ptr, a.stride, packed.ptr, c.ptr, c.stride, M, N, K, 0, 0);
    best = Math.min(best, performance.now() - start);
  }
  return (2 * M * N * K) / best / 1e6;
}
