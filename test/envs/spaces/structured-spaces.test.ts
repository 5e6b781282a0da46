import { describe, expect, test } from "vitest";
import {
  AssertionError,
  batchSpace,
  Box,
  Dict,
  Discrete,
  flatten,
  flattenSpace,
  Graph,
  OneOf,
  Sequence,
  Tuple,
  unflatten,
  ValueError,
} from "../../../envs/index.ts";
import type { Space } from "../../../envs/index.ts";

const point = (): Box => new Box(-1, 1, { shape: [2] });
const record = (): Dict => new Dict({ at: point(), kind: new Discrete(3) });

const spaces: Readonly<Record<string, () => Space<unknown>>> = {
  OneOf: () => new OneOf([new Discrete(2), point(), record(), new Tuple([new Discrete(4)])]),
  Sequence: () => new Sequence(record()),
  "Sequence, stacked": () => new Sequence(record(), { stack: true }),
  "Sequence of sequences": () => new Sequence(new Sequence(new Discrete(5), { stack: true })),
  Graph: () => new Graph(point(), new Discrete(3)),
  "Graph without edges": () => new Graph(new Discrete(4), null),
  "Dict that holds a Sequence": () => new Dict({ word: new Sequence(new Discrete(5)), here: point() }),
  "Tuple that holds a Graph": () => new Tuple([new Graph(point(), point()), new Discrete(2)]),
};

describe.each(Object.entries(spaces))("%s", (_, make) => {
  const samples = (space: Space<unknown>, count = 8): unknown[] => Array.from({ length: count }, () => space.sample());
  const seeded = (seed: number): Space<unknown> => {
    const space = make();
    space.seed(seed);
    return space;
  };

  test("contains what it samples, the same for the same seed, something else for another", () => {
    const space = seeded(1);
    const drawn = samples(space);
    expect(drawn.every((value) => space.contains(value))).toBe(true);
    expect(samples(seeded(1))).toEqual(drawn);
    expect(samples(seeded(2))).not.toEqual(drawn);
  });

  test("comes back from JSON, and flat values from their space", () => {
    const space = seeded(3);
    const drawn = samples(space);
    expect(space.fromJson(JSON.parse(JSON.stringify(space.toJson(drawn))))).toEqual(drawn);
    const flatSpace = flattenSpace(space);
    for (const value of drawn) {
      const flat = flatten(space, value);
      expect(flatSpace.contains(flat)).toBe(true);
      expect(unflatten(space, flat)).toEqual(value);
    }
  });

  test("equals itself made again and nothing else", () => {
    expect(make().equals(make())).toBe(true);
    for (const other of Object.values(spaces)) if (other !== make) expect(make().equals(other())).toBe(false);
  });

  test("holds no foreign values", () => {
    for (const value of [null, undefined, 7, "x", {}, [7, 7], Float64Array.of(1)])
      expect(make().contains(value), String(value)).toBe(false);
  });

  test("is batched into copies that draw apart", () => {
    const batch = batchSpace(seeded(4), 2);
    const value = batch.sample();
    expect(batch.contains(value)).toBe(true);
    if (Array.isArray(value) && !(make() instanceof Tuple)) expect(value[0]).not.toEqual(value[1]);
  });
});

test("a mask decides what OneOf, Sequence and Graph draw", () => {
  const either = new OneOf([new Discrete(3), new Discrete(3, { start: 5 })], { seed: 1 });
  const drawn = Array.from({ length: 20 }, () => either.sample({ mask: [[0, 1, 0], null] }));
  expect(new Set(drawn.filter(([index]) => index === 0).map(([, value]) => value))).toEqual(new Set([1]));
  const digits = new Sequence(new Discrete(3), { seed: 1 });
  expect(digits.sample({ mask: [4, [0, 0, 1]] })).toEqual([2, 2, 2, 2]);
  expect([2, 6]).toContain((digits.sample({ probability: [[2, 6], null] }) as number[]).length);
  expect(digits.sample({ mask: [0, null] })).toEqual([]);
  const graph = new Graph(new Discrete(3), new Discrete(2), { seed: 1 });
  const options = { numNodes: 3, numEdges: 2, mask: [Int8Array.of(0, 1, 0), Int8Array.of(1, 0)] };
  expect(graph.sample(options)).toMatchObject({ nodes: Int32Array.of(1, 1, 1), edges: Int32Array.of(0, 0) });
  expect(graph.sample({ numNodes: 1 })).toEqual({ nodes: expect.anything(), edges: null, edgeLinks: null });
});

test("a graph's links join nodes that are there, one pair for each edge", () => {
  const space = new Graph(new Discrete(3), new Discrete(2));
  const [nodes, edges] = [Int32Array.of(0, 1), Int32Array.of(1)];
  expect(space.contains({ nodes, edges, edgeLinks: Int32Array.of(1, 0) })).toBe(true);
  expect(space.contains({ nodes, edges: null, edgeLinks: null })).toBe(true);
  for (const edgeLinks of [
    null,
    Int32Array.of(1, 2),
    Int32Array.of(-1, 0),
    Int32Array.of(1),
    Int32Array.of(1, 0, 0, 1),
  ])
    expect(space.contains({ nodes, edges, edgeLinks })).toBe(false);
  expect(space.contains({ nodes: Int32Array.of(3), edges: null, edgeLinks: null })).toBe(false);
});

test.each([
  ["OneOf without spaces", () => new OneOf([]), ValueError, /expected at least one/],
  ["OneOf of a number", () => new OneOf([5 as never]), TypeError, /OneOf\[0\]: got 5/],
  ["a Sequence of a number", () => new Sequence(5 as never), TypeError, /Sequence: got 5, expected a space/],
  ["nodes that are tuples", () => new Graph(new Tuple([]), null), AssertionError, /Graph node: got Tuple/],
  ["edges that are text", () => new Graph(new Discrete(2), "a" as never), AssertionError, /Graph edge: got a/],
  ["too few seeds", () => new OneOf([new Discrete(2)]).seed([1]), ValueError, /expected an integer or a list of 2/],
  ["a list as own seed", () => new Sequence(point()).seed([[1], 2]), TypeError, /as its own seed/],
  ["a negative length", () => new Sequence(point()).sample({ mask: [-1, null] }), AssertionError, /integers ≥ 0/],
  ["no nodes", () => new Graph(point(), null).sample({ numNodes: 0 }), AssertionError, /numNodes: got 0/],
  ["a mask too short", () => new OneOf([point()]).sample({ mask: [] }), AssertionError, /1 entries/],
  ["JSON of no space", () => new OneOf([point()]).fromJson([[3, 1]]), ValueError, /got \[3,1\]/],
  ["JSON of no graph", () => new Graph(point(), null).fromJson([{ nodes: [[[5, 5]]] }]), ValueError, /entry 0/],
  ["a foreign sequence", () => flatten(new Sequence(new Discrete(2)), [3]), ValueError, /expected a value of Sequence/],
  ["a foreign flat value", () => unflatten(new Sequence(new Discrete(2)), [[2, 2]] as never), ValueError, /flat value/],
  ["an unknown number", () => unflatten(new OneOf([point()]), [4, 0, 0]), ValueError, /number of no space/],
])("refused: %s", (_, act, Class, message) => {
  expect(act).toThrow(Class);
  expect(act).toThrow(message);
});
