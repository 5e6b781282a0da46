import { ConfigError, FormatError } from "../../src/errors.ts";

/** Observations of an episode, one after the other. */
export type ObsBuffer = Float32Array | Uint8Array;

/** One expert episode to learn from: T steps. */
export interface DemonstrationEpisode {
  readonly numSteps: number;
  /** Box: [T, A]. Discrete: [T], counted from 0. */
  readonly labels: Float32Array;
  /** [T] elapsed time that belongs to each observation, in nominal control periods */
  readonly elapsed: Float32Array;
  /** [T] how much each step counts, in [0, 1]; null: all 1 */
  readonly weights: Float32Array | null;
  /** Writes observation t into `out` from `at` on. */
  writeObs(t: number, out: ObsBuffer, at: number): void;
}

/** Expert episodes with the same spaces. */
export type DemonstrationSet = readonly DemonstrationEpisode[];

/** An episode whose observations are numbers or bytes in memory, [T, D]. */
export function episodeInMemory(
  obs: ObsBuffer,
  D: number,
  labels: Float32Array,
  elapsed: Float32Array,
  weights: Float32Array | null = null,
): DemonstrationEpisode {
  return {
    numSteps: elapsed.length,
    labels,
    elapsed,
    weights,
    writeObs: (t, out, at) => out.set(obs.subarray(t * D, (t + 1) * D), at),
  };
}

/** Which steps of a sequence have a loss: from `warmUp` on. */
export interface SequenceShape {
  readonly sequenceLength: number;
  readonly warmUp: number;
}

/** Steps at which a sequence can begin so that some step with a loss counts, ascending. */
export function startsIn(
  { numSteps, weights }: DemonstrationEpisode,
  { sequenceLength, warmUp }: SequenceShape,
): Int32Array {
  const starts: number[] = [];
  let lastCounted = -1;
  for (let end = 1; end <= numSteps; end++) {
    if (weights === null || weights[end - 1]! > 0) lastCounted = end - 1;
    const start = end - sequenceLength;
    if (start >= 0 && lastCounted >= start + warmUp) starts.push(start);
  }
  return Int32Array.from(starts);
}

/** Episodes to learn from and episodes to judge by. */
export interface Split {
  readonly training: DemonstrationSet;
  readonly validation: DemonstrationSet;
}

/**
 * Splits by episode: every k-th goes to validation, so that both see early and late recordings. With one episode or share 0 nothing is kept
 * back. Throws ConfigError where no episode is as long as a sequence, or none has a step that counts.
 */
export function splitEpisodes(episodes: DemonstrationSet, validationShare: number, shape: SequenceShape): Split {
  const { sequenceLength } = shape;
  const long = episodes.filter((episode) => episode.numSteps >= sequenceLength);
  if (long.length === 0) {
    const longest = Math.max(0, ...episodes.map((episode) => episode.numSteps));
    throw new ConfigError(
      "no-demonstrations",
      `data: ${episodes.length} episodes, the longest of ${longest} steps; sequences of ${sequenceLength} steps need longer ones`,
    );
  }
  const useful = long.filter((episode) => startsIn(episode, shape).length > 0);
  const N = useful.length;
  if (N === 0)
    throw new ConfigError(
      "no-demonstrations",
      "data: no step was done by hand (infos.human); algo.policyWeight above 0 learns from the policy's own steps",
    );
  if (validationShare === 0 || N === 1) return { training: useful, validation: [] };
  const numValidation = Math.min(N - 1, Math.max(1, Math.round(validationShare * N)));
  const isKept = (i: number): boolean =>
    Math.floor(((i + 1) * numValidation) / N) > Math.floor((i * numValidation) / N);
  return { training: useful.filter((_, i) => !isKept(i)), validation: useful.filter((_, i) => isKept(i)) };
}

/** Throws FormatError naming episode and row where a label or elapsed time is not a finite number. */
export function checkFinite(episode: DemonstrationEpisode, where: string): void {
  for (const [field, values] of [
    ["actions", episode.labels],
    ["infos.elapsedTime", episode.elapsed],
  ] as const) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const row = Math.floor((at * episode.numSteps) / values.length);
    throw new FormatError(
      "bad-demonstration",
      `${where}, ${field}, row ${row}: ${values[at]}, expected a finite number`,
    );
  }
}
