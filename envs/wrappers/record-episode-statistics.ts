import type { Env, Info, ResetOptions } from "../env.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import type { ByteWriter } from "../snapshot/byte-writer.ts";
import { Wrapper } from "./wrapper.ts";

/** What `RecordEpisodeStatistics` says about an episode, under Gymnasium's names. */
export interface EpisodeStatistics {
  /** Sum of rewards. */
  readonly r: number;
  /** Number of steps. */
  readonly l: number;
  /** Wall-clock time [s]. */
  readonly t: number;
}

/** On the last step of an episode adds `info.episode` (an `EpisodeStatistics`), and keeps those of the last `bufferLength` episodes. */
export class RecordEpisodeStatistics<Obs, Action> extends Wrapper<Obs, Action> {
  /** Returns of the last episodes, oldest first. */
  readonly returnQueue: number[] = [];
  /** Their lengths in steps. */
  readonly lengthQueue: number[] = [];
  /** Their durations [s]. */
  readonly timeQueue: number[] = [];
  /** Episodes ended so far. */
  episodeCount = 0;
  readonly #bufferLength: number;
  #return = 0;
  #length = 0;
  #start = performance.now();

  constructor(env: Env<Obs, Action>, bufferLength = 100) {
    super(env, { bufferLength });
    this.#bufferLength = bufferLength;
  }

  override get layer(): string {
    return "RecordEpisodeStatistics";
  }

  override reset(options?: ResetOptions): [Obs, Info] {
    const result = this.env.reset(options);
    this.#return = 0;
    this.#length = 0;
    this.#start = performance.now();
    return result;
  }

  override step(action: Action): [Obs, number, boolean, boolean, Info] {
    const [obs, reward, terminated, truncated, info] = this.env.step(action);
    this.#return += reward;
    this.#length++;
    if (!terminated && !truncated) return [obs, reward, terminated, truncated, info];
    const seconds = Math.round((performance.now() - this.#start) * 1000) / 1e6;
    const episode: EpisodeStatistics = { r: this.#return, l: this.#length, t: seconds };
    this.#keep(episode);
    return [obs, reward, terminated, truncated, { ...info, episode }];
  }

  /** The running episode alone: the queues look back and change nothing ahead. */
  protected override save(writer: ByteWriter): void {
    writer.float64(this.#return);
    writer.uint32(this.#length);
  }

  protected override load(reader: ByteReader): () => void {
    const total = reader.float64();
    const length = reader.uint32();
    return () => {
      this.#return = total;
      this.#length = length;
      this.#start = performance.now();
    };
  }

  #keep({ r, l, t }: EpisodeStatistics): void {
    this.episodeCount++;
    for (const [queue, value] of [
      [this.returnQueue, r],
      [this.lengthQueue, l],
      [this.timeQueue, t],
    ] as const) {
      queue.push(value);
      if (queue.length > this.#bufferLength) queue.shift();
    }
  }
}
