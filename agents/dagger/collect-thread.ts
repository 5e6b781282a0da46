import { parentPort, workerData } from "node:worker_threads";
import { packError } from "../../src/errors.ts";
import { type CollectionJob, collectEpisodes } from "./collect-episodes.ts";
import type { CollectionAnswer } from "./collect-in-threads.ts";

// Entry of a thread that plays a part of a round's episodes and ends.

const { job, seeds } = workerData as { readonly job: CollectionJob; readonly seeds: readonly number[] };
const send = (answer: CollectionAnswer): void => parentPort!.postMessage(answer); // this is a thread
try {
  for await (const episode of collectEpisodes(job, seeds, () => null)) send({ kind: "episode", episode });
  send({ kind: "done" });
} catch (thrown) {
  send({ kind: "error", error: packError(thrown) });
}
