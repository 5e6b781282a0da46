import { FormatError } from "../../errors.ts";
import type { SavedPolicy } from "../../policy/saved-policy.ts";

/** The numbers of a tensor by its name in the policy file. Throws FormatError where it is missing. */
export type NamedWeights = (name: string) => Float32Array;

/** Looks tensors of a policy up by name. */
export function namedWeights({ tensors }: SavedPolicy): NamedWeights {
  const byName = new Map(tensors.map(({ name, data }) => [name, data]));
  return (name) => {
    const found = byName.get(name);
    if (found !== undefined) return found;
    throw new FormatError("policy-tensors", `policy file: tensor ${name} is missing`);
  };
}
