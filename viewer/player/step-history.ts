import type { StepRecord } from "../../src/protocol/index.ts";

/** A stretch of history, oldest first, ready to be drawn. */
export interface HistoryWindow {
  /** running number of the step; grows over episode borders */
  readonly time: readonly number[];
  /** one column per motor neuron */
  readonly motor: readonly (readonly number[])[];
  /** chosen index (Discrete) or first component (Box) */
  readonly action: readonly number[];
  /** times at which an episode began */
  readonly episodeStarts: readonly number[];
}

/** The last steps that were seen, in rings of fixed size. */
export class StepHistory {
  readonly capacity: number;
  readonly #time: Float64Array;
  readonly #action: Float32Array;
  readonly #episode: Float64Array;
  #motor: Float32Array[] = [];
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

  /** Forgets everything. */
  clear(): void {
    this.#length = this.#next = 0;
    this.#last = null;
  }

  push(record: StepRecord): void {
    if (record.motor.length !== this.#motor.length) {
      this.clear();
      this.#motor = Array.from(record.motor, () => new Float32Array(this.capacity));
    }
    const time = this.#timeOf(record);
    const i = this.#next;
    this.#time[i] = time;
    this.#episode[i] = record.episode;
    this.#action[i] = record.action[0] ?? 0;
    this.#motor.forEach((column, m) => (column[i] = record.motor[m] ?? 0));
    this.#next = (i + 1) % this.capacity;
    this.#length = Math.min(this.#length + 1, this.capacity);
    this.#last = { episode: record.episode, step: record.step, time };
  }

  /** Steps left out by the server leave a gap of their true length. */
  #timeOf({ episode, step }: StepRecord): number {
    if (this.#last === null) return step;
    const sameEpisode = episode === this.#last.episode && step > this.#last.step;
    return this.#last.time + (sameEpisode ? step - this.#last.step : step + 1);
  }

  /** The steps with time in (now - width, now]. */
  window(width: number): HistoryWindow {
    const time: number[] = [];
    const action: number[] = [];
    const motor: number[][] = this.#motor.map(() => []);
    const episodeStarts: number[] = [];
    let previousEpisode: number | undefined;
    for (let k = this.#length; k >= 1; k--) {
      const i = (this.#next - k + this.capacity) % this.capacity;
      const t = this.#time[i] ?? 0;
      if (t <= this.now - width) continue;
      const episode = this.#episode[i] ?? 0;
      if (previousEpisode !== undefined && episode !== previousEpisode) episodeStarts.push(t);
      previousEpisode = episode;
      time.push(t);
      action.push(this.#action[i] ?? 0);
      motor.forEach((column, m) => column.push(this.#motor[m]?.[i] ?? 0));
    }
    return { time, motor, action, episodeStarts };
  }
}
