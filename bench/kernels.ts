// Speed of single kernels on one core: GFLOP/s of matrix products, nanoseconds per element of functions.
// Prints one JSON object; throws when a product is wrong.
import { activationKinds, Engine, MemoryPlan, padded } from "../src/engine/index.ts";
import { gemmReference } from "../src/engine/kernels/gemm.reference.ts";
import { packedLength } from "../src/engine/kernels/kernels.ts";

const isQuick = process.argv.includes("--quick");
const totalMs = isQuick ? 30 : 400;

/** Nanoseconds of one call: the best of many samples of about half a millisecond, so that other work on the machine disturbs few of them. */
function nanoseconds(run: () => void): number {
  let calls = 1;
  let best = Infinity;
  const end = performance.now() + totalMs;
  while (performance.now() < end) {
    const start = performance.now();
    for (let i = 0; i < calls; i++) run();
    const ms = performance.now() - start;
    if (ms < 0.4) calls *= 2;
    else best = Math.min(best, (ms * 1e6) / calls);
  }
  return best;
}

function products(M: number, N: number, K: number): Record<string, number> {
  const plan = new MemoryPlan();
  const [a, b, c] = [plan.tensor("a", M, K), plan.tensor("b", K, N), plan.tensor("c", M, N)];
  const at = plan.tensor("a transposed", K, M);
  const packed = plan.tensor("packed", 1, packedLength(K, padded(N)));
  Engine.create(plan);
  const k = plan.kernels;
  for (const tensor of [a, b, at]) tensor.data.forEach((_, i) => (tensor.data[i] = Math.fround(Math.sin(i))));
  k.packColumns(b.ptr, b.stride, K, N, packed.ptr);
  const multiply = (): void => k.gemm(a.ptr, a.stride, packed.ptr, c.ptr, c.stride, M, N, K, 0, 0);
  multiply();
  const expected = new Float32Array(M * N);
  gemmReference(expected, a.data, b.data, M, N, K);
  if (c.data.some((x, i) => x !== expected[i])) throw new Error(`product ${M}x${N}x${K} is wrong`);
  const flop = 2 * M * N * K;
  const rate = (run: () => void): number => Number((flop / nanoseconds(run)).toFixed(1));
  return {
    plain: rate(multiply),
    transposedA: rate(() => k.gemmTransposed(at.ptr, at.stride, b.ptr, b.stride, c.ptr, c.stride, M, N, K)),
  };
}

function elementwise(): Record<string, number> {
  const n = 4096;
  const plan = new MemoryPlan();
  const [x, y] = [plan.tensor("x", 1, n), plan.tensor("y", 1, n)];
  Engine.create(plan);
  x.data.forEach((_, i) => (x.data[i] = 4 * Math.sin(i)));
  const { kernels } = plan;
  const per = (run: () => void): number => Number((nanoseconds(run) / n).toFixed(2));
  return {
    tanh: per(() => kernels.activate(x.ptr, y.ptr, n, activationKinds.tanh)),
    sigmoid: per(() => kernels.activate(x.ptr, y.ptr, n, activationKinds.sigmoid)),
    exp: per(() => kernels.exp(x.ptr, y.ptr, n)),
    relu: per(() => kernels.activate(x.ptr, y.ptr, n, activationKinds.relu)),
  };
}

// rows x columns x depth, all multiples of 4 so that the reference sees no padding
const shapes = [
  [64, 128, 64],
  [64, 256, 256],
  [2048, 64, 64],
  [2048, 80, 24],
  [64, 64, 2048],
  [4, 64, 64],
  [1, 80, 24],
  [512, 512, 512],
] as const;
const gflops = Object.fromEntries(shapes.map(([M, N, K]) => [`${M}x${N}x${K}`, products(M, N, K)]));
console.log(JSON.stringify({ bench: "kernels", node: process.version, gflops, nsPerElement: elementwise() }));
