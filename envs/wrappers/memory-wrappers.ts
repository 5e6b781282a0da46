import type { Env, Info, ResetOptions } from "../env.ts";
import { ValueError } from "../errors.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { readValue, writeValue } from "../snapshot/value-bytes.ts";
import { batchSpace, concatenate, createEmptyArray, iterate } from "../spaces/batch-space.ts";
import { Box } from "../spaces/box.ts";
import { Dict } from "../spaces/dict.ts";
import type { DictValue } from "../spaces/dict.ts";
import { flatten, flattenSpace } from "../spaces/flatten.ts";
import type { Space } from "../spaces/space.ts";
import { Tuple } from "../spaces/tuple.ts";
import { Wrapper } from "./wrapper.ts";

/** The last `stackSize` observations on a new leading axis, oldest first. Before there are as many: copies of the first, zeros, or a given one. */
export class FrameStackObservation extends Wrapper {
  readonly #size: number;
  readonly #padding: unknown;
  #frames: unknown[] = [];

  /** `paddingType`: "reset", "zero", or an observation. Throws TypeError or ValueError on wrong arguments. */
  constructor(env: Env, stackSize: number, paddingType: unknown = "reset") {
    super(env, { stackSize, paddingType });
    if (!Number.isInteger(stackSize))
      throw new TypeError(`FrameStackObservation: got stackSize ${String(stackSize)}, expected an integer`);
    if (stackSize < 1) throw new ValueError(`FrameStackObservation: got stackSize ${stackSize}, expected at least 1`);
    const inner = env.observationSpace;
    const isKnown = paddingType === "reset" || paddingType === "zero" || inner.contains(paddingType);
    if (!isKnown)
      throw new ValueError(
        `FrameStackObservation: got padding ${String(paddingType)}, expected reset, zero or an observation`,
      );
    this.#size = stackSize;
    this.#padding = paddingType === "zero" ? zeroValue(inner) : paddingType;
    this.observationSpace = batchSpace(inner, stackSize);
  }

  override get layer(): string {
    return "FrameStackObservation";
  }

  override reset(options?: ResetOptions): [unknown, Info] {
    const [obs, info] = this.env.reset(options);
    const padding = this.#padding === "reset" ? obs : this.#padding;
    this.#frames = [...Array.from({ length: this.#size - 1 }, () => padding), obs];
    return [concatenate(this.env.observationSpace, this.#frames), info];
  }

  override step(action: unknown): [unknown, number, boolean, boolean, Info] {
    const [obs, reward, terminated, truncated, info] = this.env.step(action);
    this.#frames = [...this.#frames.slice(1), obs];
    return [concatenate(this.env.observationSpace, this.#frames), reward, terminated, truncated, info];
  }

  protected override save(writer: ByteWriter): void {
    writeAll(writer, this.env.observationSpace, this.#frames);
  }

  protected override load(reader: ByteReader): () => void {
    const frames = readAll(reader, this.env.observationSpace);
    return () => {
      this.#frames = frames;
    };
  }
}

/** Shows each observation `delay` steps late; until then zeros. */
export class DelayObservation extends Wrapper {
  readonly #delay: number;
  #queue: unknown[] = [];

  /** Throws TypeError or ValueError unless `delay` is an integer of at least 0. */
  constructor(env: Env, delay: number) {
    super(env, { delay });
    if (!Number.isInteger(delay))
      throw new TypeError(`DelayObservation: got delay ${String(delay)}, expected an integer`);
    if (delay < 0) throw new ValueError(`DelayObservation: got delay ${delay}, expected at least 0`);
    this.#delay = delay;
  }

  override get layer(): string {
    return "DelayObservation";
  }

  override reset(options?: ResetOptions): [unknown, Info] {
    this.#queue = [];
    const [obs, info] = this.env.reset(options);
    return [this.#pass(obs), info];
  }

  override step(action: unknown): [unknown, number, boolean, boolean, Info] {
    const [obs, reward, terminated, truncated, info] = this.env.step(action);
    return [this.#pass(obs), reward, terminated, truncated, info];
  }

  protected override save(writer: ByteWriter): void {
    writeAll(writer, this.env.observationSpace, this.#queue);
  }

  protected override load(reader: ByteReader): () => void {
    const queue = readAll(reader, this.env.observationSpace);
    return () => {
      this.#queue = queue;
    };
  }

  #pass(obs: unknown): unknown {
    this.#queue.push(obs);
    return this.#queue.length > this.#delay ? this.#queue.shift() : zeroValue(this.env.observationSpace);
  }
}

/** Elementwise maximum of the last two of `skip` steps under one action; rewards add up. */
export class MaxAndSkipObservation extends Wrapper {
  readonly #skip: number;
  readonly #box: Box;
  readonly #frames: [Float64Array, Float64Array];

  /** Throws TypeError unless observations are a Box and `skip` an integer, ValueError unless it is at least 2. */
  constructor(env: Env, skip = 4) {
    super(env, { skip });
    if (!Number.isInteger(skip))
      throw new TypeError(`MaxAndSkipObservation: got skip ${String(skip)}, expected an integer`);
    if (skip < 2) throw new ValueError(`MaxAndSkipObservation: got skip ${skip}, expected at least 2`);
    if (!(env.observationSpace instanceof Box)) {
      throw new TypeError(`MaxAndSkipObservation: got ${String(env.observationSpace)}, expected a Box`);
    }
    this.#skip = skip;
    this.#box = env.observationSpace;
    this.#frames = [new Float64Array(this.#box.size), new Float64Array(this.#box.size)];
  }

  override get layer(): string {
    return "MaxAndSkipObservation";
  }

  override step(action: unknown): [unknown, number, boolean, boolean, Info] {
    let [total, terminated, truncated]: [number, boolean, boolean] = [0, false, false];
    let info: Info = {};
    for (let i = 0; i < this.#skip && !terminated && !truncated; i++) {
      const step = this.env.step(action);
      if (i >= this.#skip - 2) this.#frames[(i - this.#skip + 2) as 0 | 1].set(step[0] as ArrayLike<number>);
      total += step[1];
      [terminated, truncated, info] = [step[2], step[3], step[4]];
    }
    const obs = this.#box.zeros();
    for (let k = 0; k < this.#box.size; k++) obs[k] = Math.max(this.#frames[0][k]!, this.#frames[1][k]!);
    return [obs, total, terminated, truncated, info];
  }

  protected override save(writer: ByteWriter): void {
    for (const frame of this.#frames) writer.float64s(frame);
  }

  protected override load(reader: ByteReader): () => void {
    const frames = this.#frames.map((frame) => {
      const values = new Float64Array(frame.length);
      reader.float64s(values);
      return values;
    });
    return () => {
      for (const [i, frame] of this.#frames.entries()) frame.set(frames[i]!);
    };
  }
}

/** Options of `TimeAwareObservation`. */
export interface TimeAwareOptions {
  /** One flat array (default), or a Dict of observation and time. */
  readonly flatten?: boolean;
  /** Time in 0 to 1 (float32) rather than in steps (int32). */
  readonly normalizeTime?: boolean;
  readonly dictTimeKey?: string;
}

/** Adds the number of steps since the reset to the observation. */
export class TimeAwareObservation extends Wrapper {
  readonly #space: Dict | Tuple;
  readonly #options: Required<TimeAwareOptions>;
  readonly #limit: number;
  #steps = 0;

  /** Throws ValueError unless the env has a time limit. */
  constructor(
    env: Env,
    { flatten: isFlat = true, normalizeTime = false, dictTimeKey = "time" }: TimeAwareOptions = {},
  ) {
    super(env, { flatten: isFlat, normalizeTime, dictTimeKey });
    const limit = env.spec?.maxEpisodeSteps ?? null;
    if (limit === null)
      throw new ValueError("TimeAwareObservation: the env has no time limit (TimeLimit or maxEpisodeSteps)");
    this.#limit = limit;
    this.#options = { flatten: isFlat, normalizeTime, dictTimeKey };
    const time = normalizeTime ? new Box(0, 1) : new Box(0, limit, { dtype: "int32" });
    this.#space = joinTime(env.observationSpace, time, dictTimeKey);
    this.observationSpace = isFlat ? flattenSpace(this.#space) : this.#space;
  }

  override get layer(): string {
    return "TimeAwareObservation";
  }

  override reset(options?: ResetOptions): [unknown, Info] {
    const [obs, info] = this.env.reset(options);
    this.#steps = 0;
    return [this.#join(obs), info];
  }

  override step(action: unknown): [unknown, number, boolean, boolean, Info] {
    const [obs, reward, terminated, truncated, info] = this.env.step(action);
    this.#steps++;
    return [this.#join(obs), reward, terminated, truncated, info];
  }

  protected override save(writer: ByteWriter): void {
    writer.uint32(this.#steps);
  }

  protected override load(reader: ByteReader): () => void {
    const steps = reader.uint32();
    return () => {
      this.#steps = steps;
    };
  }

  #join(obs: unknown): unknown {
    const { flatten: isFlat, normalizeTime, dictTimeKey } = this.#options;
    const time = normalizeTime ? Float32Array.of(this.#steps / this.#limit) : Int32Array.of(this.#steps);
    const inner = this.env.observationSpace;
    let joined: unknown = { obs, [dictTimeKey]: time };
    if (inner instanceof Dict) joined = { ...(obs as DictValue), [dictTimeKey]: time };
    if (inner instanceof Tuple) joined = [...(obs as readonly unknown[]), time];
    return isFlat ? flatten(this.#space, joined) : joined;
  }
}

function joinTime(inner: Space<unknown>, time: Box, key: string): Dict | Tuple {
  if (inner instanceof Tuple) return new Tuple([...inner.spaces, time]);
  if (inner instanceof Dict) return new Dict([...inner.spaces, [key, time] as const]);
  return new Dict([
    ["obs", inner],
    [key, time],
  ]);
}

function zeroValue(space: Space<unknown>): unknown {
  return iterate(space, createEmptyArray(space, 1), 1)[0];
}

function writeAll(writer: ByteWriter, space: Space<unknown>, values: readonly unknown[]): void {
  writer.uint32(values.length);
  for (const value of values) writeValue(writer, space, value);
}

function readAll(reader: ByteReader, space: Space<unknown>): unknown[] {
  return Array.from({ length: reader.uint32() }, () => readValue(reader, space));
}
