import { CustomSpaceError } from "../errors.ts";
import { Box } from "./box.ts";
import { Dict } from "./dict.ts";
import { Discrete } from "./discrete.ts";
import type { DType } from "./dtype.ts";
import { Graph } from "./graph.ts";
import { MultiBinary } from "./multi-binary.ts";
import { MultiDiscrete } from "./multi-discrete.ts";
import { OneOf } from "./one-of.ts";
import { Sequence } from "./sequence.ts";
import type { Space } from "./space.ts";
import { Text } from "./text.ts";
import { Tuple } from "./tuple.ts";

/** A space as plain data, for a copy or another thread. Random streams stay behind. */
export type SpaceData =
  | {
      readonly kind: "box";
      readonly low: Float64Array;
      readonly high: Float64Array;
      readonly shape: readonly number[];
      readonly dtype: DType;
    }
  | { readonly kind: "discrete"; readonly n: number; readonly start: number; readonly dtype: DType }
  | {
      readonly kind: "multiDiscrete";
      readonly nvec: readonly number[];
      readonly start: readonly number[];
      readonly shape: readonly number[];
      readonly dtype: DType;
    }
  | { readonly kind: "multiBinary"; readonly shape: readonly number[] }
  | { readonly kind: "text"; readonly maxLength: number; readonly minLength: number; readonly charset: string }
  | { readonly kind: "dict"; readonly parts: readonly (readonly [key: string, part: SpaceData])[] }
  | { readonly kind: "tuple" | "oneOf"; readonly parts: readonly SpaceData[] }
  | { readonly kind: "sequence"; readonly feature: SpaceData; readonly stack: boolean }
  | { readonly kind: "graph"; readonly node: SpaceData; readonly edge: SpaceData | null };

/** A space as plain data. Throws CustomSpaceError on spaces that this package does not know. */
export function spaceToData(space: Space<unknown>): SpaceData {
  if (space instanceof Box) {
    const low = space.low.map((value, i) => (space.boundedBelow[i] === 1 ? value : -Infinity));
    const high = space.high.map((value, i) => (space.boundedAbove[i] === 1 ? value : Infinity));
    return { kind: "box", low, high, shape: space.shape, dtype: space.dtype };
  }
  if (space instanceof Discrete) return { kind: "discrete", n: space.n, start: space.start, dtype: space.dtype };
  if (space instanceof MultiDiscrete) {
    const { shape, dtype } = space;
    return { kind: "multiDiscrete", nvec: [...space.nvec], start: [...space.start], shape, dtype };
  }
  if (space instanceof MultiBinary) return { kind: "multiBinary", shape: space.shape };
  if (space instanceof Text) {
    const { maxLength, minLength, characters } = space;
    return { kind: "text", maxLength, minLength, charset: characters.join("") };
  }
  if (space instanceof Dict) {
    return { kind: "dict", parts: [...space.spaces].map(([key, part]) => [key, spaceToData(part)] as const) };
  }
  if (space instanceof Tuple) return { kind: "tuple", parts: space.spaces.map(spaceToData) };
  if (space instanceof OneOf) return { kind: "oneOf", parts: space.spaces.map(spaceToData) };
  if (space instanceof Sequence) {
    return { kind: "sequence", feature: spaceToData(space.feature), stack: space.stack };
  }
  if (space instanceof Graph) {
    return {
      kind: "graph",
      node: spaceToData(space.node),
      edge: space.edge === null ? null : spaceToData(space.edge),
    };
  }
  throw new CustomSpaceError(
    `${String(space)} is no space of this package, so it cannot be copied or sent to another thread`,
  );
}

/** The space that `spaceToData` described, with a random stream of its own. */
export function spaceFromData(data: SpaceData): Space<unknown> {
  switch (data.kind) {
    case "box":
      return new Box(data.low, data.high, { shape: data.shape, dtype: data.dtype });
    case "discrete":
      return new Discrete(data.n, { start: data.start, dtype: data.dtype });
    case "multiDiscrete":
      return new MultiDiscrete(data.nvec, { start: data.start, shape: data.shape, dtype: data.dtype });
    case "multiBinary":
      return new MultiBinary(data.shape);
    case "text":
      return new Text(data.maxLength, { minLength: data.minLength, charset: data.charset });
    case "dict":
      return new Dict(data.parts.map(([key, part]) => [key, spaceFromData(part)] as const));
    case "tuple":
      return new Tuple(data.parts.map(spaceFromData));
    case "oneOf":
      return new OneOf(data.parts.map(spaceFromData));
    case "sequence":
      return new Sequence(spaceFromData(data.feature), { stack: data.stack });
    case "graph":
      return new Graph(spaceFromData(data.node), data.edge === null ? null : spaceFromData(data.edge));
    default:
      return data satisfies never;
  }
}
