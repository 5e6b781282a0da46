import { draw, make } from "gymnasium-js";
import { describeCircuit } from "../../src/protocol/describe-circuit.ts";
import type { CircuitDescription, EpisodeAbout, StepRecord } from "../../src/protocol/index.ts";
import { worldNames } from "../../src/protocol/world-names.ts";
import { parsePolicySpec } from "../../src/policy/policy-spec.ts";
import type { SavedPolicy } from "../../src/policy/saved-policy.ts";
import { decodeEpisode } from "../../src/recording/decode-episode.ts";
import type { Column, EpisodeTable } from "../../src/recording/column.ts";
import { softmax, type Episode, type EpisodeColumns, type EpisodeShape } from "./episode.ts";

/** Snapshots hold the random streams at every so many steps. */
const FULL_SNAPSHOT_EVERY = 64;
const MAX_KEPT_OBS = 512;

/** What an episode's file does not say itself. */
export interface RecordingContext {
  readonly title: string;
  readonly envId: string;
  readonly envArgs: Readonly<Record<string, unknown>>;
  readonly about: EpisodeAbout;
  /** the policy that acted, where the server has it: gives the strengths of its synapses */
  readonly saved: SavedPolicy | null;
}

/** Reads a recorded episode from its Arrow file. Throws FormatError saying what is wrong with it. */
export function openRecording(bytes: Uint8Array, context: RecordingContext): Episode {
  return new RecordedEpisode(decodeEpisode(bytes), context);
}

type NumberColumn = Column & { readonly kind: "numbers" };

class RecordedEpisode implements Episode {
  readonly title: string;
  readonly envId: string;
  readonly stepsPerSecond: number;
  readonly shape: EpisodeShape;
  readonly circuit: CircuitDescription | null;
  readonly length: number;
  readonly ended: Episode["ended"];
  readonly columns: EpisodeColumns;
  readonly #context: RecordingContext;
  readonly #snapshots: readonly (Uint8Array | null)[];
  readonly #returns: Float64Array;

  constructor(table: EpisodeTable, context: RecordingContext) {
    const T = table.numSteps;
    const infos = groupOf(table.columns.get("infos"));
    const policy = groupOf(infos.get("policy"));
    const obs = numbersOf(table.columns.get("observations"));
    const action = numbersOf(table.columns.get("actions"));
    const state = numbersOf(policy.get("state"));
    const motor = numbersOf(policy.get("motor"));
    const isDiscrete = action?.type.includes("int") === true && action.shape.length === 0;
    const numObs = obs !== null && obs.type.startsWith("float") && widthOf(obs) <= MAX_KEPT_OBS ? widthOf(obs) : 0;
    this.title = context.title;
    this.envId = context.envId;
    this.stepsPerSecond = paceOf(context);
    this.length = T;
    this.#context = context;
    this.shape = {
      numObs,
      numNeurons: widthOf(state),
      numMotor: widthOf(motor),
      actionSize: Math.max(1, widthOf(action)),
      isDiscrete,
    };
    const flags = (name: string): Uint8Array => {
      const column = table.columns.get(name);
      return column?.kind === "flags" ? column.data : new Uint8Array(T + 1);
    };
    this.ended =
      flags("terminations")[T - 1] === 1 ? "terminated" : flags("truncations")[T - 1] === 1 ? "truncated" : null;
    this.columns = {
      motor: floats(motor, T),
      state: floats(state, T),
      obs: numObs > 0 ? floats(obs, T) : new Float32Array(),
      action: floats(action, T),
      logits: floats(numbersOf(policy.get(isDiscrete ? "logits" : "mean")), T),
      reward: floats(numbersOf(table.columns.get("rewards")), T),
      value: filled(floats(numbersOf(policy.get("value")), T), T, NaN),
      elapsed: filled(floats(numbersOf(infos.get("elapsedTime")), T), T, 1),
    };
    const snapshot = infos.get("snapshot");
    this.#snapshots = snapshot?.kind === "bytes" ? snapshot.values : [];
    this.#returns = runningSum(this.columns.reward);
    this.circuit = circuitOf(context);
  }

  restorePoint(t: number): number {
    return Math.floor(this.#clip(t) / FULL_SNAPSHOT_EVERY) * FULL_SNAPSHOT_EVERY;
  }

  snapshot(t: number): Uint8Array {
    const bytes = this.#snapshots[this.#clip(t)];
    if (bytes === undefined || bytes === null) throw new Error(`step ${t} was recorded without the world's state`);
    return bytes;
  }

  row(t: number): StepRecord {
    const step = this.#clip(t);
    const { numObs, numNeurons, numMotor, actionSize, isDiscrete } = this.shape;
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
      state: cut(columns.state, numNeurons),
      motor: cut(columns.motor, numMotor),
      action: cut(columns.action, actionSize),
      logits,
      probabilities: isDiscrete && logits.length > 0 ? softmax(logits) : new Float32Array(),
      scene: null,
    };
  }

  record(t: number): StepRecord {
    const bytes = this.#snapshots[this.#clip(t)] ?? null;
    return { ...this.row(t), scene: bytes === null ? null : draw(this.envId, bytes, this.#context.envArgs) };
  }

  #clip(t: number): number {
    return Math.max(0, Math.min(this.length - 1, Math.floor(t)));
  }
}

const groupOf = (column: Column | undefined): ReadonlyMap<string, Column> =>
  column?.kind === "group" ? column.columns : new Map();
const numbersOf = (column: Column | undefined): NumberColumn | null => (column?.kind === "numbers" ? column : null);
const widthOf = (column: NumberColumn | null): number =>
  column === null ? 0 : column.shape.reduce((a, b) => a * b, 1);

/** The first T rows as float32: a view where they are already. */
function floats(column: NumberColumn | null, T: number): Float32Array {
  if (column === null) return new Float32Array();
  const length = T * widthOf(column);
  if (column.data instanceof Float32Array) return column.data.subarray(0, length);
  return Float32Array.from({ length }, (_, i) => Number(column.data[i]));
}

const filled = (data: Float32Array, T: number, value: number): Float32Array =>
  data.length > 0 ? data : new Float32Array(T).fill(value);

function runningSum(rewards: Float32Array): Float64Array {
  const sums = new Float64Array(rewards.length);
  let sum = 0;
  rewards.forEach((r, t) => (sums[t] = sum += r));
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

/** A world that this page does not know is replayed at the usual pace. */
function paceOf({ envId, envArgs }: RecordingContext): number {
  try {
    const env = make(envId, envArgs);
    env.close();
    return env.metadata.renderFps;
  } catch {
    return 50;
  }
}
