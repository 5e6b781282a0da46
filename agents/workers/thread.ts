import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { packError } from "../../src/errors.ts";
import type { BcThreadData } from "../bc/start-bc-worker.ts";
import type { PpoThreadData } from "../ppo/start-ppo-worker.ts";
import { BarrierAborted } from "./barrier.ts";
import type { Answer, Command } from "./messages.ts";
import { SharedMemory } from "./shared-memory.ts";
import { answer, type TrainingWorker } from "./training-worker.ts";

// Entry of a training thread. It never returns to its event loop between commands: it sleeps on a shared counter and then reads its port,
// so that starting an iteration costs microseconds.

const { port, ...data } = workerData as (PpoThreadData | BcThreadData) & { readonly port: MessagePort };
const { job, workerIndex } = data;
const { command } = new SharedMemory(job.memory, job.sizes);
const send = (message: Answer): void => port.postMessage(message);
let worker: TrainingWorker | null = null;
try {
  worker = await startWorker(data);
  send({ kind: "ready", numSteps: worker.numSteps });
  serve(worker);
} catch (thrown) {
  worker?.abort();
  if (!(thrown instanceof BarrierAborted)) send({ kind: "error", error: packError(thrown) });
} finally {
  worker?.close();
  port.close();
}

/** Each learner's code is loaded by those who need it. */
async function startWorker(start: PpoThreadData | BcThreadData): Promise<TrainingWorker> {
  if (start.kind === "bc") {
    const { startBcWorker } = await import("../bc/start-bc-worker.ts");
    return startBcWorker(start);
  }
  const { startPpoWorker } = await import("../ppo/start-ppo-worker.ts");
  return startPpoWorker(start);
}

function serve(running: TrainingWorker): void {
  for (let done = 0; ;) {
    const asked = Atomics.load(command, 0);
    if (asked === done) {
      Atomics.wait(command, 0, done);
      continue;
    }
    done = asked;
    for (let m = receiveMessageOnPort(port); m; m = receiveMessageOnPort(port)) {
      const asks = m.message as Command;
      answer(running, workerIndex, asks, send);
      if (asks.kind === "close") return;
    }
  }
}
