import { FormatError } from "../../errors.ts";
import type { ImageShape } from "./image-shape.ts";
import type { BinaryFunction, ConvNode, ImageNode, InputName, StepNode, UnaryFunction } from "./step-graph.ts";

/** Writes down the values of a step one after the other; sizes are checked as they come. Arrays are taken over, not copied. */
export class GraphBuilder {
  readonly #nodes: StepNode[] = [];
  /** by the array they were made from, so that what is used twice is stored once */
  readonly #constants = new Map<ArrayLike<number>, StepNode>();

  get nodes(): readonly StepNode[] {
    return this.#nodes;
  }

  input(name: InputName, size: number): StepNode {
    return this.#add({ kind: "input", name, size });
  }

  constant(data: ArrayLike<number>): StepNode {
    const known = this.#constants.get(data);
    if (known !== undefined) return known;
    const node = this.#add({ kind: "constant", data: float32(data), size: data.length });
    this.#constants.set(data, node);
    return node;
  }

  /** weight [bias.length, x.size] · x + bias; without a bias the size follows from the weight. */
  linear(x: StepNode, weight: ArrayLike<number>, bias: ArrayLike<number> | null = null): StepNode {
    const size = weight.length / x.size;
    if (!Number.isInteger(size) || (bias !== null && bias.length !== size))
      throw misfit(`a weight of ${weight.length} numbers came for ${x.size} inputs`);
    const stored = { weight: float32(weight), bias: bias && float32(bias) };
    return this.#add({ kind: "linear", x, size, ...stored });
  }

  unary(f: UnaryFunction, x: StepNode): StepNode {
    return this.#add({ kind: "unary", f, x, size: x.size });
  }

  /** Numbers and arrays become constants. */
  binary(f: BinaryFunction, left: Operand, right: Operand): StepNode {
    const [a, b] = [this.#value(left), this.#value(right)];
    if (a.size !== b.size && a.size !== 1 && b.size !== 1) throw misfit(`${a.size} numbers met ${b.size}`);
    return this.#add({ kind: "binary", f, a, b, size: Math.max(a.size, b.size) });
  }

  add(a: Operand, b: Operand): StepNode {
    return this.binary("add", a, b);
  }

  sub(a: Operand, b: Operand): StepNode {
    return this.binary("sub", a, b);
  }

  mul(a: Operand, b: Operand): StepNode {
    return this.binary("mul", a, b);
  }

  div(a: Operand, b: Operand): StepNode {
    return this.binary("div", a, b);
  }

  /** Entries by index; the value itself where they are all of them in order. */
  gather(x: StepNode, indices: readonly number[]): StepNode {
    if (indices.length === x.size && indices.every((index, i) => index === i)) return x;
    return this.#add({ kind: "gather", x, indices, size: indices.length });
  }

  /** `size` entries from `start` on. */
  slice(x: StepNode, start: number, size: number): StepNode {
    return this.gather(
      x,
      Array.from({ length: size }, (_, i) => start + i),
    );
  }

  concat(...parts: readonly StepNode[]): StepNode {
    return this.#add({ kind: "concat", parts, size: parts.reduce((sum, { size }) => sum + size, 0) });
  }

  mean(x: StepNode): StepNode {
    return this.#add({ kind: "mean", x, size: 1 });
  }

  image(x: StepNode, shape: ImageShape): ImageNode {
    return this.#add({ kind: "image", x, shape, size: x.size });
  }

  conv(conv: Omit<ConvNode, "kind" | "size">): ImageNode {
    const { height, width, channels } = conv.shape;
    return this.#add({ kind: "conv", size: height * width * channels, ...conv });
  }

  flatten(x: ImageNode): StepNode {
    return this.#add({ kind: "flatten", x, size: x.size });
  }

  #value(operand: Operand): StepNode {
    if (typeof operand === "number") return this.constant([operand]);
    return "kind" in operand ? operand : this.constant(operand);
  }

  #add<N extends StepNode>(node: N): N {
    this.#nodes.push(node);
    return node;
  }
}

/** A value, or numbers that become one. */
export type Operand = StepNode | number | Float32Array | Float64Array;

const misfit = (what: string): FormatError =>
  new FormatError("policy-tensors", `policy file: ${what}; a tensor does not fit the policy's spec`);

const float32 = (data: ArrayLike<number>): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data);
