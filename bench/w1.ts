// W1: one training update of a wired CfC. obs 4, AutoNCP 32 units / 2 motors, B = 64 sequences x T = 32 steps, forward + full BPTT + Adam.
// Prints one JSON object; throws when the gradient is wrong or memory grows. The PyTorch side runs where Python has torch and ncps.
import { Adam, Engine, MemoryPlan, ParameterBlock, WiredCfc, type Masking } from "../src/engine/index.ts";
import { buildWiring } from "../src/ncp/index.ts";
import { median } from "./helpers/median.ts";
import { runPeer } from "./helpers/peer.ts";

const isQuick = process.argv.includes("--quick");
const [T, B, D] = [32, 64, 4];
const batchSizes = [1, 8, 64, 256];

function makeWorkload(masking: Masking) {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("obs", T * B, D, { gradient: false });
  const circuit = buildWiring({ kind: "AutoNCP", units: 32, outputSize: 2, sparsityLevel: 0.5, seed: 22222 }, D);
  const layer = new WiredCfc(plan, block, { name: "rnn_cell", input, circuit, masking, maxBatch: 256 });
  const adam = new Adam(plan, block);
  const { memoryBytes } = Engine.create(plan);
  let state = 1;
  const uniform = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  layer.initialize(uniform);
  layer.prepare();
  input.value.data.forEach((_, i) => (input.value.data[i] = 2 * uniform() - 1));
  const { value: y, gradient: dy } = layer.output;
  const dLoss = Float32Array.from(y.data, (_, i) => (i % y.stride < y.cols ? 2 * uniform() - 1 : 0));

  const gradient = (): void => {
    layer.forward(T, B);
    dy.data.set(dLoss);
    block.zeroGradients();
    layer.backward(T, B);
  };
  const update = (): void => {
    gradient();
    adam.step(1e-3);
    layer.prepare();
  };
  const lossAt = (weights: Float32Array): number => {
    block.values.set(weights);
    layer.prepare();
    layer.forward(T, B);
    return y.data.reduce((sum, value, i) => sum + value * dLoss[i]!, 0);
  };
  /** The slope of the loss along the gradient is the gradient's squared norm. */
  const checkGradient = (): void => {
    gradient();
    const [w, g] = [block.values.slice(), block.gradients.slice()];
    const norm2 = g.reduce((sum, x) => sum + x * x, 0);
    const h = 1e-2 / Math.sqrt(norm2);
    const slope = (lossAt(w.map((x, i) => x + h * g[i]!)) - lossAt(w.map((x, i) => x - h * g[i]!))) / (2 * h);
    lossAt(w);
    if (!(Math.abs(slope / norm2 - 1) < 1e-2)) throw new Error(`gradient is wrong: slope ${slope}, expected ${norm2}`);
  };
  const actMicroseconds = (N: number): number => {
    const rounds = Math.ceil((isQuick ? 20_000 : 400_000) / (N + 10));
    const start = performance.now();
    for (let i = 0; i < rounds; i++) layer.step(N);
    return Number((((performance.now() - start) / rounds) * 1000).toFixed(2));
  };
  return { update, checkGradient, actMicroseconds, memoryBytes };
}

function measure(masking: Masking) {
  const { update, checkGradient, actMicroseconds, memoryBytes } = makeWorkload(masking);
  checkGradient();
  for (let i = 0; i < 20; i++) update();
  const rounds = isQuick ? 100 : 1000;
  const times = new Array<number>(rounds).fill(0);
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < rounds; i++) {
    const start = performance.now();
    update();
    times[i] = performance.now() - start;
  }
  const bytesGrown = process.memoryUsage().arrayBuffers - before;
  if (bytesGrown > 0) throw new Error(`memory grew by ${bytesGrown} bytes over ${rounds} updates`);
  batchSizes.forEach(actMicroseconds);
  return {
    updateMs: Number(median(times).toFixed(3)),
    fastestMs: Number(Math.min(...times).toFixed(3)),
    stepMicroseconds: Object.fromEntries(batchSizes.map((N) => [N, actMicroseconds(N)])),
    memoryBytes,
    bytesGrown,
  };
}

const ncps = measure("ncps");
const strict = measure("strict");
const torch = runPeer<{ updateMs: number; stepMicroseconds: Record<string, number> }>("w1_torch", [
  isQuick ? "5" : "30",
]);
const timesFaster = torch === null ? null : Number((torch.updateMs / ncps.updateMs).toFixed(1));
console.log(JSON.stringify({ bench: "w1", node: process.version, ncps, strict, torch, timesFaster }));
