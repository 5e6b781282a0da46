import { ProtobufWriter } from "./protobuf-writer.ts";

/** Element types of tensors, by their numbers in onnx.proto. */
export const elementTypes = { float32: 1, uint8: 2, int64: 7 } as const;
/** Name of an element type. */
export type ElementType = keyof typeof elementTypes;

/** An attribute of a node: whole numbers, one or several. */
export type Attribute = number | readonly number[];

/** One operator applied to values by name. */
export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

/** What goes in or comes out; the first axis is the batch, of any length. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  /** sizes of the axes after the batch */
  readonly shape: readonly number[];
  readonly description: string;
}

/** Numbers stored in the model. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** int64 numbers are given as plain ones */
  readonly data: Float32Array | readonly number[];
}

/** A model with one graph, of the standard operators alone. */
export interface OnnxModel {
  readonly name: string;
  readonly description: string;
  readonly producerVersion: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly tensors: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Version of the file's structure, and of the operators: what every runtime since 2022 reads. */
const IR_VERSION = 8;
const OPSET = 17;
/** Name of the batch axis. */
const BATCH = "N";
const attributeTypes = { int: 2, ints: 7 } as const;

/** Bytes of an ONNX file; field numbers are those of onnx.proto (https://onnx.ai/onnx/repo-docs/IR.html). */
export function encodeOnnx(model: OnnxModel): Uint8Array {
  const file = new ProtobufWriter()
    .int(1, IR_VERSION)
    .string(2, "elegans")
    .string(3, model.producerVersion)
    .string(6, model.description)
    .message(7, (graph) => writeGraph(graph, model))
    .message(8, (opset) => opset.string(1, "").int(2, OPSET));
  for (const [key, value] of Object.entries(model.metadata))
    file.message(14, (entry) => entry.string(1, key).string(2, value));
  return file.finish();
}

function writeGraph(graph: ProtobufWriter, model: OnnxModel): void {
  for (const node of model.nodes) graph.message(1, (to) => writeNode(to, node));
  graph.string(2, model.name);
  for (const tensor of model.tensors) graph.message(5, (to) => writeTensor(to, tensor));
  for (const value of model.inputs) graph.message(11, (to) => writeValue(to, value));
  for (const value of model.outputs) graph.message(12, (to) => writeValue(to, value));
}

function writeNode(to: ProtobufWriter, { op, inputs, output, attributes = {} }: OnnxNode): void {
  for (const input of inputs) to.string(1, input);
  to.string(2, output).string(3, output).string(4, op);
  for (const [name, value] of Object.entries(attributes))
    to.message(5, (attribute) => {
      attribute.string(1, name);
      if (typeof value === "number") attribute.int(3, value).int(20, attributeTypes.int);
      else {
        for (const number of value) attribute.int(8, number);
        attribute.int(20, attributeTypes.ints);
      }
    });
}

function writeTensor(to: ProtobufWriter, { name, shape, data }: OnnxTensor): void {
  const isFloat = data instanceof Float32Array;
  const raw = isFloat ? new Float32Array(data) : BigInt64Array.from(data, BigInt);
  for (const size of shape) to.int(1, size);
  to.int(2, elementTypes[isFloat ? "float32" : "int64"])
    .string(8, name)
    .bytes(9, new Uint8Array(raw.buffer));
}

function writeValue(to: ProtobufWriter, { name, type, shape, description }: OnnxValue): void {
  to.string(1, name)
    .message(2, (kind) =>
      kind.message(1, (tensor) =>
        tensor.int(1, elementTypes[type]).message(2, (axes) => {
          axes.message(1, (batch) => batch.string(2, BATCH));
          for (const size of shape) axes.message(1, (axis) => axis.int(1, size));
        }),
      ),
    )
    .string(3, description);
}
