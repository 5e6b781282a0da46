import * as tf from "@tensorflow/tfjs";
import { CfC, CfCCell, LTC, LTCCell, WiredCfCCell, loadReferenceWeights } from "../../src/tfjs/index.ts";
import type { CircuitCell } from "../../src/tfjs/circuit-cell.ts";
import type { Flavour } from "../../src/tfjs/options.ts";
import type { GoldenTensor, ModelCase, ModelPack } from "./golden-models.ts";
import { toWiringConfig } from "./reference-wiring.ts";

/** A golden case as tensors of tf.layers: batch first, batched, elapsed time [B, T, 1]. */
export interface TfjsCase {
  readonly cell: CircuitCell;
  /** x, [t], then initial states */
  readonly inputs: readonly tf.Tensor[];
  /** outputs in the order of `loss_terms`, each in the golden's own layout */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** d loss / d input in the golden's layout and name order */
  readonly inputNames: readonly string[];
  toGoldenLayout(name: string, gradient: tf.Tensor): tf.Tensor;
}

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
const renamed: Readonly<Record<string, string>> = {
  hiddenSize: "units",
  backboneActivation: "activation",
  implicitParamConstraints: "implicitConstraints",
};
const notOurs = new Set(["inputSize", "inFeatures", "batchFirst", "returnSequences"]);

/** Builds the layer of a case with its weights. */
export function tfjsCase(pack: ModelPack<ModelCase>, test: ModelCase, flavour: Flavour): TfjsCase {
  const isCell = test.kind.endsWith("Cell");
  const batchFirst = test.construct["batch_first"] !== false;
  const tensor = (name: keyof ModelCase["inputs"]): tf.Tensor | null => {
    const stored = test.inputs[name];
    return stored === undefined ? null : toTensor(pack.read(stored, test.dtype));
  };
  const rawInput = tensor("input")!;
  const batched = isCell || rawInput.rank === 3;
  const arrange = (value: tf.Tensor): tf.Tensor => {
    const full = batched ? value : tf.expandDims(value, batchFirst || value.rank === 1 ? 0 : 1);
    return batchFirst || isCell || full.rank < 3 ? full : tf.transpose(full, [1, 0, 2]);
  };
  const x = isCell ? tf.expandDims(rawInput, 1) : arrange(rawInput);
  const [B, T] = x.shape as [number, number];
  const t = elapsed(tensor("timespans"), { B, T, batched, batchFirst, isCell });
  const layer = makeLayer(test, flavour, t !== null);
  const built = t === null ? x : tf.concat([x, t], 2);
  layer.build(built.shape);
  const weights = Object.fromEntries(
    Object.entries(test.weights).map(([name, stored]) => [prefixFor(test, name), pack.read(stored, test.dtype)]),
  );
  loadReferenceWeights(layer, weights, flavour);
  const mixed = Array.isArray(layer.circuitCell.stateSize);
  const h0 = state(tensor("h0"), layer.circuitCell, B);
  const c0 = mixed ? state(tensor("c0"), layer.circuitCell, B) : null;
  const inputs = [x, ...(t === null ? [] : [t]), h0, ...(c0 === null ? [] : [c0])];
  const returnSequences = test.construct["return_sequences"] !== false;

  const run = (values: readonly tf.Tensor[]): tf.Tensor[] => {
    const [xs, second] = values;
    const states = values.slice(t === null ? 1 : 2);
    const joined = t === null ? xs! : tf.concat([xs!, second!], 2);
    const ordered = mixed && flavour === "keras" ? [states[1]!, states[0]!] : [...states];
    const [output, ...final] = layer.call(joined, { initialState: ordered }) as tf.Tensor[];
    const [h, c] = mixed && flavour === "keras" ? [final[1]!, final[0]!] : [final[0]!, final[1]];
    const shown = isCell || !returnSequences ? output! : batchFirst ? output! : tf.transpose(output!, [1, 0, 2]);
    const named = { output: shown, h_n: h, c_n: c };
    return test.loss_terms.map((term) => named[term]!);
  };
  const inputNames = ["input", ...(t === null ? [] : ["timespans"]), "h0", ...(c0 === null ? [] : ["c0"])];
  const toGoldenLayout = (name: string, gradient: tf.Tensor): tf.Tensor => {
    if (name === "h0" || name === "c0") return gradient;
    if (isCell) return gradient;
    return batchFirst ? gradient : tf.transpose(gradient, [1, 0, 2]);
  };
  return { cell: layer.circuitCell, inputs, run, inputNames, toGoldenLayout };
}

/** A tensor of golden data as float32. */
export const toTensor = ({ shape, data }: GoldenTensor): tf.Tensor => tf.tensor(Float32Array.from(data), [...shape]);

function state(given: tf.Tensor | null, cell: CircuitCell, B: number): tf.Tensor {
  const size = Array.isArray(cell.stateSize) ? cell.stateSize[0]! : cell.stateSize;
  if (given === null) return tf.zeros([B, size]);
  return given.rank === 1 ? tf.expandDims(given, 0) : given;
}

function elapsed(
  given: tf.Tensor | null,
  {
    B,
    T,
    batched,
    batchFirst,
    isCell,
  }: { B: number; T: number; batched: boolean; batchFirst: boolean; isCell: boolean },
): tf.Tensor | null {
  if (given === null) return null;
  if (isCell) return tf.reshape(given, [B, 1, 1]);
  const rows = batched ? (batchFirst ? given : tf.transpose(given)) : tf.reshape(given, [1, T]);
  const full = rows.shape[0] === B ? rows : tf.tile(rows, [B, 1]);
  return tf.expandDims(full, 2);
}

function makeLayer(test: ModelCase, flavour: Flavour, timeInput: boolean): CfC | LTC {
  const options: Record<string, unknown> = { flavour, timeInput, returnState: true };
  for (const [name, value] of Object.entries(test.construct)) {
    const ours = renamed[camel(name)] ?? camel(name);
    if (!notOurs.has(ours)) options[ours] = value ?? (ours.endsWith("Mapping") ? "none" : undefined);
  }
  if (test.wiring !== null) options["units"] = toWiringConfig(test.wiring);
  const isCell = test.kind.endsWith("Cell");
  options["returnSequences"] = !isCell && test.construct["return_sequences"] !== false;
  const isLtc = test.kind.startsWith("LTC");
  // LTCCell of the reference has explicit constraints unless told otherwise; LTC the opposite.
  if (isLtc && isCell && options["implicitConstraints"] === undefined) options["implicitConstraints"] = false;
  type Args = ConstructorParameters<typeof CfC>[0] & ConstructorParameters<typeof LTC>[0];
  checkCell(test.kind, options as unknown as Args);
  return isLtc ? new LTC(options as unknown as Args) : new CfC(options as unknown as Args);
}

/** Single cells are run as sequences of one step; their own classes must accept the same options. */
function checkCell(
  kind: string,
  options: ConstructorParameters<typeof CfC>[0] & ConstructorParameters<typeof LTC>[0],
): void {
  const { returnState: _state, returnSequences: _sequences, ...cell } = options;
  if (kind === "CfCCell") new CfCCell(cell);
  if (kind === "WiredCfCCell") new WiredCfCCell(cell);
  if (kind === "LTCCell") new LTCCell(cell);
}

/** Cells are saved without the prefix that their layers put before them. */
const prefixFor = (_test: ModelCase, name: string): string => name;
