import type { StepRecord } from "../../src/protocol/index.ts";

/** Kinds of numbers that are kept of every step. */
export const TRACE_KINDS = ["motor", "probability", "value", "reward", "return", "obs", "neuron"] as const;
/** A kind of numbers. */
export type TraceKind = (typeof TRACE_KINDS)[number];

/** A stretch of history, oldest first, ready to be drawn. */
export interface HistoryWindow {
  /** running number of the step; grows over episode borders */
  readonly time: readonly number[];
  /** one column per number asked for */
  readonly columns: readonly (readonly (number | null)[])[];
  /** chosen index (Discrete) or first component (Box) */
  readonly action: readonly number[];
  /** times at which an episode began */
  readonly episodeStarts: readonly number[];
}

/** More numbers of a kind than this are not kept. */
const MAX_KEPT: Readonly<Record<TraceKind, number>> = {
  motor: 64,
  probability: 64,
  value: 1,
  reward: 1,
  return: 1,
  obs: 32,
  neuron: 256,
};

/** The last steps that were seen, in rings of fixed size. */
export class StepHistory {
  readonly capacity: number;
  readonly #time: Float64Array;
  readonly #action: Float32Array;
  readonly #episode: Float64Array;
  /** [capacity, sum of counts] */
  #rows = new Float32Array();
  #counts: Readonly<Record<TraceKind, number>> = countsOf(null);
  #length = 0;
  #next = 0;
  #last: { readonly episode: number; readonly step: number; readonly time: number } | null = null;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.#time = new Float64Array(capacity);
    this.#action = new Float32Array(capacity);
    this.#episode = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }
  /** Running number of the newest step, 0 before the first. */
  get now(): number {
    return this.#last?.time ?? 0;
  }
  /** How many numbers of each kind are kept. */
  get counts(): Readonly<Record<TraceKind, number>> {
    return this.#counts;
  }

  /** Forgets everything. */
  clear(): void {
    this.#length = this.#next = 0;
    this.#last = null;
  }

  push(record: StepRecord): void {
    const counts = countsOf(record);
    if (TRACE_KINDS.some((kind) => counts[kind] !== this.#counts[kind])) {
      this.clear();
      this.#counts = counts;
      this.#rows = new Float32Array(this.capacity * this.#width);
    }
    const time = this.#timeOf(record);
    const i = this.#next;
    this.#time[i] = time;
    this.#episode[i] = record.episode;
    this.#action[i] = record.action[0] ?? 0;
    let at = i * this.#width;
    for (const kind of TRACE_KINDS) {
      const numbers = numbersOf(record, kind);
      for (let k = 0; k < counts[kind]; k++) this.#rows[at++] = numbers[k] ?? NaN;
    }
    this.#next = (i + 1) % this.capacity;
    this.#length = Math.min(this.#length + 1, this.capacity);
    this.#last = { episode: record.episode, step: record.step, time };
  }

  /** The steps with time in (to - width, to], with some columns: [kind, index] each. What is not a number becomes null. */
  window(width: number, columns: readonly (readonly [TraceKind, number])[], to = this.now): HistoryWindow {
    const offsets = columns.map(([kind, index]) => this.#offsetOf(kind) + index);
    const found = {
      time: [] as number[],
      action: [] as number[],
      columns: columns.map((): (number | null)[] => []),
      episodeStarts: [] as number[],
    };
    let previousEpisode: number | undefined;
    for (let k = this.#length; k >= 1; k--) {
      const i = (this.#next - k + this.capacity) % this.capacity;
      const t = this.#time[i] ?? 0;
      if (t <= to - width) continue;
      if (t > to) break;
      const episode = this.#episode[i] ?? 0;
      if (previousEpisode !== undefined && episode !== previousEpisode) found.episodeStarts.push(t);
      previousEpisode = episode;
      found.time.push(t);
      found.action.push(this.#action[i] ?? 0);
      offsets.forEach((offset, c) => {
        const value = this.#rows[i * this.#width + offset] ?? NaN;
        found.columns[c]?.push(Number.isNaN(value) ? null : value);
      });
    }
    return found;
  }

  get #width(): number {
    return TRACE_KINDS.reduce((sum, kind) => sum + this.#counts[kind], 0);
  }

  #offsetOf(wanted: TraceKind): number {
    return TRACE_KINDS.slice(0, TRACE_KINDS.indexOf(wanted)).reduce((sum, kind) => sum + this.#counts[kind], 0);
  }

  /** Steps left out by the server leave a gap of their true length. */
  #timeOf({ episode, step }: StepRecord): number {
    if (this.#last === null) return step;
    const sameEpisode = episode === this.#last.episode && step > this.#last.step;
    return this.#last.time + (sameEpisode ? step - this.#last.step : step + 1);
  }
}

function countsOf(record: StepRecord | null): Record<TraceKind, number> {
  const count = (kind: TraceKind): number =>
    record === null ? 0 : Math.min(MAX_KEPT[kind], numbersOf(record, kind).length);
  return {
    motor: count("motor"),
    probability: count("probability"),
    value: count("value"),
    reward: count("reward"),
    return: count("return"),
    obs: count("obs"),
    neuron: count("neuron"),
  };
}

function numbersOf(record: StepRecord, kind: TraceKind): ArrayLike<number> {
  switch (kind) {
    case "motor":
      return record.motor;
    case "probability":
      return record.probabilities;
    case "value":
      return [record.value];
    case "reward":
      return [record.reward];
    case "return":
      return [record.return];
    case "obs":
      return record.obs;
    case "neuron":
      return record.state;
    default:
      return kind satisfies never;
  }
}

/** Everything kept, as comma-separated values with a header, one line per step. */
export function historyCsv(history: StepHistory): string {
  const columns = TRACE_KINDS.flatMap((kind) =>
    Array.from({ length: history.counts[kind] }, (_, k) => [kind, k] as const),
  );
  const { time, action, columns: values } = history.window(Infinity, columns);
  const single = (kind: TraceKind): boolean => history.counts[kind] === 1 && kind !== "motor" && kind !== "obs";
  const header = ["time", "action", ...columns.map(([kind, k]) => (single(kind) ? kind : `${kind}_${k}`))].join(",");
  const lines = time.map((t, i) => [t, action[i], ...values.map((column) => column[i] ?? "")].join(","));
  return [header, ...lines, ""].join("\n");
}
