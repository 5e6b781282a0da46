// Updates (forward + backward, B = 64 x T = 32, 4 inputs) and acting steps of every kind of circuit on one core, beside PyTorch + ncps where Python
// has them. Prints one JSON object; throws when a gradient is wrong. Times are processor milliseconds, so that a busy machine disturbs them less.
import {
  Cfc,
  Engine,
  Gru,
  Lstm,
  Ltc,
  MemoryPlan,
  ParameterBlock,
  WiredCfc,
  type ByteTensor,
  type RecurrentLayer,
  type Signal,
} from "../src/engine/index.ts";
import { buildWiring } from "../src/ncp/index.ts";
import { median } from "./helpers/median.ts";
import { runPeer } from "./helpers/peer.ts";
import { timed } from "./helpers/timed.ts";

const isQuick = process.argv.includes("--quick");
const [T, B, D, UNITS] = [32, 64, 4, 32];
const circuit = buildWiring({ kind: "AutoNCP", units: UNITS, outputSize: 2, sparsityLevel: 0.5, seed: 22222 }, D);
const full = buildWiring({ kind: "FullyConnected", units: UNITS, erevInitSeed: 1111, selfConnections: true }, D);

/** Sequences end early: the last b % 8 of 32 steps of sample b are padding, 11 % of all. */
function padEnds({ data }: ByteTensor): void {
  for (let b = 0; b < B; b++) for (let t = T - (b % 8); t < T; t++) data[t * B + b] = 1;
}

type Make = (plan: MemoryPlan, block: ParameterBlock, input: Signal) => RecurrentLayer;

const kinds: Readonly<Record<string, Make>> = {
  wiredCfc: (p, b, input) => new WiredCfc(p, b, { name: "n", input, circuit, masking: "ncps", maxBatch: B }),
  wiredCfcMixed: (p, b, input) =>
    new WiredCfc(p, b, { name: "n", input, circuit, masking: "ncps", maxBatch: B, memoryName: "lstm" }),
  cfcBackbone128: (p, b, input) => new Cfc(p, b, { name: "n", input, units: UNITS, maxBatch: B }),
  wiredLtc: (p, b, input) => new Ltc(p, b, { name: "n", input, circuit, maxBatch: B, maxSteps: T }),
  fullLtc: (p, b, input) => new Ltc(p, b, { name: "n", input, circuit: full, maxBatch: B, maxSteps: T }),
  lstm: (p, b, input) => new Lstm(p, b, { name: "n", input, units: UNITS, maxBatch: B }),
  gru: (p, b, input) => new Gru(p, b, { name: "n", input, units: UNITS, maxBatch: B }),
  wiredCfcPadded: (p, b, input) =>
    new WiredCfc(p, b, { name: "n", input, circuit, masking: "ncps", maxBatch: B, hasPadding: true }),
  cfcBackbone128Padded: (p, b, input) =>
    new Cfc(p, b, { name: "n", input, units: UNITS, maxBatch: B, hasPadding: true }),
  wiredLtcPadded: (p, b, input) =>
    new Ltc(p, b, { name: "n", input, circuit, maxBatch: B, maxSteps: T, hasPadding: true }),
};

interface Result {
  readonly updateMs: number;
  readonly stepMicroseconds: number;
}

function measure(make: Make): Result {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("x", T * B, D);
  const layer = make(plan, block, input);
  Engine.create(plan);
  let state = 1;
  const uniform = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  layer.initialize(uniform);
  layer.prepare();
  if (layer.padding) padEnds(layer.padding);
  input.value.data.forEach((_, i) => (input.value.data[i] = 2 * uniform() - 1));
  const { value: y, gradient: dy } = layer.output;
  const dLoss = Float32Array.from(y.data, (_, i) => (i % y.stride < y.cols ? 2 * uniform() - 1 : 0));
  const update = (): void => {
    layer.prepare();
    layer.forward(T, B);
    dy.data.set(dLoss);
    block.zeroGradients();
    layer.backward(T, B);
  };
  checkGradient(layer, block, dLoss, update);
  for (let i = 0; i < (isQuick ? 5 : 60); i++) update(); // until the loops around the kernels are compiled too
  const updates = Array.from({ length: isQuick ? 3 : 40 }, () => timed(update).cpuMs);
  const act = (): void => {
    for (let i = 0; i < 1000; i++) layer.step(1);
  };
  act();
  const steps = Array.from({ length: isQuick ? 3 : 20 }, () => timed(act).cpuMs);
  return { updateMs: Number(median(updates).toFixed(2)), stepMicroseconds: Number(median(steps).toFixed(2)) };
}

/** The slope of the loss along the gradient is the gradient's squared norm. */
function checkGradient(layer: RecurrentLayer, block: ParameterBlock, dLoss: Float32Array, update: () => void): void {
  update();
  const [w, g] = [block.values.slice(), block.gradients.slice()];
  const norm2 = g.reduce((sum, x) => sum + x * x, 0);
  const lossAt = (step: number): number => {
    w.forEach((x, i) => (block.values[i] = x + step * g[i]!));
    layer.prepare();
    layer.forward(T, B);
    return layer.output.value.data.reduce((sum, value, i) => sum + value * dLoss[i]!, 0);
  };
  const h = 3e-3 / Math.sqrt(norm2);
  const slope = (lossAt(h) - lossAt(-h)) / (2 * h);
  lossAt(0);
  if (!(Math.abs(slope / norm2 - 1) < 2e-2)) throw new Error(`gradient is wrong: slope ${slope}, expected ${norm2}`);
}

const results = Object.fromEntries(Object.entries(kinds).map(([name, make]) => [name, measure(make)]));
const torch = runPeer<Record<string, Result>>("circuits_torch", [isQuick ? "2" : "8"]);
const ratio = (a: number, b: number): number => Number((a / b).toFixed(1));
const timesFaster =
  torch &&
  Object.fromEntries(
    // the peer knows no padding
    Object.entries(torch).map(([name, peer]) => {
      const { updateMs, stepMicroseconds } = results[name]!; // we measure all it does
      return [name, { update: ratio(peer.updateMs, updateMs), step: ratio(peer.stepMicroseconds, stepMicroseconds) }];
    }),
  );
console.log(JSON.stringify({ bench: "circuits", node: process.version, results, torch, timesFaster }));
