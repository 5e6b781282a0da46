/** A value as golden files write it: tagged with its Python type. */
export type TaggedValue =
  | {
      readonly t: "array";
      readonly dtype: string;
      readonly shape: readonly number[];
      readonly data: readonly (number | string | boolean)[];
    }
  | { readonly t: "scalar"; readonly dtype: string; readonly data: number | string | boolean }
  | { readonly t: "str"; readonly data: string }
  | { readonly t: "dict"; readonly items: readonly (readonly [string, TaggedValue])[] }
  | { readonly t: "tuple"; readonly items: readonly TaggedValue[] }
  | {
      readonly t: "graph";
      readonly nodes: TaggedValue;
      readonly edges: TaggedValue | null;
      readonly edge_links: TaggedValue | null;
    };

/** A golden value as plain numbers, lists and objects: float32 rounded, integers beyond 2^53 as BigInt. */
export function plainTagged(value: TaggedValue): unknown {
  switch (value.t) {
    case "array":
      return value.data.map((entry) => plainNumber(entry, value.dtype));
    case "scalar":
      return plainNumber(value.data, value.dtype);
    case "str":
      return value.data;
    case "dict":
      return Object.fromEntries(value.items.map(([key, item]) => [key, plainTagged(item)]));
    case "tuple":
      return value.items.map(plainTagged);
    case "graph":
      return {
        nodes: plainTagged(value.nodes),
        edges: value.edges && plainTagged(value.edges),
        edgeLinks: value.edge_links && plainTagged(value.edge_links),
      };
    default:
      return value satisfies never;
  }
}

/** Our values in the same form: typed arrays as lists of numbers, BigInts as numbers where that is exact. */
export function plainValue(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number | bigint>, plainScalar);
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plainValue(item)]));
  }
  return value;
}

function plainScalar(value: number | bigint): number | bigint {
  return typeof value === "bigint" && BigInt(Number(value)) === value && Math.abs(Number(value)) <= 2 ** 53
    ? Number(value)
    : value;
}

function plainNumber(value: number | string | boolean, dtype: string): number | bigint {
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "string" && /^-?\d+$/.test(value)) return plainScalar(BigInt(value));
  const number = typeof value === "string" ? Number(value.replace("inf", "Infinity")) : value;
  return dtype === "float32" ? Math.fround(number) : number;
}
