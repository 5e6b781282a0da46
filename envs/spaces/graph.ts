import { AssertionError, ValueError } from "../errors.ts";
import type { Generator } from "../random/generator.ts";
import { batchNumericCopies } from "./batch-numeric.ts";
import { concatenate, countRows, iterate } from "./batch-values.ts";
import { Box } from "./box.ts";
import { CompositeSpace } from "./composite-space.ts";
import { Discrete } from "./discrete.ts";
import type { ValueArray } from "./dtype.ts";
import { isGiven } from "./given.ts";
import type { SampleOptions, Space, SpaceSeed } from "./space.ts";

/** A graph: N nodes, and where the space has edges M of them. */
export interface GraphValue {
  /** [N, …shape of a node] */
  readonly nodes: ValueArray;
  /** [M, …shape of an edge]; null without edges */
  readonly edges: ValueArray | null;
  /** [M, 2], the numbers of the nodes that each edge joins; null without edges */
  readonly edgeLinks: Int32Array | null;
}

/** How a graph is drawn. `mask` or `probability`: [of every node, of every edge], either of them null for none. */
export interface GraphSampleOptions extends SampleOptions {
  /** default 10 */
  readonly numNodes?: number;
  /** default: drawn, fewer than numNodes · (numNodes - 1) */
  readonly numEdges?: number;
}

/** Graphs of any size whose nodes, and edges if there are any, carry a value each. */
export class Graph extends CompositeSpace<GraphValue> {
  /** Space of one node's value. */
  readonly node: Box | Discrete;
  /** Space of one edge's value; null: graphs without edges. */
  readonly edge: Box | Discrete | null;

  /** Throws AssertionError unless nodes are a Box or Discrete, and edges one of these or null. */
  constructor(
    node: Space<unknown>,
    edge: Space<unknown> | null,
    { seed }: { readonly seed?: SpaceSeed | Generator } = {},
  ) {
    super(seed);
    this.node = asElement(node, "node");
    this.edge = edge === null ? null : asElement(edge, "edge");
    this.seedFrom(seed);
  }

  get parts(): readonly Space<unknown>[] {
    return this.edge === null ? [this.node] : [this.node, this.edge];
  }

  override get isFlattenable(): boolean {
    return false;
  }

  /** Draws the number of edges, then the nodes, the edges, and which nodes they join. */
  override sample({ mask, probability, numNodes = 10, numEdges }: GraphSampleOptions = {}): GraphValue {
    if (isGiven(mask) && isGiven(probability))
      throw new ValueError("Graph.sample: got both mask and probability, expected at most one");
    const N = checkCount(numNodes, 1, "numNodes");
    const M = numEdges === undefined ? this.#drawNumEdges(N) : checkCount(numEdges, 0, "numEdges");
    const [nodeWeights, edgeWeights] = readPair(mask ?? probability);
    const weigh = (weights: unknown): SampleOptions =>
      !isGiven(weights) ? {} : isGiven(mask) ? { mask: weights } : { probability: weights };
    const nodes = sampleMany(this.node, N, weigh(nodeWeights));
    if (this.edge === null || M === 0) return { nodes, edges: null, edgeLinks: null };
    const edges = sampleMany(this.edge, M, weigh(edgeWeights));
    const edgeLinks = Int32Array.from(this.random.integersArray(2 * M, 0, N, { dtype: "int32" }));
    return { nodes, edges, edgeLinks };
  }

  override contains(value: unknown): value is GraphValue {
    const { nodes, edges, edgeLinks } = (value ?? {}) as Partial<GraphValue>;
    const numNodes = countMembers(this.node, nodes);
    if (numNodes === null) return false;
    if (edges === null && edgeLinks === null) return true;
    const numEdges = this.edge === null ? null : countMembers(this.edge, edges);
    const areLinks = edgeLinks instanceof Int32Array && edgeLinks.length === 2 * (numEdges ?? -1);
    return areLinks && edgeLinks.every((node) => node >= 0 && node < numNodes);
  }

  /** One integer for all, or [own seed, the nodes', the edges']. Returns the seeds used, its own first. */
  override seed(seed?: SpaceSeed): unknown {
    return this.seedOwnToo(seed);
  }

  /** A list of { nodes: [values], edges: [values], edge_links: pairs }, as Gymnasium writes it. */
  override toJson(values: readonly GraphValue[]): unknown {
    return values.map(({ nodes, edges, edgeLinks }) => {
      const json = { nodes: [rowsToJson(this.node, nodes)] };
      if (edges === null || edgeLinks === null || this.edge === null) return json;
      const links = Array.from({ length: edgeLinks.length / 2 }, (_, i) => [edgeLinks[2 * i], edgeLinks[2 * i + 1]]);
      return { ...json, edges: [rowsToJson(this.edge, edges)], edge_links: links };
    });
  }

  override fromJson(data: unknown): GraphValue[] {
    if (!Array.isArray(data)) throw new ValueError(`${String(this)}.fromJson: expected a list of graphs`);
    return data.map((entry: unknown, i) => {
      const value = this.#read(entry);
      if (this.contains(value)) return value;
      throw new ValueError(`${String(this)}.fromJson: entry ${i} is no graph of this space`);
    });
  }

  override equals(other: unknown): boolean {
    if (!(other instanceof Graph) || !this.node.equals(other.node)) return false;
    return this.edge === null ? other.edge === null : this.edge.equals(other.edge);
  }

  override toString(): string {
    return `Graph(${String(this.node)}, ${this.edge === null ? "None" : String(this.edge)})`;
  }

  #drawNumEdges(numNodes: number): number {
    return numNodes > 1 ? this.random.integers(numNodes * (numNodes - 1)) : 0;
  }

  #read(entry: unknown): unknown {
    const { nodes, edges, edge_links: links } = (entry ?? {}) as Record<string, [unknown] | undefined>;
    const hasEdges = this.edge !== null && edges !== undefined && Array.isArray(links);
    return {
      nodes: rowsFromJson(this.node, nodes?.[0]),
      edges: hasEdges ? rowsFromJson(this.edge, edges[0]) : null,
      edgeLinks: hasEdges ? Int32Array.from(links.flat() as number[]) : null,
    };
  }
}

function asElement(space: unknown, what: string): Box | Discrete {
  if (space instanceof Box || space instanceof Discrete) return space;
  throw new AssertionError(`Graph ${what}: got ${String(space)}, expected a Box or Discrete`);
}

function checkCount(count: number, least: number, what: string): number {
  if (Number.isInteger(count) && count >= least) return count;
  throw new AssertionError(`Graph.sample ${what}: got ${String(count)}, expected an integer ≥ ${least}`);
}

function readPair(pair: unknown): readonly [node: unknown, edge: unknown] {
  if (!isGiven(pair)) return [null, null];
  if (Array.isArray(pair) && pair.length === 2) return pair as unknown as [unknown, unknown];
  throw new AssertionError("Graph.sample: expected a mask with 2 entries, of a node and of an edge (null for none)");
}

/** `count` values side by side, from a copy of the space's random stream; the stream itself moves on by one number, as Gymnasium's does. */
function sampleMany(space: Box | Discrete, count: number, { mask, probability }: SampleOptions): ValueArray {
  const all = (weights: unknown): unknown => Array.from({ length: count }, () => weights);
  const options = isGiven(mask) ? { mask: all(mask) } : isGiven(probability) ? { probability: all(probability) } : {};
  const values = batchNumericCopies(space, count).sample(options);
  space.random.random();
  return values;
}

/** How many values of a space stand side by side in an array; null where it is no array or one of them is outside. */
function countMembers(space: Box | Discrete, values: unknown): number | null {
  const count = countRows(space, values);
  if (count === null || !iterate(space, values, count).every((value) => space.contains(value))) return null;
  return count;
}

const rowsToJson = (space: Box | Discrete, values: ValueArray): unknown =>
  space.toJson(iterate(space, values, countRows(space, values)!) as never); // one kind of value for each kind of space

const rowsFromJson = (space: Box | Discrete, rows: unknown): unknown => concatenate(space, space.fromJson(rows));
