import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { FramesHalf, shareHalves } from "./frames-half.ts";
import { type FramesWorkload, makeUpdate } from "./frames-workload.ts";
import { median } from "./median.ts";
import { timed } from "./timed.ts";

/** Milliseconds by the clock of an update that two threads share. Throws where they come to different weights. */
export async function measureTwoThreads(workload: FramesWorkload, rounds: number): Promise<number> {
  const shared = shareHalves(workload, makeUpdate({ ...workload, T: 1, B: 2 }).block.values.length);
  const updates = rounds + 1; // the first one warms up
  const worker = new Worker(new URL("frames-thread.mjs", import.meta.url), {
    workerData: { shared, updates },
  });
  const half = new FramesHalf(shared, 0);
  await once(worker, "message");
  half.update();
  const times = Array.from({ length: rounds }, () => timed(() => half.update()).wallMs);
  const [theirs] = (await once(worker, "message")) as [Float32Array];
  await worker.terminate();
  if (half.weights().some((w, i) => w !== theirs[i])) throw new Error("two threads came to different weights");
  return Number(median(times).toFixed(2));
}
