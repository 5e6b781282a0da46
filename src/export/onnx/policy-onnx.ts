import type { PolicySpec } from "../../policy/policy-spec.ts";
import type { SavedPolicy } from "../../policy/saved-policy.ts";
import { policyGraph } from "../graph/policy-graph.ts";
import type { StepGraph, StepNode } from "../graph/step-graph.ts";
import {
  encodeOnnx,
  type Attribute,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type OnnxValue,
} from "./onnx-model.ts";

/** What a file says about where its policy comes from, key by key. */
export type ExportMetadata = Readonly<Record<string, string>>;

/**
 * A policy as an ONNX file: one step for N independent samples. Inputs `obs` [N, ...], `state` [N, H] (zeros at an episode's start; none
 * for networks without state), `elapsed` [N, 1] in nominal control periods (1 where nothing was late). Outputs `logits` or `mean` [N, A],
 * the greedy `action`, and `next_state`.
 */
export function policyOnnx(saved: SavedPolicy, version: string, metadata: ExportMetadata = {}): Uint8Array {
  const { spec } = saved;
  const graph = policyGraph(saved);
  const writer = new OnnxGraphWriter(spec, graph);
  const model: OnnxModel = {
    name: "policy",
    description: "One step of a policy. Feed next_state back as state; a state of zeros starts an episode.",
    producerVersion: version,
    ...writer.write(),
    metadata: { "elegans.spec": JSON.stringify(spec), ...logStdOf(saved), ...metadata },
  };
  return encodeOnnx(model);
}

/** Box policies also have a learned deviation, which only stochastic acting needs. */
function logStdOf({ tensors }: SavedPolicy): ExportMetadata {
  const logStd = tensors.find(({ name }) => name === "actor.logStd");
  return logStd === undefined ? {} : { "elegans.logStd": JSON.stringify(Array.from(logStd.data)) };
}

const operators = {
  tanh: "Tanh",
  sigmoid: "Sigmoid",
  relu: "Relu",
  exp: "Exp",
  abs: "Abs",
  sqrt: "Sqrt",
  add: "Add",
  sub: "Sub",
  mul: "Mul",
  div: "Div",
  min: "Min",
  max: "Max",
} as const;

/** Turns the values of a step graph into nodes; a value is the name of what holds it, [N, size], images [N, C, H, W]. */
class OnnxGraphWriter {
  readonly #spec: PolicySpec;
  readonly #graph: StepGraph;
  readonly #nodes: OnnxNode[] = [];
  readonly #tensors: OnnxTensor[] = [];
  readonly #names = new Map<StepNode, string>();
  readonly #stored = new Map<Float32Array, string>();

  constructor(spec: PolicySpec, graph: StepGraph) {
    this.#spec = spec;
    this.#graph = graph;
  }

  write(): Pick<OnnxModel, "nodes" | "tensors" | "inputs" | "outputs"> {
    for (const node of this.#graph.nodes) this.#names.set(node, this.#valueOf(node));
    const outputs = this.#outputs();
    return { nodes: this.#nodes, tensors: this.#tensors, inputs: this.#inputs(), outputs };
  }

  #inputs(): OnnxValue[] {
    const { obs } = this.#spec;
    const { state } = this.#graph.inputs;
    const all: OnnxValue[] = [
      { name: "obs", type: obs.dtype, shape: obs.shape, description: "what the environment shows" },
      { name: "state", type: "float32", shape: [state], description: "next_state of the step before; zeros at first" },
      { name: "elapsed", type: "float32", shape: [1], description: "time since the last step, in control periods" },
    ];
    return all.filter(({ name }) => name !== "state" || state > 0);
  }

  #outputs(): OnnxValue[] {
    const { logits, nextState } = this.#graph;
    const isDiscrete = this.#spec.action.kind === "discrete";
    const name = isDiscrete ? "logits" : "mean";
    this.#node("Identity", [this.#name(logits)], {}, name);
    const outputs: OnnxValue[] = [
      { name, type: "float32", shape: [logits.size], description: isDiscrete ? "one per choice" : "one per dimension" },
      this.#action(name),
    ];
    if (nextState === null) return outputs;
    this.#node("Identity", [this.#name(nextState)], {}, "next_state");
    const description = "state for the next step";
    return [...outputs, { name: "next_state", type: "float32", shape: [nextState.size], description }];
  }

  /** The greedy action: the likeliest choice, or the mean within its bounds. */
  #action(from: string): OnnxValue {
    const { action } = this.#spec;
    const description = "greedy";
    if (action.kind === "discrete") {
      const best = this.#node("ArgMax", [from], { axis: 1, keepdims: 0 });
      this.#node("Add", [best, this.#store([], [action.start])], {}, "action");
      return { name: "action", type: "int64", shape: [], description };
    }
    const bound = (values: readonly (number | null)[], open: number): string =>
      this.#constant(Float32Array.from(values, (value) => value ?? open));
    const capped = this.#node("Min", [from, bound(action.high, Infinity)]);
    this.#node("Max", [capped, bound(action.low, -Infinity)], {}, "action");
    return { name: "action", type: "float32", shape: [action.low.length], description };
  }

  #valueOf(node: StepNode): string {
    switch (node.kind) {
      case "input":
        return node.name === "obs" ? this.#observation() : node.name;
      case "constant":
        return this.#constant(node.data);
      case "linear": {
        const bias = node.bias === null ? [] : [this.#constant(node.bias)];
        const weight = this.#constant(node.weight, [node.size, node.x.size]);
        return this.#node("Gemm", [this.#name(node.x), weight, ...bias], { transB: 1 });
      }
      case "unary":
        return this.#node(operators[node.f], [this.#name(node.x)]);
      case "binary":
        return this.#node(operators[node.f], [this.#name(node.a), this.#name(node.b)]);
      case "gather":
        return this.#gather(this.#name(node.x), node.indices);
      case "concat":
        return this.#node(
          "Concat",
          node.parts.map((part) => this.#name(part)),
          { axis: 1 },
        );
      case "mean":
        return this.#node("ReduceMean", [this.#name(node.x)], { axes: [1], keepdims: 1 });
      case "image": {
        const { height, width, channels } = node.shape;
        const rows = this.#node("Reshape", [this.#name(node.x), this.#ints([0, height, width, channels])]);
        return this.#node("Transpose", [rows], { perm: [0, 3, 1, 2] });
      }
      case "conv": {
        const { kernel, stride, pads, weight, bias, shape, x } = node;
        const stored = this.#constant(weight, [shape.channels, x.shape.channels, kernel, kernel]);
        const summed = this.#node("Conv", [this.#name(x), stored, this.#constant(bias)], {
          kernel_shape: [kernel, kernel],
          strides: [stride, stride],
          pads: [pads.top, pads.left, pads.bottom, pads.right],
        });
        return this.#node("Relu", [summed]);
      }
      case "flatten":
        return this.#node("Flatten", [this.#name(node.x)], { axis: 1 });
      default:
        return node satisfies never;
    }
  }

  #observation(): string {
    const { dtype, shape } = this.#spec.obs;
    const floats = dtype === "uint8" ? this.#node("Cast", ["obs"], { to: 1 }) : "obs";
    return shape.length === 1 ? floats : this.#node("Flatten", [floats], { axis: 1 });
  }

  /** A run of entries is a slice. */
  #gather(from: string, indices: readonly number[]): string {
    const [first = 0] = indices;
    if (!indices.every((index, i) => index === first + i))
      return this.#node("Gather", [from, this.#ints(indices)], { axis: 1 });
    return this.#node("Slice", [from, this.#ints([first]), this.#ints([first + indices.length]), this.#ints([1])]);
  }

  #name(node: StepNode): string {
    return this.#names.get(node)!; // nodes come after those they are computed from
  }

  #node(op: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}, output?: string) {
    const name = output ?? `${op.toLowerCase()}_${this.#nodes.length}`;
    this.#nodes.push({ op, inputs, output: name, attributes });
    return name;
  }

  #constant(data: Float32Array, shape: readonly number[] = [data.length]): string {
    const known = this.#stored.get(data) ?? this.#store(shape, data);
    this.#stored.set(data, known);
    return known;
  }

  #ints(values: readonly number[]): string {
    return this.#store([values.length], values);
  }

  #store(shape: readonly number[], data: OnnxTensor["data"]): string {
    const name = `constant_${this.#tensors.length}`;
    this.#tensors.push({ name, shape, data });
    return name;
  }
}
