import type { NumericArray } from "./onnx-interpreter.ts";

/** An array of the model: its axes and numbers, row-major. */
export interface ReadTensor {
  readonly shape: readonly number[];
  readonly data: NumericArray;
}

/** A node as it stands in the file. */
export interface ReadNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: ReadonlyMap<string, number | readonly number[]>;
}

/** The part of an ONNX file that computes. */
export interface ReadModel {
  readonly irVersion: number;
  readonly opset: number;
  readonly nodes: readonly ReadNode[];
  readonly tensors: ReadonlyMap<string, ReadTensor>;
  readonly inputs: readonly {
    readonly name: string;
    readonly type: number;
    readonly shape: readonly (number | string)[];
  }[];
  readonly outputs: readonly string[];
  readonly metadata: ReadonlyMap<string, string>;
}

/** Field number to what was found there: numbers of varints, bytes of everything else. */
type Message = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** Reads an ONNX file by the encoding's rules alone; shares nothing with the writer. Throws on wire types that ONNX does not use. */
export function readOnnx(bytes: Uint8Array): ReadModel {
  const file = readMessage(bytes);
  const graph = inner(file, 7)[0]!;
  return {
    irVersion: int(file, 1),
    opset: int(inner(file, 8)[0]!, 2),
    nodes: inner(graph, 1).map((node) => ({
      op: text(node, 4),
      inputs: texts(node, 1),
      output: text(node, 2),
      attributes: new Map(inner(node, 5).map((attribute) => [text(attribute, 1), attributeValue(attribute)])),
    })),
    tensors: new Map(inner(graph, 5).map((tensor) => [text(tensor, 8), readTensor(tensor)])),
    inputs: inner(graph, 11).map((value) => {
      const tensor = inner(inner(value, 2)[0]!, 1)[0]!;
      const axes = inner(inner(tensor, 2)[0]!, 1);
      return {
        name: text(value, 1),
        type: int(tensor, 1),
        shape: axes.map((axis) => (axis.has(1) ? int(axis, 1) : text(axis, 2))),
      };
    }),
    outputs: inner(graph, 12).map((value) => text(value, 1)),
    metadata: new Map(inner(file, 14).map((entry) => [text(entry, 1), text(entry, 2)])),
  };
}

function readTensor(tensor: Message): ReadTensor {
  const raw = Uint8Array.from(tensor.get(9)![0] as Uint8Array); // a copy: numbers need an aligned start
  const data = int(tensor, 2) === 1 ? new Float32Array(raw.buffer) : Array.from(new BigInt64Array(raw.buffer), Number);
  return { shape: (tensor.get(1) ?? []) as number[], data };
}

/** INT = 2, INTS = 7 of AttributeProto. */
const attributeValue = (attribute: Message): number | readonly number[] =>
  int(attribute, 20) === 2 ? int(attribute, 3) : ((attribute.get(8) ?? []) as number[]);

function readMessage(bytes: Uint8Array): Message {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let at = 0;
  const varint = (): number => {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = bytes[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
      shift += 7;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const found = fields.get(tag >> 3) ?? [];
    fields.set(tag >> 3, found);
    if ((tag & 7) === 0) found.push(varint());
    else if ((tag & 7) === 2) {
      const length = varint();
      found.push(bytes.subarray(at, (at += length)));
    } else throw new Error(`wire type ${tag & 7} at byte ${at}`);
  }
  return fields;
}

const inner = (message: Message, field: number): Message[] =>
  ((message.get(field) ?? []) as Uint8Array[]).map(readMessage);
const int = (message: Message, field: number): number => (message.get(field)?.[0] ?? 0) as number;
const texts = (message: Message, field: number): string[] =>
  ((message.get(field) ?? []) as Uint8Array[]).map((bytes) => new TextDecoder().decode(bytes));
const text = (message: Message, field: number): string => texts(message, field)[0] ?? "";
