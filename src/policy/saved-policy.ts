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
  const byName = new Map(saved.tensors.map((t) => [t.name, t]));
  const take = (name: string, shape: readonly number[]): Float32Array => {
    const tensor = byName.get(name);
    if (tensor === undefined) throw new FormatError("policy-tensors", `policy file: tensor ${name} is missing`);
    if (tensor.shape.join() !== shape.join())
      throw new FormatError(
        "policy-tensors",
        `policy file, ${name}: shape [${tensor.shape.join(", ")}], expected [${shape.join(", ")}]`,
      );
    byName.delete(name);
    return tensor.data;
  };
  const values = parameters.list().map(({ name, shape }) => ({ name, data: take(name, shape) }));
  const moments = normalizer
    ? [take("normalizer.mean", [normalizer.mean.length]), take("normalizer.variance", [normalizer.variance.length])]
    : [];
  const [left] = byName.keys();
  if (left !== undefined)
    throw new FormatError("policy-tensors", `policy file: tensor ${left} does not belong to its spec`);
  for (const { name, data } of values) parameters.set(name, data);
  if (normalizer) {
    normalizer.mean.set(moments[0]!);
    normalizer.variance.set(moments[1]!);
    normalizer.prepare();
  }
  network.prepare();
}

function asFloat32(tensor: NamedTensor): NamedTensor<Float32Array> {
  if (tensor.data instanceof Float32Array) return tensor as NamedTensor<Float32Array>; // checked on this line
  throw new FormatError("policy-tensors", `policy file, ${tensor.name}: expected F32 numbers`);
}
