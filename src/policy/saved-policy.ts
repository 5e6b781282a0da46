import { FormatError } from "../errors.ts";
import type { PolicyNetwork } from "./policy-network.ts";
import { parsePolicySpec, type PolicySpec } from "./policy-spec.ts";
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from "./safetensors.ts";

/** A policy as it is stored: what it is and its numbers, enough to run it anywhere. */
export interface SavedPolicy {
  /** what it sees, does and consists of */
  readonly spec: PolicySpec;
  /** `encoder.*`, `circuit.*`, `actor.*`, `critic.*`, `normalizer.*`; torch layout */
  readonly tensors: readonly NamedTensor<Float32Array>[];
}

const FORMAT = "elegans.policy";

/** The bytes of a policy file: safetensors with the spec in its metadata. Equal specs and weights give equal bytes. */
export function encodePolicy(saved: SavedPolicy): Uint8Array {
  return encodeSafetensors(saved.tensors, { format: FORMAT, spec: JSON.stringify(saved.spec) });
}

/**
 * Reads a policy file. Throws FormatError on anything that is not one (`not-a-policy`, `policy-spec`, `policy-tensors`, or `safetensors-…` for a
 * damaged file). Whether the weights fit the spec is checked where they are used.
 */
export function decodePolicy(bytes: Uint8Array): SavedPolicy {
  const { tensors, metadata } = decodeSafetensors(bytes);
  if (metadata["format"] !== FORMAT || metadata["spec"] === undefined)
    throw new FormatError(
      "not-a-policy",
      `policy file: its metadata says format ${metadata["format"] ?? "(none)"}, expected ${FORMAT}`,
    );
  return { spec: parsePolicySpec(metadata["spec"]), tensors: tensors.map(asFloat32) };
}

/** Copies of a network's numbers. */
export function savePolicy(network: PolicyNetwork): SavedPolicy {
  const { parameters, normalizer } = network;
  const tensors: NamedTensor<Float32Array>[] = parameters
    .list()
    .map(({ name, shape }) => ({ name, shape, data: parameters.get(name) }));
  if (normalizer) {
    const shape = [normalizer.mean.length];
    tensors.push({ name: "normalizer.mean", shape, data: normalizer.mean.slice() });
    tensors.push({ name: "normalizer.variance", shape, data: normalizer.variance.slice() });
  }
  return { spec: network.spec, tensors };
}

/**
 * Sets a network's numbers from a saved policy of the same shape and prepares it. Throws FormatError on missing, additional or misshapen
 * tensors; then nothing has been changed.
 */
export function loadPolicy(network: PolicyNetwork, saved: SavedPolicy): void {
  const { parameters, normalizer } = network;
  const values = fittingData(saved, policyTensors(network));
  for (const { name } of parameters.list()) parameters.set(name, values.get(name)!);
  if (normalizer) {
    normalizer.mean.set(values.get("normalizer.mean")!);
    normalizer.variance.set(values.get("normalizer.variance")!);
    normalizer.prepare();
  }
  network.prepare();
}

/** Name and shape of a tensor. */
export type TensorShape = Pick<NamedTensor, "name" | "shape">;

/** The tensors of a policy file for such a network, in the file's order. */
export function policyTensors({ parameters, normalizer }: PolicyNetwork): readonly TensorShape[] {
  if (normalizer === null) return parameters.list();
  const shape = [normalizer.mean.length];
  return [...parameters.list(), { name: "normalizer.mean", shape }, { name: "normalizer.variance", shape }];
}

/** The numbers of a policy by name. Throws FormatError (`policy-tensors`) where its tensors are not those that were expected. */
export function fittingData(saved: SavedPolicy, expected: readonly TensorShape[]): ReadonlyMap<string, Float32Array> {
  const byName = new Map(saved.tensors.map((t) => [t.name, t]));
  for (const { name, shape } of expected) {
    const tensor = byName.get(name);
    if (tensor === undefined) throw new FormatError("policy-tensors", `policy file: tensor ${name} is missing`);
    if (tensor.shape.join() !== shape.join())
      throw new FormatError(
        "policy-tensors",
        `policy file, ${name}: shape [${tensor.shape.join(", ")}], expected [${shape.join(", ")}]`,
      );
  }
  const names = new Set(expected.map(({ name }) => name));
  const left = saved.tensors.find(({ name }) => !names.has(name));
  if (left !== undefined)
    throw new FormatError("policy-tensors", `policy file: tensor ${left.name} does not belong to its spec`);
  return new Map(saved.tensors.map(({ name, data }) => [name, data]));
}

function asFloat32(tensor: NamedTensor): NamedTensor<Float32Array> {
  if (tensor.data instanceof Float32Array) return tensor as NamedTensor<Float32Array>; // checked on this line
  throw new FormatError("policy-tensors", `policy file, ${tensor.name}: expected F32 numbers`);
}
