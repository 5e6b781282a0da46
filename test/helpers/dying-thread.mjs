// Imported by training threads as an environment module: ends the thread in the middle of an early iteration.
import { isMainThread } from "node:worker_threads";

if (!isMainThread) {
  const now = performance.now.bind(performance);
  let calls = 0;
  performance.now = () => {
    if (++calls === 40) process.exit(7);
    return now();
  };
}
