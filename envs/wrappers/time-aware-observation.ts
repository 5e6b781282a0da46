import type { Env, Info, ResetOptions } from "../env.ts";
import { ValueError } from "../errors.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { Box } from "../spaces/box.ts";
import { Dict } from "../spaces/dict.ts";
import type { DictValue } from "../spaces/dict.ts";
import { flatten, flattenSpace } from "../spaces/flatten.ts";
import type { Space } from "../spaces/space.ts";
import { Tuple } from "../spaces/tuple.ts";
import { Wrapper } from "./wrapper.ts";

/** Options of `TimeAwareObservation`. */
export interface TimeAwareOptions {
  /** One flat array (default), or a Dict of observation and time. */
  readonly flatten?: boolean;
  /** Time in 0 to 1 (float32) rather than in steps (int32). */
  readonly normalizeTime?: boolean;
  /** Key of the time in the Dict; default "time". */
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
