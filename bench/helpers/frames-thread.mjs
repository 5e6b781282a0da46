// The second thread of `measureTwoThreads`. Threads do not inherit the loader of TypeScript, so it is registered here.
import { parentPort, workerData } from "node:worker_threads";
import { register } from "tsx/esm/api";

register();
const { FramesHalf } = await import("./frames-half.ts");
const { shared, updates } = workerData;
const half = new FramesHalf(shared, 1);
parentPort.postMessage("ready");
try {
  for (let i = 0; i < updates; i++) half.update();
} catch (error) {
  half.abort();
  throw error;
}
parentPort.postMessage(half.weights());
