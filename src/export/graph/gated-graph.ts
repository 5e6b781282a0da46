import type { GraphBuilder } from "./graph-builder.ts";
import type { NamedWeights } from "./named-weights.ts";
import type { StepNode } from "./step-graph.ts";

/** Pre-activations of gates stacked in blocks of H, and a way to take one. */
interface Gates {
  readonly block: (which: number) => StepNode;
}

const gates = (g: GraphBuilder, z: StepNode, H: number): Gates => ({ block: (which) => g.slice(z, which * H, H) });

/** `W x + b` of one side of a torch LSTM or GRU. */
const side = (g: GraphBuilder, weights: NamedWeights, name: string, which: "ih" | "hh", x: StepNode): StepNode =>
  g.linear(x, weights(`${name}.weight_${which}_l0`), weights(`${name}.bias_${which}_l0`));

/** torch.nn.LSTM, gates i | f | g | o; the state is [h | c]. */
export function lstmStep(
  g: GraphBuilder,
  weights: NamedWeights,
  x: StepNode,
  state: StepNode,
  H: number,
): { readonly h: StepNode; readonly c: StepNode } {
  const fromInput = side(g, weights, "circuit.lstm", "ih", x);
  const fromState = side(g, weights, "circuit.lstm", "hh", g.slice(state, 0, H));
  const { block } = gates(g, g.add(fromInput, fromState), H);
  const [i, f, o] = [0, 1, 3].map((which) => g.unary("sigmoid", block(which))) as [StepNode, StepNode, StepNode];
  const candidate = g.unary("tanh", block(2));
  const c = g.add(g.mul(f, g.slice(state, H, H)), g.mul(i, candidate));
  return { h: g.mul(o, g.unary("tanh", c)), c };
}

/** torch.nn.GRU, gates r | z | n: h' = n + z (h - n). */
export function gruStep(g: GraphBuilder, weights: NamedWeights, x: StepNode, h: StepNode, H: number): StepNode {
  const own = gates(g, side(g, weights, "circuit.gru", "ih", x), H);
  const recurrent = gates(g, side(g, weights, "circuit.gru", "hh", h), H);
  const r = g.unary("sigmoid", g.add(own.block(0), recurrent.block(0)));
  const z = g.unary("sigmoid", g.add(own.block(1), recurrent.block(1)));
  const n = g.unary("tanh", g.add(own.block(2), g.mul(r, recurrent.block(2))));
  return g.add(n, g.mul(z, g.sub(h, n)));
}

/** State of a circuit and of its memory, by neuron id. */
interface MemoryInputs {
  readonly h: StepNode;
  readonly c: StepNode;
  /** neuron ids in the order that the memory knows them in */
  readonly order: readonly number[];
}

/**
 * The LSTM of a mixed-memory circuit, blocks candidate | input | forget | output with 1 added to the forget gate:
 * its h is the state that the circuit's step starts from.
 */
export function memoryStep(
  g: GraphBuilder,
  weights: NamedWeights,
  x: StepNode,
  { h, c, order }: MemoryInputs,
): { readonly h: StepNode; readonly c: StepNode } {
  const H = order.length;
  const byId = order.map((_, id) => order.indexOf(id));
  const fromInput = g.linear(x, weights("circuit.lstm.input_map.weight"), weights("circuit.lstm.input_map.bias"));
  const fromState = g.linear(g.gather(h, order), weights("circuit.lstm.recurrent_map.weight"));
  const { block } = gates(g, g.add(fromInput, fromState), H);
  const kept = g.mul(g.gather(c, order), g.unary("sigmoid", g.add(block(2), 1)));
  const next = g.add(kept, g.mul(g.unary("tanh", block(0)), g.unary("sigmoid", block(1))));
  const hidden = g.mul(g.unary("tanh", next), g.unary("sigmoid", block(3)));
  return { h: g.gather(hidden, byId), c: g.gather(next, byId) };
}
