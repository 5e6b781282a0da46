import { signal, type ReadonlySignal } from "@preact/signals";
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
  /** first step that was decided in this episode: those before it were taken from another one */
  readonly begins: number;
  readonly columns: EpisodeColumns;
  /** grows when more of a recording has come in: a picture that was not there may be there now */
  readonly loaded: ReadonlySignal<number>;
  /** Step t without its picture; t is cut to the episode. */
  row(t: number): StepRecord;
  /** Step t with its picture; without, while it is still on its way. */
  record(t: number): StepRecord;
  /** Whether the picture of step t is still on its way. */
  isPictureComing(t: number): boolean;
  /** The world before step t: enough to draw it. Rejects where it was not kept. */
  snapshot(t: number): Promise<Uint8Array>;
  /** The observation of step t where it is bytes (an image), or null where those were not kept. */
  obsBytes(t: number): Promise<Uint8Array | null>;
  /** Whether the observation of step t never arrived, so that the action before it was repeated. */
  isMissed(t: number): boolean;
  /** The last step up to t whose snapshot holds the random streams too, so that the world can go on from there exactly. */
  restorePoint(t: number): number;
}

/** What is added to a tape per step. */
export type TapeRow = Pick<
  StepRecord,
  "obs" | "state" | "motor" | "action" | "logits" | "reward" | "value" | "elapsed"
>;

const NAMES = ["motor", "state", "obs", "action", "logits", "reward", "value", "elapsed"] as const;

const NOTHING_TO_COME: ReadonlySignal<number> = signal(0);

/** An episode in memory that grows step by step. */
export class EpisodeTape implements Episode {
  readonly loaded: ReadonlySignal<number> = NOTHING_TO_COME;
  readonly title: string;
  readonly envId: string;
  readonly stepsPerSecond: number;
  readonly shape: EpisodeShape;
  readonly circuit: CircuitDescription | null;
  readonly #draw: (snapshot: Uint8Array) => Frame | null;
  readonly #sizes: Readonly<Record<(typeof NAMES)[number], number>>;
  #buffers: Record<(typeof NAMES)[number], Float32Array>;
  /** the episode that the first steps were taken from, and how many */
  #head: { readonly episode: Episode; readonly length: number } | null = null;
  #snapshots: Uint8Array[] = [];
  #firstObs: Uint8Array | null = null;
  readonly #missed = new Set<number>();
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
    return this.#returns.length;
  }
  get ended(): Episode["ended"] {
    return this.#ended;
  }
  get begins(): number {
    return this.#head?.length ?? 0;
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

  /** Begins with the first `length` steps of an episode; only while this one is empty. */
  beginWith(episode: Episode, length: number): void {
    for (let t = 0; t < length; t++) this.#add(episode.row(t));
    this.#head = { episode, length };
  }

  /** Keeps what is seen at the first step of its own: all later pictures follow from actions, this one follows from none. */
  keepFirstObs(obs: Float32Array | Uint8Array): void {
    this.#firstObs = obs instanceof Uint8Array ? obs.slice() : null;
  }

  /** Adds a step; `snapshot` is the world before it. */
  push(row: TapeRow, snapshot: Uint8Array, isMissed = false): void {
    if (isMissed) this.#missed.add(this.length);
    this.#add(row);
    this.#snapshots.push(snapshot);
  }

  #add(row: TapeRow): void {
    if (this.length === this.#capacity) this.#grow();
    const t = this.length;
    for (const name of NAMES) {
      const value = row[name];
      if (typeof value === "number") this.#buffers[name][t] = value;
      else this.#buffers[name].set(value.subarray(0, this.#sizes[name]), t * this.#sizes[name]);
    }
    this.#returns.push((this.#returns[t - 1] ?? 0) + row.reward);
  }

  end(how: Episode["ended"]): void {
    this.#ended = how;
  }

  isPictureComing(t: number): boolean {
    const step = this.#clip(t);
    return this.#headAt(step)?.isPictureComing(step) ?? false;
  }

  restorePoint(t: number): number {
    const step = this.#clip(t);
    return this.#headAt(step)?.restorePoint(step) ?? step;
  }

  async snapshot(t: number): Promise<Uint8Array> {
    const head = this.#headAt(this.#clip(t));
    return head === null ? this.#ownSnapshot(t) : head.snapshot(t);
  }

  async obsBytes(t: number): Promise<Uint8Array | null> {
    const head = this.#headAt(this.#clip(t));
    if (head !== null) return head.obsBytes(t);
    return t === this.begins ? this.#firstObs : null;
  }

  isMissed(t: number): boolean {
    const step = this.#clip(t);
    return this.#headAt(step)?.isMissed(step) ?? this.#missed.has(step);
  }

  record(t: number): StepRecord {
    const head = this.#headAt(this.#clip(t));
    if (head !== null) return { ...this.row(t), scene: head.record(t).scene };
    return { ...this.row(t), scene: this.length === 0 ? null : this.#draw(this.#ownSnapshot(t)) };
  }

  #headAt(step: number): Episode | null {
    return this.#head !== null && step < this.#head.length ? this.#head.episode : null;
  }

  #ownSnapshot(t: number): Uint8Array {
    return this.#snapshots[this.#clip(t) - this.begins] ?? new Uint8Array();
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
