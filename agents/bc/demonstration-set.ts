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
): DemonstrationEpisode {
  return {
    numSteps: elapsed.length,
    labels,
    elapsed,
    writeObs: (t, out, at) => out.set(obs.subarray(t * D, (t + 1) * D), at),
  };
}

/** Episodes to learn from and episodes to judge by. */
export interface Split {
  readonly training: DemonstrationSet;
  readonly validation: DemonstrationSet;
}

/**
 * Splits by episode: every k-th goes to validation, so that both see early and late recordings. With one episode or share 0 nothing is kept
 * back. Throws ConfigError where no episode is as long as a sequence.
 */
export function splitEpisodes(episodes: DemonstrationSet, validationShare: number, sequenceLength: number): Split {
  const long = episodes.filter((episode) => episode.numSteps >= sequenceLength);
  if (long.length === 0) {
    const longest = Math.max(0, ...episodes.map((episode) => episode.numSteps));
    throw new ConfigError(
      "no-demonstrations",
      `data: ${episodes.length} episodes, the longest of ${longest} steps; sequences of ${sequenceLength} steps need longer ones`,
    );
  }
  if (validationShare === 0 || long.length === 1) return { training: long, validation: [] };
  const numValidation = Math.min(long.length - 1, Math.max(1, Math.round(validationShare * long.length)));
  const isKept = (i: number): boolean =>
    Math.floor(((i + 1) * numValidation) / long.length) > Math.floor((i * numValidation) / long.length);
  return { training: long.filter((_, i) => !isKept(i)), validation: long.filter((_, i) => isKept(i)) };
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
