import { type Circuit, cfcLayerMasks, maskWeights, type SynapseMask } from "../../ncp/index.ts";
import { backboneLayerNames } from "../../ncp/equations/backbone.ts";
import type { CircuitSpec } from "../../policy/policy-spec.ts";
import type { GraphBuilder } from "./graph-builder.ts";
import type { NamedWeights } from "./named-weights.ts";
import type { StepNode } from "./step-graph.ts";

const CELL = "circuit.rnn_cell";

/** What a cell reads in a step. */
export interface CellInputs {
  readonly features: StepNode;
  readonly state: StepNode;
  readonly elapsed: StepNode;
}

type Spec<K> = Extract<CircuitSpec, { kind: K }>;
type Head = "ff1" | "ff2" | "time_a" | "time_b";

/** How the heads of one layer become its next state. */
interface Update {
  readonly mode: Spec<"cfc">["mode"];
  readonly flavour: Spec<"cfc">["flavour"];
  /** pre-activation of a head */
  readonly head: (name: Head) => StepNode;
  /** a vector of the pure mode */
  readonly vector: (name: "w_tau" | "A") => Float32Array;
  readonly elapsed: StepNode;
}

/** CfC cells in a row, one per layer of the circuit; the state is by neuron id. */
export function wiredCfcStep(
  g: GraphBuilder,
  spec: Spec<"cfc">,
  circuit: Circuit,
  weights: NamedWeights,
  { features, state, elapsed }: CellInputs,
): StepNode {
  const { mode, flavour } = spec;
  const masks = cfcLayerMasks(circuit, spec);
  let from = features;
  const states = circuit.layers.map((ids, layer) => {
    const name = `${CELL}.layer_${layer}`;
    const x = g.concat(from, g.gather(state, ids));
    const mask = masks[layer]!; // one per layer
    const head = (which: Head): StepNode => {
      const weight = weights(`${name}.${which}.weight`);
      const masked = maskedWeight(weight, which.startsWith("ff") ? mask.heads : mask.time);
      return g.linear(x, masked, weights(`${name}.${which}.bias`));
    };
    from = nextState(g, { mode, flavour, head, vector: (which) => weights(`${name}.${which}`), elapsed });
    return from;
  });
  const order = circuit.layers.flat();
  return g.gather(
    g.concat(...states),
    order.map((_, id) => order.indexOf(id)),
  );
}

/** Fully connected CfC behind its backbone of dense layers with lecun_tanh. */
export function cfcCellStep(
  g: GraphBuilder,
  { mode, backboneLayers: layers, backboneDropout: dropout = 0 }: Spec<"cfc-dense">,
  weights: NamedWeights,
  { features, state, elapsed }: CellInputs,
): StepNode {
  let x = g.concat(features, state);
  // dropout acts in training alone, but moves the numbers in the names
  for (const name of backboneLayerNames({ layers, dropout, prefix: `${CELL}.`, flavour: "torch" })) {
    const z = g.linear(x, weights(`${name}.weight`), weights(`${name}.bias`));
    x = g.mul(g.unary("tanh", g.mul(z, 0.666)), 1.7159);
  }
  return nextState(g, {
    mode,
    flavour: "torch",
    head: (which) => g.linear(x, weights(`${CELL}.${which}.weight`), weights(`${CELL}.${which}.bias`)),
    vector: (which) => weights(`${CELL}.${which}`),
    elapsed,
  });
}

const maskedWeight = (weight: Float32Array, mask: SynapseMask | null): ArrayLike<number> =>
  mask === null ? weight : maskWeights(Float64Array.from(weight), mask);

/** See `gatedUpdate` and `pureUpdate` of src/ncp for the formulas. */
function nextState(g: GraphBuilder, update: Update): StepNode {
  const { mode, flavour, head, elapsed } = update;
  if (mode === "pure") return pureState(g, update);
  const isTorch = flavour === "torch";
  const squash = (x: StepNode): StepNode => (isTorch ? g.unary("tanh", x) : x);
  const [f1, f2] = [squash(head("ff1")), squash(head("ff2"))];
  const drive = g.mul(head("time_a"), elapsed);
  const s = g.unary("sigmoid", isTorch ? g.add(drive, head("time_b")) : g.sub(head("time_b"), drive));
  return g.add(f1, g.mul(s, mode === "default" ? g.sub(f2, f1) : f2));
}

/** A - A exp(-dt (|w_tau| + |f1|)) f1 */
function pureState(g: GraphBuilder, { head, vector, elapsed }: Update): StepNode {
  const f1 = head("ff1");
  const rate = g.add(g.unary("abs", f1), vector("w_tau").map(Math.abs));
  const decay = g.unary("exp", g.mul(g.mul(rate, elapsed), -1));
  const amplitude = vector("A");
  return g.sub(amplitude, g.mul(g.mul(decay, f1), amplitude));
}
