import { type MessagePort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { packError } from "../../src/errors.ts";
import { BarrierAborted } from "../rollout/barrier.ts";
import { importEnvModules, makeEnvs } from "../rollout/make-env.ts";
import type { PpoAnswer, PpoCommand, PpoThreadData } from "./ppo-thread-messages.ts";
import { answer, createWorker } from "./ppo-worker-commands.ts";
import type { PpoWorker } from "./ppo-worker.ts";
import { SharedMemory } from "./shared-memory.ts";

// Entry of a training thread. It never returns to its event loop between commands: it sleeps on a shared counter and then reads its port,
// so that starting an iteration costs microseconds.

const { port, ...data } = workerData as PpoThreadData & { readonly port: MessagePort };
const { job, workerIndex } = data;
const { command } = new SharedMemory(job.memory, job.sizes);
const send = (message: PpoAnswer): void => port.postMessage(message);
let worker: PpoWorker | null = null;
try {
  await importEnvModules(data.env);
  worker = createWorker(job, workerIndex, (numEnvs) => makeEnvs(data.env, numEnvs), data.start);
  send({ kind: "ready" });
  serve(worker);
} catch (thrown) {
  worker?.abort();
  if (!(thrown instanceof BarrierAborted)) send({ kind: "error", error: packError(thrown) });
} finally {
  worker?.close();
  port.close();
}

function serve(running: PpoWorker): void {
  for (let done = 0; ;) {
    const asked = Atomics.load(command, 0);
    if (asked === done) {
      Atomics.wait(command, 0, done);
      continue;
    }
    done = asked;
    for (let m = receiveMessageOnPort(port); m; m = receiveMessageOnPort(port)) {
      const asks = m.message as PpoCommand;
      const reply = answer(running, workerIndex, asks);
      if (reply) send(reply);
      if (asks === "close") return;
    }
  }
}
