import { circuitMasks, type LayerMasks } from "../../src/engine/index.ts";
import { sigmoid } from "../../src/ncp/equations/activation.ts";
import type { Circuit } from "../../src/ncp/index.ts";
import type { CircuitSpec } from "../../src/policy/policy-spec.ts";
import { memoryOutput } from "./memory-output.ts";
import type { CircuitStep, PaceRule, TensorOf } from "./pace.ts";

type CfcSpec = Extract<CircuitSpec, { kind: "cfc" }>;
type Columns = readonly number[];

/** Gate and time constant of a CfC's neuron, from what its heads read at a step. */
export function cfcPace(circuit: Circuit, spec: CfcSpec, tensor: TensorOf, id: number): PaceRule {
  const layer = circuit.layers.findIndex((ids) => ids.includes(id));
  const isKeras = spec.flavour === "keras";
  const masks = circuitMasks(circuit, spec.masking, isKeras && spec.polarity === "free")[layer];
  if (masks === undefined) throw new Error(`internal: neuron ${id} is in no layer`);
  const row = masks.ids.indexOf(id);
  const of: TensorOf = (name) => tensor(`rnn_cell.layer_${layer}.${name}`);
  const read = columnsOf(circuit, spec, tensor, layer, masks);
  const hearsFeatures = layer === 0 || (spec.mixedMemory && !isKeras);
  if (spec.mode === "pure") {
    const target = headOf(of, "ff1", row, spec.polarity === "signed" ? signed(masks) : masked(masks.heads));
    const rate = Math.abs(of("w_tau")[row] ?? 0);
    return { hearsFeatures, of: (step) => ({ timeConstant: 1 / (rate + Math.abs(target(read(step)))), gate: null }) };
  }
  const gating = masked(masks.timeGates);
  const [a, b] = [headOf(of, "time_a", row, gating), headOf(of, "time_b", row, gating)];
  return {
    hearsFeatures,
    of: (step) => {
      const columns = read(step);
      const rate = a(columns);
      const gate = sigmoid((isKeras ? -rate : rate) * step.elapsed + b(columns));
      return { timeConstant: 1 / Math.abs(rate), gate };
    },
  };
}

/** What a layer reads: sensors or the layer before, then its own neurons as they were. */
function columnsOf(
  circuit: Circuit,
  { flavour, mixedMemory }: CfcSpec,
  tensor: TensorOf,
  layer: number,
  { ids, numInputs }: LayerMasks,
): (step: CircuitStep) => Columns {
  const before = circuit.layers[layer - 1] ?? null;
  const order = circuit.layers.flat();
  const memory = mixedMemory ? memoryOutput(tensor, order) : null;
  const isInput = flavour === "keras"; // keras' memory is heard as the input; torch's takes the place of the state
  return (step) => {
    const said = memory?.(step) ?? null;
    const sensed = said !== null && isInput ? said : step.features;
    const own = (id: number): number => (said !== null && !isInput ? said[order.indexOf(id)] : step.before[id]) ?? 0;
    const inputs =
      before?.map((id) => step.after[id] ?? 0) ?? Array.from({ length: numInputs }, (_, c) => sensed[c] ?? 0);
    return [...inputs, ...ids.map(own)];
  };
}

/** A weight as it acts, by its place in the layer's [neurons, columns]. */
type Acting = (weight: number, at: number) => number;
type Head = (columns: Columns) => number;

const masked =
  (mask: Float32Array): Acting =>
  (w, at) =>
    w * (mask[at] ?? 0);
const signed =
  ({ polarities }: LayerMasks): Acting =>
  (w, at) =>
    Math.abs(w) * (polarities[at] ?? 0);

/** One neuron's row of a head. */
function headOf(of: TensorOf, name: string, row: number, acting: Acting): Head {
  const [weight, bias] = [of(`${name}.weight`), of(`${name}.bias`)];
  const width = weight.length / bias.length;
  const weights = Float64Array.from({ length: width }, (_, c) => {
    const at = row * width + c;
    return acting(weight[at] ?? 0, at);
  });
  return (columns) => columns.reduce((sum, x, c) => sum + x * (weights[c] ?? 0), bias[row] ?? 0);
}
