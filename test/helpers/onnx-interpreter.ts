import type { ReadModel, ReadNode, ReadTensor } from "./onnx-reader.ts";

/** Numbers of a tensor. */
export type NumericArray = Float32Array | Float64Array | Uint8Array | readonly number[];

const unary: Readonly<Record<string, (x: number) => number>> = {
  Tanh: Math.tanh,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Relu: (x) => Math.max(0, x),
  Exp: Math.exp,
  Abs: Math.abs,
  Sqrt: Math.sqrt,
  Identity: (x) => x,
  Cast: (x) => x,
};
const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Min: Math.min,
  Max: Math.max,
};

/** Computes a model's outputs in float64, operator by operator as the ONNX specification words them, for a batch of one. */
export function runOnnx(model: ReadModel, feeds: Readonly<Record<string, ReadTensor>>): Map<string, ReadTensor> {
  const values = new Map<string, ReadTensor>([...model.tensors, ...Object.entries(feeds)]);
  for (const node of model.nodes)
    values.set(
      node.output,
      compute(
        node,
        node.inputs.map((name) => values.get(name)!),
      ),
    );
  return new Map(model.outputs.map((name) => [name, values.get(name)!]));
}

function compute({ op, attributes }: ReadNode, inputs: readonly ReadTensor[]): ReadTensor {
  const [x, y, z] = inputs as [ReadTensor, ReadTensor, ReadTensor];
  const data = Array.from(x.data);
  if (op in unary) return { shape: x.shape, data: data.map(unary[op]!) };
  if (op in binary) return broadcast(x, y, binary[op]!);
  switch (op) {
    case "Gemm":
      return row(gemm(data, y, z));
    case "Gather":
      return row(Array.from(y.data, (index) => data[index]!));
    case "Slice":
      return row(data.slice(y.data[0], z.data[0]));
    case "Concat":
      return row(inputs.flatMap((part) => Array.from(part.data)));
    case "ReduceMean":
      return row([data.reduce((a, b) => a + b, 0) / data.length]);
    case "ArgMax":
      return { shape: [1], data: [data.indexOf(Math.max(...data))] };
    case "Flatten":
      return row(data);
    case "Reshape":
      return { shape: Array.from(y.data, (size, axis) => (size === 0 ? x.shape[axis]! : size)), data };
    case "Transpose":
      return toChannelsFirst(x);
    case "Conv":
      return conv(x, y, z, attributes);
    default:
      throw new Error(`the interpreter does not know ${op}`);
  }
}

const row = (data: readonly number[]): ReadTensor => ({ shape: [1, data.length], data });

function broadcast(a: ReadTensor, b: ReadTensor, f: (a: number, b: number) => number): ReadTensor {
  const size = Math.max(a.data.length, b.data.length);
  const at = ({ data }: ReadTensor, i: number): number => data[data.length === 1 ? 0 : i]!;
  const shape = a.shape.length >= b.shape.length && a.data.length === size ? a.shape : b.shape;
  return { shape, data: Array.from({ length: size }, (_, i) => f(at(a, i), at(b, i))) };
}

/** transB = 1: weight [O, I]. */
function gemm(x: readonly number[], { shape, data }: ReadTensor, bias: ReadTensor | undefined): number[] {
  const [O, I] = shape as [number, number];
  if (x.length !== I) throw new Error(`Gemm of ${x.length} numbers with [${O}, ${I}]`);
  return Array.from({ length: O }, (_, o) =>
    x.reduce((sum, value, i) => sum + value * data[o * I + i]!, bias?.data[o] ?? 0),
  );
}

/** [1, H, W, C] to [1, C, H, W] */
function toChannelsFirst({ shape, data }: ReadTensor): ReadTensor {
  const [, H, W, C] = shape as [number, number, number, number];
  const turned = Array.from({ length: data.length }, (_, k) => data[(k % (H * W)) * C + Math.floor(k / (H * W))]!);
  return { shape: [1, C, H, W], data: turned };
}

function conv(x: ReadTensor, weight: ReadTensor, bias: ReadTensor, attributes: ReadNode["attributes"]): ReadTensor {
  const [, C, H, W] = x.shape as [number, number, number, number];
  const [F, , K] = weight.shape as [number, number, number];
  const [top, left, bottom, right] = attributes.get("pads") as [number, number, number, number];
  const [stride] = attributes.get("strides") as [number, number];
  const [outH, outW] = [(H + top + bottom - K) / stride + 1, (W + left + right - K) / stride + 1].map(Math.floor) as [
    number,
    number,
  ];
  const pixel = (c: number, r: number, s: number): number =>
    r < 0 || s < 0 || r >= H || s >= W ? 0 : x.data[(c * H + r) * W + s]!;
  const out: number[] = [];
  for (let f = 0; f < F; f++)
    for (let r = 0; r < outH; r++)
      for (let s = 0; s < outW; s++) {
        let sum = bias.data[f]!;
        for (let c = 0; c < C; c++)
          for (let i = 0; i < K; i++)
            for (let j = 0; j < K; j++)
              sum +=
                weight.data[((f * C + c) * K + i) * K + j]! * pixel(c, r * stride + i - top, s * stride + j - left);
        out.push(sum);
      }
  return { shape: [1, F, outH, outW], data: out };
}
