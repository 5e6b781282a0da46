import { configError } from "../checks.ts";
import type { Circuit } from "../circuit.ts";
import { type CircuitGraph, circuitGraph } from "../graph.ts";

/** Where nodes are put: columns from sensors to motor neurons, or a circle. */
export type CircuitLayoutKind = "layered" | "circular";

const layouts: readonly CircuitLayoutKind[] = ["layered", "circular"];

/** Where the nodes of a drawing stand. */
export interface CircuitLayout {
  /** size of the drawing in SVG units (pixels at scale 1) */
  readonly width: number;
  readonly height: number;
  /** centres by node name (`neuron_0`, `sensory_0`), x to the right, y downwards */
  readonly positions: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
}

/** Node names per column: sensors, then each layer, neurons of one kind together. Ordered to keep synapses short. */
export function circuitColumns(circuit: Circuit): string[][] {
  const sensors = Array.from({ length: circuit.inputDim }, (_, i) => `sensory_${i}`);
  const layers = circuit.layers.flatMap((ids) =>
    (["inter", "command", "motor"] as const)
      .map((kind) => ids.filter((id) => circuit.neuronKind(id) === kind).map((id) => `neuron_${id}`))
      .filter((names) => names.length > 0),
  );
  return shortenSynapses([sensors, ...layers], circuitGraph(circuit));
}

/** Places the nodes of a circuit for a drawing. Throws ConfigError (`ncp-layout`) for an unknown layout. */
export function layoutCircuit(circuit: Circuit, kind: CircuitLayoutKind): CircuitLayout {
  if (!layouts.includes(kind)) {
    throw configError("layout", `Unknown layout "${String(kind)}"; expected one of ${layouts.join(", ")}`);
  }
  const columns = circuitColumns(circuit);
  return kind === "layered" ? placeColumns(columns) : placeCircle(columns.flat());
}

const COLUMN_GAP = 190;
const ROW_GAP = 34;
const MARGIN = 70;

function placeColumns(columns: readonly (readonly string[])[]): CircuitLayout {
  const tallest = Math.max(...columns.map((names) => names.length), 6);
  const height = (tallest - 1) * ROW_GAP + 2 * MARGIN;
  const positions = new Map<string, { x: number; y: number }>();
  columns.forEach((names, column) => {
    // columns with few nodes spread a little, so that their synapses can be told apart
    const gap = Math.min((height - 2 * MARGIN) / Math.max(names.length, 1), ROW_GAP * 2);
    names.forEach((name, row) => {
      positions.set(name, { x: MARGIN + column * COLUMN_GAP, y: height / 2 + (row - (names.length - 1) / 2) * gap });
    });
  });
  return { width: (columns.length - 1) * COLUMN_GAP + 2 * MARGIN, height, positions };
}

function placeCircle(names: readonly string[]): CircuitLayout {
  const radius = Math.max(120, (names.length * ROW_GAP) / (2 * Math.PI));
  const size = 2 * (radius + MARGIN);
  const positions = new Map(
    names.map((name, i) => {
      const angle = (2 * Math.PI * i) / names.length - Math.PI;
      return [name, { x: size / 2 + radius * Math.cos(angle), y: size / 2 + radius * Math.sin(angle) }] as const;
    }),
  );
  return { width: size, height: size, positions };
}

/** Orders inner columns by the average height of what their nodes connect to; sensors and motor neurons keep their order. */
function shortenSynapses(columns: string[][], { edges }: CircuitGraph): string[][] {
  const ordered = columns.map((names) => [...names]);
  for (let sweep = 0; sweep < 4; sweep++) {
    const height = new Map<string, number>();
    for (const names of ordered) names.forEach((name, row) => height.set(name, (row + 0.5) / names.length));
    const pull = new Map<string, { sum: number; count: number }>();
    const attract = (name: string, other: string): void => {
      const seen = pull.get(name) ?? { sum: 0, count: 0 };
      pull.set(name, { sum: seen.sum + height.get(other)!, count: seen.count + 1 });
    };
    for (const { source, destination } of edges) {
      attract(source, destination);
      attract(destination, source);
    }
    const target = (name: string): number => {
      const seen = pull.get(name);
      return seen === undefined ? height.get(name)! : seen.sum / seen.count;
    };
    for (const names of ordered.slice(1, -1)) names.sort((a, b) => target(a) - target(b));
  }
  return ordered;
}
