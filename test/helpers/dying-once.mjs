// Imported by training threads as an environment module: ends one thread, once, in the middle of a later iteration. That it happened is
// written into the file DYING_ONCE, which also keeps it from happening again.
import { existsSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const file = process.env.DYING_ONCE;
if (!isMainThread && file !== undefined && !existsSync(file)) {
  const now = performance.now.bind(performance);
  let calls = 0;
  performance.now = () => {
    if (++calls === 12 && !existsSync(file)) {
      writeFileSync(file, "died\n");
      process.exit(7);
    }
    return now();
  };
}
