import {
  Cfc,
  Dense,
  Engine,
  Ltc,
  MemoryPlan,
  ParameterBlock,
  WiredCfc,
  type CfcMode,
  type LayeredCircuit,
  type Mapping,
  type Signal,
} from "../../../src/engine/index.ts";
import type { Circuit } from "../../../src/ncp/index.ts";
import { makeReferenceWiring } from "../../helpers/reference-wiring.ts";
import { fill } from "./fixtures.ts";
import type { ModelCase, ModelPack, StoredTensor } from "../../helpers/golden-models.ts";

/** Results of one golden case through the engine, shaped as the file stores them. */
export interface GoldenRun {
  readonly loss: number;
  readonly outputs: ReadonlyMap<string, Float64Array>;
  readonly weightGradients: ReadonlyMap<string, ArrayLike<number>>;
  readonly inputGradients: ReadonlyMap<string, Float64Array>;
}

/** How the arrays of a case are laid out: the engine is always time-major and batched. */
interface Layout {
  readonly T: number;
  readonly B: number;
  readonly C: number;
  /** index of (t, b) among the rows the file stores */
  fileRow(t: number, b: number): number;
}

function layoutOf(c: ModelCase): Layout {
  const shape = c.inputs["input"]!.shape;
  if (isCell(c)) return { T: 1, B: shape[0]!, C: shape[1]!, fileRow: (_, b) => b };
  if (shape.length === 2) return { T: shape[0]!, B: 1, C: shape[1]!, fileRow: (t) => t };
  const isBatchFirst = c.construct["batch_first"] !== false;
  const [first, second, C] = shape as [number, number, number];
  return isBatchFirst
    ? { T: second, B: first, C, fileRow: (t, b) => b * second + t }
    : { T: first, B: second, C, fileRow: (t, b) => t * second + b };
}

interface BuiltCase {
  readonly layer: LayeredCircuit;
  readonly fc: Dense | null;
  /** neuron ids in the order of the file's state vectors */
  readonly order: readonly number[];
  /** name in the engine and whether the file stores the transpose, by the file's name */
  parameter(name: string): { readonly name: string; readonly isTransposed: boolean };
}

const isKeras = (file: string): boolean => file.startsWith("keras");

/** The network of a case, with the reference's names. */
function build(
  c: ModelCase,
  file: string,
  plan: MemoryPlan,
  block: ParameterBlock,
  input: Signal,
  layout: Layout,
): BuiltCase {
  const o = c.construct;
  const flavour = isKeras(file) ? "keras" : "torch";
  const isMixed = o["mixed_memory"] === true;
  const memory = isMixed ? { memoryName: "lstm" } : {};
  const wiring =
    c.wiring ?? (c.kind.startsWith("LTC") ? { class: "FullyConnected", args: { units: o["units"] } } : null);
  // a keras memory stands between input and circuit, so the circuit is built for its size
  const units = wiring ? makeReferenceWiring(wiring).units : Number(o["units"] ?? o["hidden_size"]);
  const inputDim = isMixed && flavour === "keras" ? units : layout.C;
  const circuit: Circuit | null = wiring ? makeReferenceWiring(wiring).build(inputDim) : null;
  const common = { name: "rnn_cell", input, maxBatch: layout.B, ...memory };
  const mode = (o["mode"] ?? "default") as CfcMode;
  const makeLayer = (): LayeredCircuit => {
    if (c.kind.startsWith("LTC"))
      return new Ltc(plan, block, {
        ...common,
        circuit: circuit!,
        inputMapping: mapping(o["input_mapping"]),
        outputMapping: mapping(o["output_mapping"]),
        unfolds: Number(o["ode_unfolds"] ?? 6),
        epsilon: Number(o["epsilon"] ?? 1e-8),
        isImplicit: Boolean(o["implicit_param_constraints"] ?? (c.kind === "LTC" && flavour === "torch")),
        memoryRole: flavour === "keras" ? "input" : "state",
      });
    if (circuit) return new WiredCfc(plan, block, { ...common, circuit, masking: "ncps", mode, flavour });
    return new Cfc(plan, block, {
      ...common,
      units,
      mode,
      flavour,
      ...given("backboneUnits", o["backbone_units"]),
      ...given("backboneLayers", o["backbone_layers"]),
      ...given("activation", o["activation"] ?? o["backbone_activation"]),
      backboneDropout: Number(o["backbone_dropout"] ?? 0),
      ...given("sparsityMask", o["sparsity_mask"] && headMask(o["sparsity_mask"] as number[][])),
    });
  };
  const layer = makeLayer();
  const projection = o["proj_size"];
  const fc =
    typeof projection === "number"
      ? new Dense(plan, block, { name: "fc", input: layer.output, outputSize: projection })
      : null;
  const order =
    circuit && !c.kind.startsWith("LTC") ? circuit.layers.flat() : Array.from({ length: units }, (_, id) => id);
  return {
    layer,
    fc,
    order,
    parameter: (name) => (flavour === "keras" ? kerasParameter(name) : torchParameter(c, name)),
  };
}

const given = (key: string, value: unknown): object => (value === undefined || value === null ? {} : { [key]: value });

/** Absent is the reference's default, affine; null and unknown values mean none. */
const mapping = (value: unknown): Mapping =>
  value === undefined ? "affine" : value === "affine" || value === "linear" ? value : "none";

/** The reference is given (inputs, neurons) with signs and uses the transpose of the absolute value. */
const headMask = (mask: readonly (readonly number[])[]): Float32Array =>
  Float32Array.from(mask[0]!.flatMap((_, neuron) => mask.map((row) => Math.abs(row[neuron]!))));

/** A cell on its own stores its weights without the prefix that they have inside a layer. */
const torchParameter = (c: ModelCase, name: string) => ({
  name: isCell(c) ? `rnn_cell.${name}` : name,
  isTransposed: false,
});

/** Keras keeps kernels as (in, out) and names them differently. */
function kerasParameter(name: string) {
  const memory: Record<string, string> = {
    input_kernel: "lstm.input_map.weight",
    recurrent_kernel: "lstm.recurrent_map.weight",
    bias: "lstm.input_map.bias",
  };
  if (memory[name]) return { name: memory[name], isTransposed: !name.endsWith("bias") };
  const local = name
    .replace(/^rnn_cell\./, "")
    .replace(/^_cfc_layers\./, "layer_")
    .replace(/^backbone_fn\.layers\.(\d+)\./, (_, i: string) => `backbone.${i}.`)
    .replace(/(ff[12])_(weight|bias)$/, "$1.$2")
    .replace(/\.kernel$/, ".weight");
  return { name: `rnn_cell.${local}`, isTransposed: local.endsWith(".weight") };
}

const transposed = (values: ArrayLike<number>, [rows, cols]: readonly number[]): Float64Array =>
  Float64Array.from({ length: values.length }, (_, i) => values[(i % rows!) * cols! + Math.floor(i / rows!)]!);

/** Computes a case of a file. */
export function runGoldenCase(c: ModelCase, pack: ModelPack<ModelCase>, file: string): GoldenRun {
  const read = (stored: StoredTensor): Float64Array => pack.read(stored, c.dtype).data;
  const layout = layoutOf(c);
  const { T, B, C } = layout;
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("input", T * B, C);
  const { layer, fc, order, parameter } = build(c, file, plan, block, input, layout);
  Engine.create(plan);
  const trainable = Object.entries(c.weights).filter(([name]) => !c.frozen_weights?.includes(name));
  for (const [name, stored] of trainable) {
    const { name: own, isTransposed } = parameter(name);
    block.set(own, isTransposed ? transposed(read(stored), stored.shape) : read(stored));
  }
  layer.prepare();
  fc?.prepare();

  const toRows = (stored: Float64Array, cols: number): Float64Array =>
    eachRow(layout, cols, (from, to, out) => out.set(stored.subarray(from * cols, (from + 1) * cols), to * cols));
  const toFile = (rows: ArrayLike<number>, cols: number, stride: number): Float64Array =>
    eachRow(layout, cols, (at, row, out) => {
      for (let i = 0; i < cols; i++) out[at * cols + i] = rows[row * stride + i]!;
    });
  fill(input.value, toRows(read(c.inputs["input"]!), C));
  const timespans = c.inputs["timespans"];
  if (timespans) {
    const values = read(timespans);
    const isShared = values.length < T * B;
    for (let t = 0; t < T; t++)
      for (let b = 0; b < B; b++) layer.elapsed.data[t * B + b] = values[isShared ? t : layout.fileRow(t, b)]!;
  }
  const H = layer.stateSize;
  const byId = (values: Float64Array): Float64Array => {
    const out = new Float64Array(B * H);
    for (let b = 0; b < B; b++) order.forEach((id, i) => (out[b * H + id] = values[b * H + i]!));
    return out;
  };
  const fromId = (tensor: typeof layer.finalState): Float64Array => {
    const out = new Float64Array(B * H);
    for (let b = 0; b < B; b++) order.forEach((id, i) => (out[b * H + i] = tensor.data[b * tensor.stride + id]!));
    return out;
  };
  const h0 = c.inputs["h0"];
  if (h0) fill(layer.initialState, byId(read(h0)));
  const c0 = c.inputs["c0"];
  if (c0 && layer.initialMemory) fill(layer.initialMemory, byId(read(c0)));

  layer.forward(T, B);
  fc?.forward(T * B);
  const output = (fc ?? layer).output;
  const M = output.value.cols;
  const isLast = c.construct["return_sequences"] === false;
  const sequence = toFile(output.value.data, M, output.value.stride);
  const lastRows = Float64Array.from(
    { length: B * M },
    (_, i) => output.value.data[((T - 1) * B + Math.floor(i / M)) * output.value.stride + (i % M)]!,
  );
  const outputs = new Map<string, Float64Array>([
    ["output", isLast ? lastRows : sequence],
    ["h_n", fromId(layer.finalState)],
    ...(layer.finalMemory ? [["c_n", fromId(layer.finalMemory)] as const] : []),
  ]);

  const R = (name: string): Float64Array | null => {
    const stored = (c.R as Readonly<Record<string, StoredTensor>>)[name];
    return stored ? read(stored) : null;
  };
  const rOutput = R("output");
  output.gradient.data.fill(0);
  if (rOutput !== null) {
    if (isLast)
      for (let i = 0; i < B * M; i++)
        output.gradient.data[((T - 1) * B + Math.floor(i / M)) * output.gradient.stride + (i % M)] = rOutput[i]!;
    else fill(output.gradient, toRows(rOutput, M));
  }
  const rState = R("h_n");
  if (rState) fill(layer.dFinalState, byId(rState));
  const rMemory = R("c_n");
  if (rMemory && layer.dFinalMemory) fill(layer.dFinalMemory, byId(rMemory));
  block.zeroGradients();
  fc?.backward(T * B);
  layer.backward(T, B);
  const dTime = new Float64Array(timespans ? read(timespans).length : 0);
  const isShared = dTime.length < T * B;
  if (timespans)
    for (let t = 0; t < T; t++)
      for (let b = 0; b < B; b++) dTime[isShared ? t : layout.fileRow(t, b)]! += layer.dElapsed.data[t * B + b]!;
  const dot = (a: Float64Array, b: Float64Array | null): number =>
    b === null ? 0 : a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return {
    loss: [...outputs].reduce((sum, [name, value]) => sum + dot(value, R(name)), 0),
    outputs,
    weightGradients: new Map(
      trainable.map(([name, { shape }]) => {
        const { name: own, isTransposed } = parameter(name);
        const gradient = block.getGradient(own);
        return [name, isTransposed ? transposed(gradient, shape.toReversed()) : gradient];
      }),
    ),
    inputGradients: new Map<string, Float64Array>([
      ["input", toFile(input.gradient.data, C, input.gradient.stride)],
      ["h0", fromId(layer.dInitialState)],
      ...(layer.dInitialMemory ? [["c0", fromId(layer.dInitialMemory)] as const] : []),
      ["timespans", dTime],
    ]),
  };
}

const isCell = (c: ModelCase): boolean => c.kind.endsWith("Cell");

/** Visits every (row in the file, row in the engine) pair. */
function eachRow(
  { T, B, fileRow }: Layout,
  cols: number,
  visit: (fileRow: number, engineRow: number, out: Float64Array) => void,
): Float64Array {
  const out = new Float64Array(T * B * cols);
  for (let t = 0; t < T; t++) for (let b = 0; b < B; b++) visit(fileRow(t, b), t * B + b, out);
  return out;
}
