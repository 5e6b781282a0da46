import type { Frame } from "gymnasium-js";
import type { CircuitDescription, StepRecord } from "../../src/protocol/index.ts";

/** Sizes of an episode's rows. */
export interface EpisodeShape {
  /** observation numbers kept per row (D); 0 where observations are images */
  readonly numObs: number;
  /** neurons (H) */
  readonly numNeurons: number;
  /** motor neurons (M) */
  readonly numMotor: number;
  /** numbers per action: 1 for Discrete */
  readonly actionSize: number;
  readonly isDiscrete: boolean;
}

/** Names of what can be drawn over time, one number (or row of numbers) per step. */
export interface EpisodeColumns {
  /** [T, M] */
  readonly motor: Float32Array;
  /** [T, H] by neuron id */
  readonly state: Float32Array;
  /** [T, D] */
  readonly obs: Float32Array;
  /** [T, actionSize] */
  readonly action: Float32Array;
  /** [T, M] logits or means */
  readonly logits: Float32Array;
  readonly reward: Float32Array;
  readonly value: Float32Array;
  readonly elapsed: Float32Array;
}

/** An episode from its first to its last step, wherever it comes from. */
export interface Episode {
  readonly title: string;
  readonly envId: string;
  /** the world's own pace */
  readonly stepsPerSecond: number;
  readonly shape: EpisodeShape;
  readonly circuit: CircuitDescription | null;
  /** steps (T) */
  readonly length: number;
  readonly ended: "terminated" | "truncated" | null;
  readonly columns: EpisodeColumns;
  /** Step t without its picture; t is cut to the episode. */
  row(t: number): StepRecord;
  /** Step t with its picture. */
  record(t: number): StepRecord;
  /** The world before step t: enough to draw it. Throws where it was not kept. */
  snapshot(t: number): Uint8Array;
  /** The last step up to t whose snapshot holds the random streams too, so that the world can go on from there exactly. */
  restorePoint(t: number): number;
}

/** What is added to a tape per step. */
export type TapeRow = Pick<
  StepRecord,
  "obs" | "state" | "motor" | "action" | "logits" | "reward" | "value" | "elapsed"
>;

const NAMES = ["motor", "state", "obs", "action", "logits", "reward", "value", "elapsed"] as const;

/** An episode in memory that grows step by step. */
export class EpisodeTape implements Episode {
  readonly title: string;
  readonly envId: string;
  readonly stepsPerSecond: number;
  readonly shape: EpisodeShape;
  readonly circuit: CircuitDescription | null;
  readonly #draw: (snapshot: Uint8Array) => Frame | null;
  readonly #sizes: Readonly<Record<(typeof NAMES)[number], number>>;
  #buffers: Record<(typeof NAMES)[number], Float32Array>;
  #snapshots: Uint8Array[] = [];
  #returns: number[] = [];
  #capacity = 256;
  #ended: Episode["ended"] = null;

  constructor(
    about: Pick<Episode, "title" | "envId" | "stepsPerSecond" | "shape" | "circuit">,
    draw: (snapshot: Uint8Array) => Frame | null,
  ) {
    this.title = about.title;
    this.envId = about.envId;
    this.stepsPerSecond = about.stepsPerSecond;
    this.shape = about.shape;
    this.circuit = about.circuit;
    this.#draw = draw;
    const { numObs, numNeurons, numMotor, actionSize } = about.shape;
    this.#sizes = {
      motor: numMotor,
      state: numNeurons,
      obs: numObs,
      action: actionSize,
      logits: numMotor,
      reward: 1,
      value: 1,
      elapsed: 1,
    };
    this.#buffers = this.#allocate();
  }

  get length(): number {
    return this.#snapshots.length;
  }
  get ended(): Episode["ended"] {
    return this.#ended;
  }
  get columns(): EpisodeColumns {
    const cut = (name: (typeof NAMES)[number]): Float32Array =>
      this.#buffers[name].subarray(0, this.length * this.#sizes[name]);
    return {
      motor: cut("motor"),
      state: cut("state"),
      obs: cut("obs"),
      action: cut("action"),
      logits: cut("logits"),
      reward: cut("reward"),
      value: cut("value"),
      elapsed: cut("elapsed"),
    };
  }

  /** Adds a step; `snapshot` is the world before it. */
  push(row: TapeRow, snapshot: Uint8Array): void {
    if (this.length === this.#capacity) this.#grow();
    const t = this.length;
    for (const name of NAMES) {
      const value = row[name];
      if (typeof value === "number") this.#buffers[name][t] = value;
      else this.#buffers[name].set(value.subarray(0, this.#sizes[name]), t * this.#sizes[name]);
    }
    this.#snapshots.push(snapshot);
    this.#returns.push((this.#returns[t - 1] ?? 0) + row.reward);
  }

  end(how: Episode["ended"]): void {
    this.#ended = how;
  }

  restorePoint(t: number): number {
    return this.#clip(t);
  }

  snapshot(t: number): Uint8Array {
    return this.#snapshots[this.#clip(t)] ?? new Uint8Array();
  }

  record(t: number): StepRecord {
    return { ...this.row(t), scene: this.length === 0 ? null : this.#draw(this.snapshot(t)) };
  }

  row(t: number): StepRecord {
    const step = this.#clip(t);
    const row = (name: (typeof NAMES)[number]): Float32Array =>
      this.#buffers[name].subarray(step * this.#sizes[name], (step + 1) * this.#sizes[name]);
    const logits = row("logits");
    const isLast = step === this.length - 1;
    return {
      episode: 0,
      step,
      elapsed: row("elapsed")[0] ?? 1,
      reward: row("reward")[0] ?? 0,
      return: this.#returns[step] ?? 0,
      value: row("value")[0] ?? NaN,
      policyVersion: this.circuit?.policyVersion ?? 0,
      terminated: isLast && this.#ended === "terminated",
      truncated: isLast && this.#ended === "truncated",
      obs: row("obs"),
      state: row("state"),
      motor: row("motor"),
      action: row("action"),
      logits,
      probabilities: this.shape.isDiscrete ? softmax(logits) : new Float32Array(),
      scene: null,
    };
  }

  #clip(t: number): number {
    return Math.max(0, Math.min(this.length - 1, Math.floor(t)));
  }

  #allocate(): Record<(typeof NAMES)[number], Float32Array> {
    const make = (name: (typeof NAMES)[number]): Float32Array => new Float32Array(this.#capacity * this.#sizes[name]);
    return {
      motor: make("motor"),
      state: make("state"),
      obs: make("obs"),
      action: make("action"),
      logits: make("logits"),
      reward: make("reward"),
      value: make("value"),
      elapsed: make("elapsed"),
    };
  }

  #grow(): void {
    this.#capacity *= 2;
    const old = this.#buffers;
    this.#buffers = this.#allocate();
    for (const name of NAMES) this.#buffers[name].set(old[name]);
  }
}

/** Probabilities of logits; sums to 1. */
export function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logits.map((l) => Math.exp(l - largest));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / sum);
}
