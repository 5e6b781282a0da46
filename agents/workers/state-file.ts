import type { Adam, ParameterBlock } from "../../src/engine/index.ts";
import { FormatError } from "../../src/errors.ts";
import {
  decodeSafetensors,
  encodeSafetensors,
  type NamedTensor,
  type TensorData,
} from "../../src/policy/safetensors.ts";
import type { StateTensors } from "./messages.ts";

const FORMAT = "elegans.trainer-state";
const VERSION = "1";

/** All workers' tensors as one file's bytes. */
export const encodeState = (tensors: StateTensors): Uint8Array =>
  encodeSafetensors(tensors, { format: FORMAT, version: VERSION });

/** Reads `encodeState`'s bytes. Throws FormatError on anything else. */
export function decodeState(bytes: Uint8Array): StateTensors {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata["format"] !== FORMAT || metadata["version"] !== VERSION)
    throw new FormatError(
      "trainer-state",
      `trainer state: format ${metadata["format"] ?? "(none)"} version ${metadata["version"] ?? "(none)"}, expected ${FORMAT} version ${VERSION}`,
    );
  return tensors;
}

/** A one-dimensional tensor. */
export const vector = (name: string, data: TensorData): NamedTensor => ({ name, shape: [data.length], data });

/** Takes tensors out by name and kind of array. */
export type Take = <A extends TensorData>(name: string, kind: new (length: number) => A) => A;

/** Looks tensors up by name. What it returns throws FormatError where one is missing or of another kind. */
export function lookup(tensors: StateTensors): Take {
  const byName = new Map(tensors.map((t) => [t.name, t.data]));
  return (name, kind) => {
    const data = byName.get(name);
    if (data instanceof kind) return data;
    const came = data === undefined ? "is missing" : `holds ${data.constructor.name}, expected ${kind.name}`;
    throw new FormatError(
      "trainer-state",
      `trainer state: ${name} ${came}; was it saved by a run with other settings?`,
    );
  };
}

/** Adam's moments by parameter, torch layout. */
export function saveAdam(adam: Adam, parameters: ParameterBlock): readonly NamedTensor<Float32Array>[] {
  return parameters.list().flatMap(({ name, shape }) => [
    { name: `first.${name}`, shape, data: parameters.read(name, adam.firstMoment) },
    { name: `second.${name}`, shape, data: parameters.read(name, adam.secondMoment) },
  ]);
}

/** Sets Adam's moments from `saveAdam`'s tensors. Throws FormatError where one is missing. */
export function restoreAdam(adam: Adam, parameters: ParameterBlock, optimizer: StateTensors): void {
  const take = lookup(optimizer);
  for (const { name } of parameters.list()) {
    parameters.write(name, take(`first.${name}`, Float32Array), adam.firstMoment);
    parameters.write(name, take(`second.${name}`, Float32Array), adam.secondMoment);
  }
}

/** The state of a random stream as words. */
export function streamState(random: {
  readonly numStateWords: number;
  saveState(words: Uint32Array): void;
}): Uint32Array {
  const words = new Uint32Array(random.numStateWords);
  random.saveState(words);
  return words;
}
