import {
  Dense,
  Engine,
  MemoryPlan,
  ParameterBlock,
  WiredCfc,
  type RecurrentLayer,
  type Signal,
} from "../../../src/engine/index.ts";
import type { Circuit } from "../../../src/ncp/index.ts";
import { makeReferenceWiring } from "../../helpers/reference-wiring.ts";
import { fill } from "./fixtures.ts";
import type { ModelCase, ModelPack, StoredTensor } from "./model-golden.ts";

/** Results of one golden case through the engine, shaped as the file stores them. */
export interface GoldenRun {
  readonly loss: number;
  readonly outputs: ReadonlyMap<string, Float64Array>;
  readonly weightGradients: ReadonlyMap<string, Float32Array>;
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

/** The network of a case, or null while the engine has no such layer. */
function build(c: ModelCase, plan: MemoryPlan, block: ParameterBlock, input: Signal, layout: Layout) {
  const isWired = (c.kind === "CfC" || c.kind === "WiredCfCCell") && c.wiring !== null;
  const mode = c.construct["mode"] ?? "default";
  if (!isWired || mode !== "default" || c.construct["mixed_memory"] === true) return null;
  const circuit: Circuit = makeReferenceWiring(c.wiring!).build(layout.C);
  const layer: RecurrentLayer = new WiredCfc(plan, block, {
    name: "rnn_cell",
    input,
    circuit,
    masking: "ncps",
    maxBatch: layout.B,
  });
  const projection = c.construct["proj_size"];
  const fc =
    typeof projection === "number"
      ? new Dense(plan, block, { name: "fc", input: layer.output, outputSize: projection })
      : null;
  return { layer, fc, order: circuit.layers.flat() };
}

/** Computes a case; null while the engine has no such layer. */
export function runGoldenCase(c: ModelCase, pack: ModelPack): GoldenRun | null {
  const read = (stored: StoredTensor): Float64Array => pack.tensor(stored, c.dtype);
  const layout = layoutOf(c);
  const { T, B, C } = layout;
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("input", T * B, C);
  const built = build(c, plan, block, input, layout);
  if (built === null) return null;
  const { layer, fc, order } = built;
  Engine.create(plan);
  for (const [name, stored] of Object.entries(c.weights))
    if (!c.frozen_weights.includes(name)) block.set(engineName(c, name), read(stored));
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
  const outputs = new Map([
    ["output", isLast ? lastRows : sequence],
    ["h_n", fromId(layer.finalState)],
  ]);

  const R = (name: string): Float64Array | null => (c.R[name] ? read(c.R[name]) : null);
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
      Object.keys(c.grads.weights)
        .filter((name) => !c.frozen_weights.includes(name))
        .map((name) => [name, block.getGradient(engineName(c, name))]),
    ),
    inputGradients: new Map([
      ["input", toFile(input.gradient.data, C, input.gradient.stride)],
      ["h0", fromId(layer.dInitialState)],
      ["timespans", dTime],
    ]),
  };
}

const isCell = (c: ModelCase): boolean => c.kind.endsWith("Cell");

/** A cell on its own stores its weights without the prefix that they have inside a layer. */
const engineName = (c: ModelCase, name: string): string => (isCell(c) ? `rnn_cell.${name}` : name);

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
