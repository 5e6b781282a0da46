import { describe, expect, test } from "vitest";
import {
  batchSpace,
  Box,
  concatenate,
  createEmptyArray,
  defaultRng,
  Dict,
  Discrete,
  flatdim,
  flatten,
  flattenSpace,
  Graph,
  iterate,
  MultiBinary,
  MultiDiscrete,
  OneOf,
  Sequence,
  Text,
  Tuple,
  unflatten,
  ValueError,
} from "../../../envs/index.ts";
import type { SampleOptions, Space } from "../../../envs/index.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { parsePython } from "../../helpers/python-literal.ts";
import { evaluate, NoCounterpart, spaceFromPython } from "../../helpers/python-space.ts";
import { plainTagged, plainValue } from "../../helpers/tagged-value.ts";
import type { TaggedValue } from "../../helpers/tagged-value.ts";
import { thrownClasses } from "../../helpers/thrown-classes.ts";

interface SampleCase {
  readonly name: string;
  readonly ctor: string;
  readonly seed_return: unknown;
  readonly repr: string;
  readonly shape: number[] | null;
  readonly dtype: string | null;
  readonly samples: TaggedValue[];
}
interface MaskedCase {
  readonly space: string;
  readonly kw: SampleOptions;
  readonly samples: TaggedValue[];
}
interface FlattenCase {
  readonly name: string;
  readonly ctor: string;
  readonly x: TaggedValue;
  readonly flat: TaggedValue;
  readonly flatten_space: string;
  readonly is_np_flattenable: boolean;
  readonly flatdim?: number;
  readonly roundtrip?: TaggedValue;
  readonly to_jsonable_1: unknown;
}
interface BatchCase {
  readonly name: string;
  readonly n: number;
  readonly batched_repr: string;
  readonly batched_sample_rng_is_copy_of_seeded: TaggedValue;
  readonly items: TaggedValue[];
  readonly concatenate: TaggedValue;
  readonly create_empty_array: TaggedValue;
}
interface SpacesGolden {
  readonly samples?: Record<string, SampleCase[]>;
  readonly masked?: Record<string, MaskedCase[]>;
  readonly seeding?: Record<string, unknown>;
  readonly contains?: [space: string, value: string, expected: boolean][];
  readonly errors?: [what: string, outcome: string, message: string][];
  readonly flatten?: FlattenCase[];
  readonly batch?: BatchCase[];
}

/** A test where the space exists here; a skipped one that says so otherwise. */
function spaceTest(title: string, ctor: string, check: (space: Space<unknown>) => void): void {
  let space: Space<unknown>;
  try {
    space = spaceFromPython(ctor);
  } catch (error) {
    if (!(error instanceof NoCounterpart)) throw error;
    test.skip(`${title} (${error.message})`, () => {});
    return;
  }
  test(title, () => check(space));
}

/** The text of a space with every number in one spelling and without layout. */
function normalise(text: string): string {
  return text
    .replace(/(-?\d+\.?\d*(?:e[+-]?\d+)?)/g, (number) => String(Math.fround(Number(number))))
    .replace(/\s+/g, " ")
    .replace(/\[ /g, "[")
    .replace(/ \]/g, "]");
}

/** Seeds with every integer as a BigInt: we return those that we were given as they were. */
function wideSeeds(value: unknown): unknown {
  if (typeof value === "number") return BigInt(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(wideSeeds);
  return Object.fromEntries(Object.entries(value).map(([key, seed]) => [key, wideSeeds(seed)]));
}

function checkFlatten(space: Space<unknown>, c: FlattenCase): void {
  const value = typedFrom(space, c.x);
  expect(space.contains(value)).toBe(true);
  expect(plainValue(flatten(space, value))).toEqual(plainTagged(c.flat));
  expect(normalise(String(flattenSpace(space)))).toBe(normalise(c.flatten_space));
  expect(space.isFlattenable).toBe(c.is_np_flattenable);
  if (c.flatdim === undefined) expect(() => flatdim(space)).toThrow(ValueError);
  else expect(flatdim(space)).toBe(c.flatdim);
  expect(plainValue(unflatten(space, flatten(space, value)))).toEqual(plainTagged(c.roundtrip ?? c.x));
  const json = space.toJson([value]);
  expect(JSON.parse(JSON.stringify(json))).toEqual(c.to_jsonable_1);
  expect(plainValue(space.fromJson(JSON.parse(JSON.stringify(json)))[0])).toEqual(plainTagged(c.x));
}

function checkBatch(space: Space<unknown>, c: BatchCase): void {
  // The golden file seeds with 3, draws the items, and looks at a batch made after that or before; both are tried.
  for (let seed = 0; seed < 50; seed++) {
    space.seed(seed);
    const before = batchSpace(space, c.n);
    const items = c.items.map(() => space.sample());
    if (JSON.stringify(plainValue(items)) !== JSON.stringify(c.items.map(plainTagged))) continue;
    const candidates = [before, batchSpace(space, c.n)].map((batch) => plainValue(batch.sample()));
    expect(candidates).toContainEqual(plainTagged(c.batched_sample_rng_is_copy_of_seeded));
    expect(normalise(String(before))).toBe(normalise(c.batched_repr));
    const joined = concatenate(space, items);
    expect(plainValue(joined)).toEqual(plainTagged(c.concatenate));
    expect(plainValue(iterate(space, joined, c.n))).toEqual(plainValue(items));
    if (!(space instanceof Text || space instanceof OneOf))
      // whose places are empty until something is put there
      expect(plainValue(createEmptyArray(space, 2))).toEqual(plainTagged(c.create_empty_array));
    return;
  }
  // The seed is not in the file: without it only what needs none is compared.
  expect(normalise(String(batchSpace(space, c.n)))).toBe(normalise(c.batched_repr));
  const items = c.items.map((item) => typedFrom(space, item));
  expect(plainValue(concatenate(space, items))).toEqual(plainTagged(c.concatenate));
  expect(plainValue(iterate(space, concatenate(space, items), c.n))).toEqual(c.items.map(plainTagged));
}

/** A golden value as one of ours, with the typed arrays of the space. */
function typedFrom(space: Space<unknown>, value: TaggedValue): unknown {
  const plain = plainTagged(value);
  if (space instanceof Dict) {
    if (value.t !== "dict") throw new Error("expected a dict");
    const items = new Map(value.items);
    return Object.fromEntries([...space.spaces].map(([key, part]) => [key, typedFrom(part, items.get(key)!)]));
  }
  if (space instanceof OneOf) {
    const [index, inner] = value.t === "tuple" ? value.items : [];
    const i = plainTagged(index!) as number;
    return [i, typedFrom(space.spaces[i]!, inner!)];
  }
  if (space instanceof Sequence) {
    if (value.t === "tuple") return value.items.map((item) => typedFrom(space.feature, item));
    return concatenate(space.feature, plain as unknown[]);
  }
  if (space instanceof Graph) {
    if (value.t !== "graph") throw new Error("expected a graph");
    return {
      nodes: typedRows(space.node, value.nodes),
      edges: value.edges && typedRows(space.edge!, value.edges),
      edgeLinks: value.edge_links && Int32Array.from(plainTagged(value.edge_links) as number[]),
    };
  }
  if (space instanceof Tuple) {
    if (value.t !== "tuple") throw new Error("expected a tuple");
    const { items } = value;
    return space.spaces.map((part, i) => typedFrom(part, items[i]!));
  }
  if (space instanceof Box) {
    const typed = space.zeros();
    typed.set(plain as never);
    return typed;
  }
  if (space instanceof MultiDiscrete) return Int32Array.from(plain as number[]);
  return space instanceof MultiBinary ? Int8Array.from(plain as number[]) : plain;
}

/** Values side by side in one array. */
function typedRows(space: Box | Discrete, value: TaggedValue): unknown {
  const numbers = plainTagged(value) as number[];
  return space instanceof Box ? Float32Array.from(numbers) : Int32Array.from(numbers);
}

const arrays: Record<string, (values: number[]) => unknown> = {
  f32: (v) => Float32Array.from(v),
  f64: (v) => Float64Array.from(v),
  i8: (v) => Int8Array.from(v),
  i16: (v) => Int16Array.from(v),
  i32: (v) => Int32Array.from(v),
  i64: (v) => BigInt64Array.from(v.map(BigInt)),
  u8: (v) => Uint8Array.from(v),
  u64: (v) => BigUint64Array.from(v.map(BigInt)),
  bool: (v) => v.map(Boolean),
};

/** The value that a golden file describes in words; undefined where JavaScript has none such (numpy scalars, 0-d arrays). */
function valueFromWords(words: string, space: string): { readonly value: unknown } | undefined {
  const size = space.startsWith("Box(-inf")
    ? 1
    : /MultiBinary\((\d)\)/.exec(space)
      ? Number(/MultiBinary\((\d)\)/.exec(space)![1])
      : 2;
  const typed = /^(f32|f64|i8|i16|i32|i64|u8|u64|bool) ?\[(.*)\]$/.exec(words);
  if (typed) return { value: arrays[typed[1]!]!(typed[2]!.split(",").map(Number)) };
  const bare = arrays[words];
  if (bare) return { value: bare(Array.from({ length: size }, (_, i) => i % 2)) };
  const list = /^list(\[.*\])$/.exec(words);
  if (list) return { value: evaluate(parsePython(list[1]!)!) };
  const named: Record<string, unknown> = {
    tuple: [0, 1],
    "shape(1,)": Float32Array.of(0),
    "shape(2,1)": [[0], [1]],
    nan: Float32Array.from({ length: size }, () => NaN),
    inf: Float32Array.from({ length: size }, () => Infinity),
    str: "a",
    list: [1, 2],
    "scalar 0": 0,
    "np.array([1,1])": Int32Array.of(1, 1),
    "list -> int64": [1, 1],
  };
  if (words in named) return { value: named[words] };
  if (/^(OneOf|Sequence)/.test(space) && words.startsWith("[")) return undefined; // lists are not tuples there
  if (/^(i8|i32|i64|u8|u64|f64) -?\d|^array|^1\.0$/.test(words)) return undefined;
  if (space.startsWith("Text") && !words.startsWith("'")) return { value: words === "1" ? 1 : words };
  const keyed = /^\{.*\}$/.test(words) ? words.replace(/(\w+):/g, "'$1':") : words;
  const parsed = parsePython(keyed);
  return parsed === null ? undefined : { value: evaluate(parsed) };
}

type Attempt = () => unknown;

/** What a golden file tries, as code; null where it has no counterpart (numpy types). */
function attemptFromWords(what: string): Attempt | null {
  const attempts: Record<string, Attempt> = {
    "Box(0,1) shape": () => new Box(0, 1),
    "Box(0,1,shape=2)": () => new Box(0, 1, { shape: 2 as never }),
    "Box shapes differ": () => new Box(Float32Array.of(0), Float32Array.of(1, 1)),
    "Box dtype None": () => new Box(0, 1, { dtype: null as never }),
    "Box dtype complex": () => new Box(0, 1, { dtype: "complex64" as never }),
    "Box.sample(mask)": () => new Box(0, 1).sample({ mask: [1] }),
    "Box.is_bounded('x')": () => new Box(0, 1).isBounded("x" as never),
    "Box shape mismatch": () => new Box(Float32Array.of(0, 0), 1, { shape: [3] }),
    "Discrete dtype float": () => new Discrete(2, { dtype: "float32" }),
    "Discrete mask dtype": () => new Discrete(2).sample({ mask: BigInt64Array.of(1n, 0n) }),
    "Discrete mask shape": () => new Discrete(2).sample({ mask: [1] }),
    "Discrete mask value": () => new Discrete(2).sample({ mask: [1, 2] }),
    "Discrete mask+prob": () => new Discrete(2).sample({ mask: [1, 0], probability: [1, 0] }),
    "Discrete prob sum": () => new Discrete(2).sample({ probability: [0.5, 0.4] }),
    "MultiDiscrete start shape": () => new MultiDiscrete([2, 2], { start: [1] }),
    "MultiBinary('a')": () => new MultiBinary("a" as never),
    "Text multi-char charset": () => new Text(3, { charset: new Set(["ab"]) }),
    "Tuple((1,))": () => new Tuple([1 as never]),
    "Dict({'a':1})": () => new Dict({ a: 1 as never }),
    "Dict dup kw": () =>
      new Dict([
        ["a", new Discrete(2)],
        ["a", new Discrete(3)],
      ]),
    "Dict(5)": () => new Dict(5 as never),
    "Tuple.seed wrong len": () => new Tuple([new Discrete(2)]).seed([1, 2]),
    "Dict.seed wrong keys": () => new Dict({ a: new Discrete(2) }).seed({ b: 1 }),
    "Dict.seed str": () => new Dict({ a: new Discrete(2) }).seed("a" as never),
    "Discrete.seed(-1)": () => new Discrete(2).seed(-1),
    "Discrete.seed(1.0)": () => new Discrete(2).seed(1.5),
    "Discrete(2.0)": () => new Discrete(2.5),
    "flatdim(Sequence)": () => flatdim(new Sequence(new Discrete(2))),
    "flatdim(Graph)": () => flatdim(new Graph(new Discrete(2), null)),
    "unflatten Discrete zeros": () => unflatten(new Discrete(3), [0, 0, 0]),
  };
  if (what in attempts) return attempts[what]!;
  if (/lists$|np\.int64/.test(what)) return null;
  const parsed = parsePython(what);
  return parsed === null ? null : () => evaluate(parsed);
}

const seedingChecks: Record<string, (data: unknown) => void> = {
  Dict_seed_dict: (data) => {
    const { ret, samples } = data as { ret: Record<string, number>; samples: TaggedValue[] };
    const space = seededLike(
      (sizes) => new Dict(Object.fromEntries(Object.keys(ret).map((key, i) => [key, new Discrete(sizes[i]!)]))),
      ret,
      samples,
    );
    expect(space.seed(ret)).toEqual(ret);
    expect(samples.map(() => space.sample())).toEqual(samples.map(plainTagged));
  },
  OneOf_seed_tuple: (data) => {
    const { ret, samples } = data as { ret: number[]; samples: TaggedValue[] };
    const space = seededLike((sizes) => new OneOf(sizes.map((n) => new Discrete(n))), ret, samples);
    expect(space.seed(ret)).toEqual(ret);
    expect(samples.map(() => space.sample())).toEqual(samples.map(plainTagged));
  },
  Sequence_seed_int: (data) => {
    const { ret, samples } = data as { ret: number[]; samples: TaggedValue[] };
    const space = seededLike(([n]) => new Sequence(new Discrete(n!)), ret[0]!, samples);
    expect(space.seed(ret[0])).toEqual(ret);
    expect(samples.map(() => space.sample())).toEqual(samples.map(plainTagged));
  },
  Sequence_seed_tuple: (data) => {
    const { ret, samples } = data as { ret: number[]; samples: TaggedValue[] };
    const space = seededLike(([n]) => new Sequence(new Discrete(n!)), ret, samples);
    expect(space.seed(ret)).toEqual(ret);
    expect(samples.map(() => space.sample())).toEqual(samples.map(plainTagged));
  },
  Sequence_mask_len: (data) => {
    const space = new Sequence(new Discrete(9)); // found by trying: the space of the case before, after its two samples
    space.seed([11, 12]);
    for (let i = 0; i < 2; i++) space.sample();
    const samples = (data as TaggedValue[]).map((sample) => plainTagged(sample) as number[]);
    expect(samples.map(({ length }) => space.sample({ mask: [length, null] }))).toEqual(samples);
  },
  Tuple_seed_tuple: (data) => {
    const { ret, samples } = data as { ret: number[]; samples: TaggedValue[] };
    const space = seededLike((sizes) => new Tuple(sizes.map((n) => new Discrete(n))), ret, samples);
    expect(space.seed(ret)).toEqual(ret);
    expect(samples.map(() => space.sample())).toEqual(samples.map(plainTagged));
  },
  Box_seed_generator_shared: (data) => {
    const { sample, then_generator_random } = data as { sample: TaggedValue; then_generator_random: number };
    const want = JSON.stringify(plainTagged(sample));
    const found = Array.from({ length: 200 }, (_, seed) => seed).some((seed) => {
      const rng = defaultRng(seed);
      const space = new Box(0, 1, { shape: [2], seed: rng });
      return JSON.stringify(plainValue(space.sample())) === want && rng.random() === then_generator_random;
    });
    expect(found, "some small seed gives the sample and then the shared generator's next number").toBe(true);
  },
  "ctor_seed_equals_seed()": (data) => expect(new Set(data as number[]).size).toBe(1),
  MultiDiscrete_getitem_rng_copy: (data) => {
    const want = data as { repr: string[]; "md[1].sample()": TaggedValue; "md.sample()": TaggedValue };
    const [first, second] = want.repr[1]!.match(/\d+/g)!.map(Number); // the slice md[:2]; the third size is not in the file
    const found = Array.from({ length: 30 }, (_, third) => third + 1).some((third) =>
      Array.from({ length: 100 }, (_, seed) => seed).some((seed) => {
        const space = new MultiDiscrete([first!, second!, third], { seed });
        const part = space.at(1).sample(); // from a copy: the whole space then draws as if it had not happened
        const whole = String(plainValue(space.sample()));
        return part === plainTagged(want["md[1].sample()"]) && whole === String(plainTagged(want["md.sample()"]));
      }),
    );
    expect(found, "some small seed and third size give both samples").toBe(true);
  },
};

/** The file gives seeds and samples of Discrete parts but not their sizes: the one pair of sizes up to 20 that fits. */
function seededLike(
  make: (sizes: number[]) => Space<unknown>,
  seeds: number | Record<string, number> | number[],
  samples: TaggedValue[],
): Space<unknown> {
  for (let a = 1; a <= 20; a++) {
    for (let b = 1; b <= 20; b++) {
      const space = make([a, b]);
      space.seed(seeds);
      if (JSON.stringify(samples.map(() => space.sample())) === JSON.stringify(samples.map(plainTagged)))
        return make([a, b]);
    }
  }
  throw new Error("no sizes fit the samples");
}

describeGolden<SpacesGolden>("envs/spaces.json", (golden) => {
  for (const [seed, cases] of Object.entries(golden.samples ?? {})) {
    describe(`seed ${seed}`, () => {
      for (const c of cases) {
        spaceTest(`${c.ctor} samples as numpy does`, c.ctor, (space) => {
          expect(wideSeeds(space.seed(BigInt(seed)))).toEqual(wideSeeds(c.seed_return));
          expect(c.samples.map(() => plainValue(space.sample()))).toEqual(c.samples.map(plainTagged));
          expect(normalise(String(space))).toBe(normalise(c.repr));
          expect(space.shape).toEqual(c.shape);
          if (!(space instanceof Text)) expect(space.dtype).toBe(c.dtype);
        });
      }
    });
  }
  for (const [seed, cases] of Object.entries(golden.masked ?? {})) {
    for (const c of cases) {
      spaceTest(`seed ${seed}: ${c.space} with ${JSON.stringify(c.kw)}`, c.space, (space) => {
        space.seed(BigInt(seed));
        expect(c.samples.map(() => plainValue(space.sample(c.kw)))).toEqual(c.samples.map(plainTagged));
      });
    }
  }
  for (const [space, value, expected] of golden.contains ?? []) {
    const subject = valueFromWords(value, space);
    if (subject === undefined) test.skip(`${space} contains ${value} (no such value in JavaScript)`, () => {});
    else
      spaceTest(`${space} contains ${value}: ${expected}`, space, (s) =>
        expect(s.contains(subject.value)).toBe(expected),
      );
  }
  for (const [what, outcome] of golden.errors ?? []) {
    const attempt = attemptFromWords(what);
    if (attempt === null) test.skip(`${what} (no counterpart)`, () => {});
    else test(`${what}: ${outcome}`, () => expect(thrownClasses(attempt)).toContain(outcome));
  }
  for (const c of golden.flatten ?? []) {
    spaceTest(`${c.ctor} flattens`, c.ctor, (space) => checkFlatten(space, c));
  }
  const constructors = new Map(
    Object.values(golden.samples ?? {}).flatMap((cases) => cases.map((c) => [c.name, c.ctor] as const)),
  );
  for (const c of golden.batch ?? []) {
    spaceTest(`${c.name} batched`, constructors.get(c.name) ?? c.name, (space) => checkBatch(space, c));
  }
  for (const [what, data] of Object.entries(golden.seeding ?? {})) {
    const check = seedingChecks[what];
    if (check === undefined) test.skip(`seeding ${what} (no counterpart)`, () => {});
    else test(`seeding ${what}`, () => check(data));
  }
});
