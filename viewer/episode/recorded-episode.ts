import { computed, type ReadonlySignal } from "@preact/signals";
import { draw, make, type Frame } from "gymnasium-js";
import { describeCircuit } from "../../src/protocol/describe-circuit.ts";
import type { CircuitDescription, EpisodeAbout, EpisodeLayout, StepRecord } from "../../src/protocol/index.ts";
import { worldNames } from "../../src/protocol/world-names.ts";
import { parsePolicySpec } from "../../src/policy/policy-spec.ts";
import type { SavedPolicy } from "../../src/policy/saved-policy.ts";
import { sizeOf } from "../../src/recording/column.ts";
import type { RemoteFile } from "../source/backend.ts";
import { Blocks } from "./blocks.ts";
import { softmax, type Episode, type EpisodeColumns, type EpisodeShape } from "./episode.ts";
import { EpisodeFile, flagOf, floatsOf, type LayoutOf } from "./episode-file.ts";
import { frameOfPixels, frameOfPng, rgbOfPng } from "./picture-frame.ts";

/** Snapshots hold the random streams at every so many steps. */
const FULL_SNAPSHOT_EVERY = 64;
const MAX_KEPT_OBS = 512;
/** Columns up to this size are there from the beginning; larger ones come afterwards. */
const AT_ONCE_BYTES = 8 * 1024 * 1024;
/** Columns above this size are read row by row only. */
const MAX_COLUMN_BYTES = 128 * 1024 * 1024;
/** Small, so that a jump waits for little; playing fetches the next one ahead. */
const BLOCK_BYTES = 64 * 1024;

/** What an episode's file does not say itself. */
export interface RecordingContext {
  readonly title: string;
  readonly envId: string;
  readonly envArgs: Readonly<Record<string, unknown>>;
  readonly about: EpisodeAbout;
  /** the policy that acted, where it is at hand: gives the strengths of its synapses */
  readonly saved: SavedPolicy | null;
}

/** An opened recording. What is long may still be on its way: `whole` is the same episode with nothing missing. */
export interface OpenedRecording {
  readonly episode: Episode;
  readonly whole: Promise<Episode>;
}

type Numbers = LayoutOf<"numbers">;
const NAMES = ["motor", "state", "obs", "action", "logits", "reward", "value", "elapsed"] as const;
type Name = (typeof NAMES)[number];
type Columns = Record<Name, Float32Array>;

/** Opens a recorded episode, reading of its file what is shown first. Throws what is wrong with it, in words for people. */
export async function openRecording(
  layout: EpisodeLayout,
  remote: RemoteFile,
  context: RecordingContext,
): Promise<OpenedRecording> {
  const file = new EpisodeFile(layout, remote);
  const where = columnsOf(file);
  const sized = NAMES.filter((name) => (where[name]?.at[1] ?? 0) <= MAX_COLUMN_BYTES);
  const isSmall = (name: Name): boolean => (where[name]?.at[1] ?? 0) <= AT_ONCE_BYTES;
  const [first, ended] = await Promise.all([readColumns(file, where, sized.filter(isSmall)), howItEnded(file)]);
  const base = new Recording(file, where, context, ended);
  const later = sized.filter((name) => !isSmall(name));
  const episode = new RecordedEpisode(base, first);
  return {
    episode,
    whole:
      later.length === 0
        ? Promise.resolve(episode)
        : readColumns(file, where, later).then((more) => new RecordedEpisode(base, { ...first, ...more })),
  };
}

/** Where the columns that are drawn lie. */
function columnsOf(file: EpisodeFile): Record<Name, Numbers | null> {
  const numbers = (name: string): Numbers | null => file.column(name, "numbers");
  const obs = numbers("observations");
  const isDrawn = obs !== null && obs.type.startsWith("float") && sizeOf(obs.shape) <= MAX_KEPT_OBS;
  return {
    motor: numbers("infos.policy.motor"),
    state: numbers("infos.policy.state"),
    obs: isDrawn ? obs : null,
    action: numbers("actions"),
    logits: numbers("infos.policy.logits") ?? numbers("infos.policy.mean"),
    reward: numbers("rewards"),
    value: numbers("infos.policy.value"),
    elapsed: numbers("infos.elapsedTime"),
  };
}

async function readColumns(
  file: EpisodeFile,
  where: Record<Name, Numbers | null>,
  names: readonly Name[],
): Promise<Partial<Columns>> {
  const found = names.flatMap((name) => (where[name] === null ? [] : [{ name, column: where[name] }]));
  const parts = await file.parts(found.map(({ column }) => column.at));
  return Object.fromEntries(
    found.map(({ name, column }, i) => [name, floatsOf(column, parts[i] ?? new Uint8Array(), file.layout.numSteps)]),
  );
}

async function howItEnded(file: EpisodeFile): Promise<Episode["ended"]> {
  const [terminations, truncations] = await Promise.all(
    ["terminations", "truncations"].map(async (name) => {
      const column = file.column(name, "flags");
      const [bits] = column === null ? [] : await file.parts([column.at]);
      return bits !== undefined && flagOf(bits, file.layout.numSteps - 1);
    }),
  );
  return terminations === true ? "terminated" : truncations === true ? "truncated" : null;
}

/** What stays the same while more of a recording comes in. */
class Recording {
  readonly #file: EpisodeFile;
  readonly context: RecordingContext;
  readonly shape: EpisodeShape;
  readonly circuit: CircuitDescription | null;
  readonly stepsPerSecond: number;
  readonly ended: Episode["ended"];
  readonly numSteps: number;
  readonly snapshots: Blocks<Uint8Array> | null;
  readonly pictures: Blocks<Frame> | null;
  /** states row by row, until (and unless) they are there as a column */
  readonly states: Blocks<Float32Array> | null;

  constructor(
    file: EpisodeFile,
    where: Record<Name, Numbers | null>,
    context: RecordingContext,
    ended: Episode["ended"],
  ) {
    const widthOf = (column: Numbers | null): number => (column === null ? 0 : sizeOf(column.shape));
    const { action } = where;
    this.#file = file;
    this.context = context;
    this.ended = ended;
    this.numSteps = file.layout.numSteps;
    this.shape = {
      numObs: widthOf(where.obs),
      numNeurons: widthOf(where.state),
      numMotor: widthOf(where.motor),
      actionSize: Math.max(1, widthOf(action)),
      isDiscrete: action?.type.includes("int") === true && action.shape.length === 0,
    };
    this.circuit = circuitOf(context);
    const pace = paceOf(context);
    this.stepsPerSecond = pace ?? 50;
    this.snapshots = snapshotsOf(file);
    this.pictures = this.snapshots === null || pace === null ? picturesOf(file) : null;
    this.states = where.state === null ? null : rowsOf(file, where.state);
  }

  async obsBytes(t: number): Promise<Uint8Array | null> {
    const png = this.#file.column("observations", "bytes");
    if (png !== null) {
      const [bytes = new Uint8Array()] = await this.#file.byteStrings(png, t, 1);
      return rgbOfPng(bytes.slice());
    }
    const raw = this.#file.column("observations", "numbers");
    if (raw === null || raw.type !== "uint8") return null;
    const size = sizeOf(raw.shape);
    const [part = new Uint8Array()] = await this.#file.parts([[raw.at[0] + t * size, size]]);
    return part;
  }

  draw(snapshot: Uint8Array): Frame | null {
    return draw(this.context.envId, snapshot, this.context.envArgs);
  }
}

class RecordedEpisode implements Episode {
  readonly begins = 0;
  readonly columns: EpisodeColumns;
  readonly loaded: ReadonlySignal<number>;
  readonly #base: Recording;
  readonly #returns: Float64Array;

  constructor(base: Recording, columns: Partial<Columns>) {
    const T = base.numSteps;
    const column = (name: Name, filler?: number): Float32Array =>
      columns[name] ?? (filler === undefined ? new Float32Array() : new Float32Array(T).fill(filler));
    this.#base = base;
    this.columns = {
      motor: column("motor"),
      state: column("state"),
      obs: column("obs"),
      action: column("action"),
      logits: column("logits"),
      reward: column("reward", 0),
      value: column("value", NaN),
      elapsed: column("elapsed", 1),
    };
    this.#returns = runningSum(this.columns.reward);
    const { snapshots, pictures, states } = base;
    this.loaded = computed(
      () => (snapshots?.changed.value ?? 0) + (pictures?.changed.value ?? 0) + (states?.changed.value ?? 0),
    );
  }

  get title(): string {
    return this.#base.context.title;
  }
  get envId(): string {
    return this.#base.context.envId;
  }
  get stepsPerSecond(): number {
    return this.#base.stepsPerSecond;
  }
  get shape(): EpisodeShape {
    return this.#base.shape;
  }
  get circuit(): CircuitDescription | null {
    return this.#base.circuit;
  }
  get length(): number {
    return this.#base.numSteps;
  }
  get ended(): Episode["ended"] {
    return this.#base.ended;
  }

  restorePoint(t: number): number {
    return Math.floor(this.#clip(t) / FULL_SNAPSHOT_EVERY) * FULL_SNAPSHOT_EVERY;
  }

  async snapshot(t: number): Promise<Uint8Array> {
    const bytes = await this.#base.snapshots?.load(this.#clip(t));
    if (bytes === undefined || bytes.length === 0) throw new Error(`step ${t} was recorded without the world's state`);
    return bytes;
  }

  obsBytes(t: number): Promise<Uint8Array | null> {
    return this.#base.obsBytes(this.#clip(t));
  }

  /** Worlds that lose pictures show the last one again: their policies got something at every step. */
  isMissed(): boolean {
    return false;
  }

  isPictureComing(t: number): boolean {
    return (this.#base.pictures ?? this.#base.snapshots)?.has(this.#clip(t)) === false;
  }

  row(t: number): StepRecord {
    const step = this.#clip(t);
    const { numObs, numMotor, actionSize, isDiscrete } = this.shape;
    const { columns } = this;
    const cut = (data: Float32Array, size: number): Float32Array => data.subarray(step * size, (step + 1) * size);
    const logits = cut(columns.logits, numMotor);
    const isLast = step === this.length - 1;
    return {
      episode: 0,
      step,
      elapsed: columns.elapsed[step] ?? 1,
      reward: columns.reward[step] ?? 0,
      return: this.#returns[step] ?? 0,
      value: columns.value[step] ?? NaN,
      policyVersion: 0,
      terminated: isLast && this.ended === "terminated",
      truncated: isLast && this.ended === "truncated",
      obs: cut(columns.obs, numObs),
      state: this.#stateAt(step),
      motor: cut(columns.motor, numMotor),
      action: cut(columns.action, actionSize),
      logits,
      probabilities: isDiscrete && logits.length > 0 ? softmax(logits) : new Float32Array(),
      scene: null,
    };
  }

  record(t: number): StepRecord {
    return { ...this.row(t), scene: this.#sceneAt(this.#clip(t)) };
  }

  #sceneAt(step: number): Frame | null {
    if (this.#base.pictures !== null) return this.#base.pictures.get(step) ?? null;
    const snapshot = this.#base.snapshots?.get(step);
    return snapshot === undefined || snapshot.length === 0 ? null : this.#base.draw(snapshot);
  }

  #stateAt(step: number): Float32Array {
    const { numNeurons } = this.shape;
    if (this.columns.state.length > 0) return this.columns.state.subarray(step * numNeurons, (step + 1) * numNeurons);
    return this.#base.states?.get(step) ?? new Float32Array(numNeurons);
  }

  #clip(t: number): number {
    return Math.max(0, Math.min(this.length - 1, Math.floor(t)));
  }
}

/** Rows that make a block of about `BLOCK_BYTES`. */
const rowsPerBlock = (rowBytes: number): number =>
  Math.max(8, Math.min(8192, Math.floor(BLOCK_BYTES / Math.max(1, rowBytes))));

function snapshotsOf(file: EpisodeFile): Blocks<Uint8Array> | null {
  const column = file.column("infos.snapshot", "bytes");
  const R = file.layout.numSteps + 1;
  if (column === null || column.at[1] === 0) return null;
  return new Blocks(R, rowsPerBlock(column.at[1] / R), (first, count) => file.byteStrings(column, first, count));
}

function rowsOf(file: EpisodeFile, column: Numbers): Blocks<Float32Array> {
  const size = sizeOf(column.shape);
  const rowBytes = column.at[1] / (file.layout.numSteps + 1);
  return new Blocks(file.layout.numSteps, rowsPerBlock(rowBytes), async (first, count) => {
    const [part = new Uint8Array()] = await file.parts([[column.at[0] + first * rowBytes, count * rowBytes]]);
    const values = floatsOf(column, part, count);
    return Array.from({ length: count }, (_, i) => values.subarray(i * size, (i + 1) * size));
  });
}

/** What the camera saw, where the world itself cannot be drawn. */
function picturesOf(file: EpisodeFile): Blocks<Frame> | null {
  const R = file.layout.numSteps + 1;
  const png = file.column("observations", "bytes");
  if (png !== null)
    return new Blocks(R, rowsPerBlock(png.at[1] / R), async (first, count) =>
      Promise.all((await file.byteStrings(png, first, count)).map((bytes) => frameOfPng(bytes.slice()))),
    );
  const raw = file.column("observations", "numbers");
  if (raw === null || raw.type !== "uint8" || raw.shape.length < 2 || raw.shape.length > 3) return null;
  const size = sizeOf(raw.shape);
  return new Blocks(R, rowsPerBlock(size), async (first, count) => {
    const [part = new Uint8Array()] = await file.parts([[raw.at[0] + first * size, count * size]]);
    return Array.from({ length: count }, (_, i) => frameOfPixels(part.subarray(i * size, (i + 1) * size), raw.shape));
  });
}

function runningSum(rewards: Float32Array): Float64Array {
  const sums = new Float64Array(rewards.length);
  let sum = 0;
  for (let t = 0; t < rewards.length; t++) sums[t] = sum += rewards[t]!;
  return sums;
}

/** With the policy at hand synapses have their strengths; with its description alone all are drawn alike. */
function circuitOf({ about, saved, envId }: RecordingContext): CircuitDescription | null {
  const names = worldNames(envId);
  if (saved !== null) return describeCircuit(saved, 0, names);
  const spec = about.elegans?.policySpec;
  if (spec === undefined) return null;
  const parsed = parsePolicySpec(JSON.stringify(spec));
  return describeCircuit({ spec: parsed, tensors: [] }, 0, names);
}

/** Steps per second of the world; null for a world that this page does not know. */
function paceOf({ envId, envArgs }: RecordingContext): number | null {
  try {
    const env = make(envId, envArgs);
    env.close();
    return env.metadata.renderFps;
  } catch {
    return null;
  }
}
