// Our side of weights.py: loads models trained with ncps, runs them with the definition and with the kernels, changes the weights and saves
// them for torch. Prints JSON: outputs of the changed models, and how far ours were from torch's before.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cfc, Engine, type LayeredCircuit, Ltc, MemoryPlan, ParameterBlock, WiredCfc } from "../../src/engine/index.ts";
import { decodeNpz } from "../../src/interop/index.ts";
import {
  type CfcConfig,
  type LtcConfig,
  type ModelConfigInput,
  type RecurrentModel,
  type Weights,
  decodeModel,
  encodeModel,
  fromStateDict,
} from "../../src/ncp/index.ts";

interface Given {
  readonly x: readonly number[];
  readonly times: readonly number[];
  readonly shape: readonly [number, number, number];
  readonly cases: readonly { name: string; config: ModelConfigInput; output: readonly number[] }[];
}

const folder = process.argv[2]!;
const given = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as Given;
const [B, T, D] = given.shape;
const input = { shape: given.shape, data: Float64Array.from(given.x) };
const elapsed = { shape: [1, T], data: Float64Array.from(given.times) };
const largestDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce(
    (x, y) => Math.max(x, y),
    a.length === b.length ? 0 : NaN,
  );
const define = (model: RecurrentModel, weights: Weights): Float64Array =>
  model.forward(weights, { input, elapsed }).output.data;

const results: Record<string, unknown> = {};
for (const { name, config, output } of given.cases) {
  const { model, weights } = decodeModel(readFileSync(join(folder, `${name}.safetensors`)), config);
  const fromNpz = fromStateDict(model, decodeNpz(readFileSync(join(folder, `${name}.npz`))));
  const differences = {
    definition: largestDifference(define(model, weights), output),
    npz: largestDifference(define(model, fromNpz), output),
    kernels: largestDifference(kernels(model, weights), output),
  };
  const frozen = new Set(model.parameters.filter((p) => p.frozen === true).map((p) => p.name));
  const changed = Object.fromEntries(
    Object.entries(weights).map(([key, values]) => [
      key,
      frozen.has(key) ? values : values.map((w, i) => w * (1 + 0.1 * Math.sin(i))),
    ]),
  );
  writeFileSync(join(folder, `${name}.changed.safetensors`), encodeModel({ model, weights: changed }));
  results[name] = { differences, output: [...define(model, changed)] };
}
process.stdout.write(JSON.stringify(results));

/** Outputs [B, T, ·] of the kernels; a projection is computed here. */
function kernels(model: RecurrentModel, weights: Weights): Float64Array {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const signal = plan.signal("x", T * B, D);
  const layer = layerOf(model, plan, block, signal);
  Engine.create(plan);
  for (const { name } of block.list()) block.set(name, Float32Array.from(weights[name]!));
  layer.prepare();
  for (let row = 0; row < T * B; row++) {
    const [t, b] = [Math.floor(row / B), row % B];
    for (let d = 0; d < D; d++) signal.value.data[row * signal.value.stride + d] = given.x[(b * T + t) * D + d]!;
    layer.elapsed.data[row] = given.times[t]!;
  }
  layer.forward(T, B);
  const { data, stride, cols } = layer.output.value;
  const [w, bias] = [weights["fc.weight"], weights["fc.bias"]];
  const O = bias?.length ?? cols;
  return Float64Array.from({ length: B * T * O }, (_, i) => {
    const [b, t, o] = [Math.floor(i / (T * O)), Math.floor(i / O) % T, i % O];
    const at = (t * B + b) * stride;
    if (!w || !bias) return data[at + o]!;
    return bias[o]! + w.subarray(o * cols, (o + 1) * cols).reduce((sum, v, c) => sum + v * data[at + c]!, 0);
  });
}

function layerOf(
  model: RecurrentModel,
  plan: MemoryPlan,
  block: ParameterBlock,
  signal: Parameters<typeof makeOptions>[0],
): LayeredCircuit {
  const config = model.config as CfcConfig | LtcConfig;
  const options = makeOptions(signal, config.mixedMemory);
  if (config.kind === "ltc") {
    const { inputMapping, outputMapping, odeUnfolds: unfolds, implicitParamConstraints: isImplicit = true } = config;
    return new Ltc(plan, block, {
      ...options,
      circuit: model.circuit!,
      inputMapping,
      outputMapping,
      unfolds,
      isImplicit,
    });
  }
  const { mode, masking, units, activation, backboneUnits = 128, backboneLayers = 1, backboneDropout = 0 } = config;
  if (model.circuit) return new WiredCfc(plan, block, { ...options, circuit: model.circuit, masking, mode });
  return new Cfc(plan, block, {
    ...options,
    units: units!,
    mode,
    activation,
    backboneUnits,
    backboneLayers,
    backboneDropout,
  });
}

function makeOptions(input: ReturnType<MemoryPlan["signal"]>, hasMemory: boolean) {
  return { name: "rnn_cell", input, maxBatch: B, ...(hasMemory ? { memoryName: "lstm" } : {}) };
}
