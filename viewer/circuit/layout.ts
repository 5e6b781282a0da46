import type { CircuitDescription } from "../../src/protocol/index.ts";

/** Kinds of columns, left to right. */
export const COLUMNS = ["sensory", "inter", "command", "motor"] as const;
/** A kind of column. */
export type Column = (typeof COLUMNS)[number];

/** Where things are, in units of the panel: x and y in [0, 1]. */
export interface CircuitLayout {
  /** neuron ids by column, top to bottom; sensory neuron s is -1 - s */
  readonly columns: Readonly<Record<Column, readonly number[]>>;
  /** centre of a column */
  readonly columnX: Readonly<Record<Column, number>>;
  /** position of every neuron */
  readonly positions: ReadonlyMap<number, { readonly x: number; readonly y: number; readonly column: Column }>;
}

const SWEEPS = 12;
/** More neurons than this in one column are set in several files beside each other. */
const MAX_PER_FILE = 40;
const FILE_STEP = 0.045;

/**
 * Places neurons in four columns and orders each column by the mean height of its neighbours in the other columns (the barycentre
 * heuristic), sweeping right and left, so that few synapses cross. Depends on the wiring alone, so it is the same in every episode.
 */
export function layoutCircuit(circuit: CircuitDescription): CircuitLayout {
  const columns = initialColumns(circuit);
  const neighbours = neighbourLists(circuit);
  const present = COLUMNS.filter((c) => columns[c].length > 0);
  const height = new Map<number, number>();
  for (const c of present) setHeights(columns[c], height);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const order = sweep % 2 === 0 ? present : present.toReversed();
    for (const c of order) {
      if (c === "motor") continue; // motor neurons stay in the order of the actions
      columns[c] = sortByBarycentre(columns[c], neighbours, height);
      setHeights(columns[c], height);
    }
  }
  return place(columns, present);
}

function initialColumns(circuit: CircuitDescription): Record<Column, number[]> {
  const of = (kind: Column): number[] => circuit.neurons.filter((n) => n.kind === kind).map((n) => n.id);
  return {
    sensory: circuit.sensory.map((_, s) => -1 - s),
    inter: of("inter"),
    command: of("command"),
    motor: of("motor"),
  };
}

function neighbourLists({ from, to }: CircuitDescription): Map<number, number[]> {
  const lists = new Map<number, number[]>();
  const add = (a: number, b: number): void => {
    const list = lists.get(a);
    if (list === undefined) lists.set(a, [b]);
    else list.push(b);
  };
  from.forEach((source, i) => {
    const target = to[i];
    if (target === undefined || target === source) return;
    add(source, target);
    add(target, source);
  });
  return lists;
}

/** Height of the k-th of n neurons, in (0, 1): evenly spaced, half a step from both ends. */
function setHeights(column: readonly number[], height: Map<number, number>): void {
  column.forEach((id, k) => height.set(id, (k + 0.5) / column.length));
}

/** Stable: neurons without neighbours elsewhere keep their place. */
function sortByBarycentre(
  column: readonly number[],
  neighbours: ReadonlyMap<number, readonly number[]>,
  height: ReadonlyMap<number, number>,
): number[] {
  const own = new Set(column);
  const keyed = column.map((id, k) => {
    const others = (neighbours.get(id) ?? []).filter((n) => !own.has(n));
    const sum = others.reduce((total, n) => total + (height.get(n) ?? 0.5), 0);
    return { id, k, key: others.length > 0 ? sum / others.length : (height.get(id) ?? 0.5) };
  });
  return keyed.sort((a, b) => a.key - b.key || a.k - b.k).map(({ id }) => id);
}

function place(columns: Record<Column, number[]>, present: readonly Column[]): CircuitLayout {
  const columnX: Record<Column, number> = { sensory: 0, inter: 0, command: 0, motor: 0 };
  present.forEach((c, i) => (columnX[c] = present.length === 1 ? 0.5 : i / (present.length - 1)));
  const positions = new Map<number, { x: number; y: number; column: Column }>();
  for (const column of present) {
    const ids = columns[column];
    const files = Math.ceil(ids.length / MAX_PER_FILE);
    ids.forEach((id, k) => {
      const shift = ((k % files) - (files - 1) / 2) * Math.min(FILE_STEP, 0.24 / files);
      positions.set(id, { x: columnX[column] + shift, y: (k + 0.5) / ids.length, column });
    });
  }
  return { columns, columnX, positions };
}
