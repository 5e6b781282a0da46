import { Worker } from "node:worker_threads";
import { type ErrorData, KernelError, unpackError } from "../../src/errors.ts";
import { breathing } from "../../src/run/play-episode.ts";
import { builtEntry } from "../workers/built-entry.ts";
import { type CollectedEpisode, type CollectionJob, collectEpisodes } from "./collect-episodes.ts";

/** What a collecting thread says: its episodes one by one, then that it is done. */
export type CollectionAnswer =
  | { readonly kind: "episode"; readonly episode: CollectedEpisode }
  | { readonly kind: "done" }
  | { readonly kind: "error"; readonly error: ErrorData };

/** Who plays, and who is told. */
export interface CollectionOptions {
  /** threads; 0: the calling one */
  readonly numWorkers: number;
  /** told how many episodes there are, after each */
  readonly onEpisode: (done: number) => void;
}

/** Plays one episode per seed; they come in the order of their seeds whoever plays them. */
export async function collectInThreads(
  job: CollectionJob,
  seeds: readonly number[],
  { numWorkers, onEpisode }: CollectionOptions,
): Promise<readonly CollectedEpisode[]> {
  let done = 0;
  const count = (): void => onEpisode(++done);
  if (numWorkers === 0) return collectHere(job, seeds, count);
  const W = Math.min(numWorkers, seeds.length);
  const threads = Array.from({ length: W }, (_, w) =>
    startThread(
      job,
      seeds.filter((_seed, i) => i % W === w),
    ),
  );
  try {
    const parts = await Promise.all(threads.map((thread) => episodesOf(thread, count)));
    return seeds.map((_, i) => parts[i % W]![Math.floor(i / W)]!); // dealt out in turn
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()));
  }
}

async function collectHere(
  job: CollectionJob,
  seeds: readonly number[],
  count: () => void,
): Promise<readonly CollectedEpisode[]> {
  const episodes: CollectedEpisode[] = [];
  for await (const episode of collectEpisodes(job, seeds, breathing())) {
    episodes.push(episode);
    count();
  }
  return episodes;
}

const startThread = (job: CollectionJob, seeds: readonly number[]): Worker =>
  new Worker(builtEntry("dagger/collect-thread.js"), { workerData: { job, seeds } });

function episodesOf(thread: Worker, count: () => void): Promise<readonly CollectedEpisode[]> {
  const episodes: CollectedEpisode[] = [];
  return new Promise((resolve, reject) => {
    thread.on("message", (answer: CollectionAnswer) => {
      if (answer.kind === "episode") {
        episodes.push(answer.episode);
        count();
      } else if (answer.kind === "done") resolve(episodes);
      else reject(unpackError(answer.error));
    });
    thread.on("error", reject);
    thread.on("exit", (code) => reject(new KernelError("worker-crashed", `collecting thread ended with code ${code}`)));
  });
}
