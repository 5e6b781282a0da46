import { FormatError } from "../../errors.ts";
import { decodeSafetensors, encodeSafetensors } from "../../policy/safetensors.ts";
import type { Circuit } from "../circuit.ts";
import type { Weights } from "../equations/weights.ts";
import { type ModelConfigInput, parseModelConfig } from "../models/model-config.ts";
import { type RecurrentModel, createModel } from "../models/recurrent-model.ts";
import { type StoredPrecision, fromStateDict, toStateDict } from "./state-dict.ts";

/** Keys of a model file's metadata: the config, and the circuit it builds, as JSON. */
const CONFIG = "elegans.model";
const CIRCUIT = "elegans.circuit";

/** A model with its weights. */
export interface LoadedModel {
  readonly model: RecurrentModel;
  readonly weights: Weights;
}

/**
 * A model as a safetensors file: weights under the reference's names (torch loads them as a `state_dict`), the config
 * with flavour and masking, and the circuit with its polarities in the metadata.
 */
export function encodeModel({ model, weights }: LoadedModel, precision: StoredPrecision = "float32"): Uint8Array {
  const circuit = model.circuit === null ? {} : { [CIRCUIT]: JSON.stringify(describeCircuit(model.circuit)) };
  const metadata = { format: "pt", [CONFIG]: JSON.stringify(model.config), ...circuit };
  return encodeSafetensors(toStateDict(model, weights, precision), metadata);
}

/**
 * Reads a model file. A file saved from torch has no config in it: give the one it was made with.
 * Throws FormatError for damaged or foreign files (`safetensors-…`, `model-config`, `model-circuit`, and as `fromStateDict`), ConfigError for
 * a config that cannot be.
 */
export function decodeModel(bytes: Uint8Array, config?: ModelConfigInput): LoadedModel {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const model = createModel(config ?? storedConfig(metadata));
  const stored = metadata[CIRCUIT];
  if (stored !== undefined && model.circuit !== null) checkCircuit(stored, model.circuit);
  return { model, weights: fromStateDict(model, tensors) };
}

function storedConfig(metadata: Readonly<Record<string, string>>): ModelConfigInput {
  const text = metadata[CONFIG];
  if (text === undefined) {
    throw new FormatError(
      "model-config",
      `this safetensors file says no "${CONFIG}" in its metadata: give the model's config`,
    );
  }
  // the schema checks what the text holds
  return parseModelConfig(parseJson(CONFIG, text) as ModelConfigInput);
}

function parseJson(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError("model-config", `metadata "${key}" is not JSON`, { cause });
  }
}

/** A circuit in few characters: its adjacency as runs, where a number is that many zeros, + and - are synapses. */
const describeCircuit = (circuit: Circuit): object => ({
  units: circuit.units,
  inputDim: circuit.inputDim,
  outputDim: circuit.outputDim,
  adjacency: toRuns(circuit.adjacency),
  sensoryAdjacency: toRuns(circuit.sensoryAdjacency),
});

function toRuns(adjacency: Int8Array): string {
  let runs = "";
  let zeros = 0;
  for (const polarity of adjacency) {
    if (polarity === 0) zeros++;
    else {
      runs += `${zeros === 0 ? "" : zeros}${polarity > 0 ? "+" : "-"}`;
      zeros = 0;
    }
  }
  return zeros === 0 ? runs : `${runs}${zeros}`;
}

function checkCircuit(stored: string, circuit: Circuit): void {
  if (JSON.stringify(parseJson(CIRCUIT, stored)) === JSON.stringify(describeCircuit(circuit))) return;
  throw new FormatError(
    "model-circuit",
    `the circuit in the file's metadata is not the one its config builds: the file was changed or is damaged`,
  );
}
