import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import { RuntimeError } from "../errors.ts";
import type { Command, Greeting, MadeEnv, Reply, ThreadData } from "./messages.ts";
import { unpackError } from "./packed-error.ts";

/** How often a waiting caller looks whether the thread still lives, milliseconds. */
const LIFE_CHECK_MS = 100;

/** A thread with some of a vector env's environments, seen from the caller: commands go out, replies are waited for without the event loop. */
export class EnvThread {
  readonly firstEnv: number;
  readonly numEnvs: number;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #numReplies: Int32Array;
  readonly #index: number;
  #numAsked = 0;
  #hasEnded = false;

  private constructor(worker: Worker, port: MessagePort, data: Omit<ThreadData, "port">) {
    this.#worker = worker;
    this.#port = port;
    this.#numReplies = data.numReplies;
    this.#index = data.threadIndex;
    this.firstEnv = data.firstEnv;
    this.numEnvs = data.recipes.length;
  }

  /** Starts a thread and makes its envs. Throws what making one threw, with the env's index. */
  static async start(
    data: Omit<ThreadData, "port">,
  ): Promise<{ readonly thread: EnvThread; readonly envs: readonly MadeEnv[] }> {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(workerEntry(), { workerData: { ...data, port: port2 }, transferList: [port2] });
    const greeting = await firstMessage(worker, data.firstEnv);
    if (greeting.kind === "failed") {
      await worker.terminate();
      throw unpackError(greeting.error, `env ${greeting.envIndex}`);
    }
    worker.on("error", () => {}); // told by the last reply; an event without a listener would end the process
    worker.unref();
    port1.unref();
    return { thread: new EnvThread(worker, port1, data), envs: greeting.envs };
  }

  /** Sends a command; each one has exactly one `answer`. */
  ask(command: Command): void {
    this.#numAsked++;
    this.#port.postMessage(command);
  }

  /** The answer to the oldest command without one; null when `deadline` (in milliseconds of `performance.now()`) passes first. */
  answer(deadline: number): Reply | null {
    for (let seen = this.#count(); seen < this.#numAsked && !this.#hasEnded; seen = this.#count()) {
      const left = deadline - performance.now();
      if (left <= 0) return null;
      const woken = Atomics.wait(this.#numReplies, this.#index, seen, Math.min(left, LIFE_CHECK_MS));
      if (woken === "timed-out" && this.#count() === seen && !this.#isAlive()) this.#hasEnded = true;
    }
    const message = receiveMessageOnPort(this.#port) as { readonly message: Reply } | undefined; // only replies come
    const reply = message?.message ?? { kind: "ended", error: null };
    if (reply.kind === "ended") this.#hasEnded = true;
    return reply;
  }

  /** Throws RuntimeError: the thread has ended by itself. */
  throwEnded(error: Extract<Reply, { kind: "ended" }>["error"]): never {
    const last = this.firstEnv + this.numEnvs - 1;
    const who = last === this.firstEnv ? `env ${last}` : `envs ${this.firstEnv} to ${last}`;
    const advice = "close this vector env and make a new one";
    if (error === null) throw new RuntimeError(`${who}: the thread ended unexpectedly; ${advice}`);
    const cause = unpackError(error, who);
    throw new RuntimeError(`${who}: the thread ended unexpectedly (${error.name}: ${error.message}); ${advice}`, {
      cause,
    });
  }

  /** Ends the thread, whatever it does. */
  terminate(): void {
    this.#hasEnded = true;
    this.#port.close();
    void this.#worker.terminate();
  }

  #count(): number {
    return Atomics.load(this.#numReplies, this.#index);
  }

  /** Without the event loop no exit event comes, but a stopped thread has no event loop to measure. */
  #isAlive(): boolean {
    const { idle, active } = this.#worker.performance.eventLoopUtilization();
    return idle >= 0 && idle + active > 0;
  }
}

function firstMessage(worker: Worker, envIndex: number): Promise<Greeting> {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) =>
      reject(new RuntimeError(`env ${envIndex}: its thread ended with code ${code} before it was ready`)),
    );
  });
}

/** The thread's program. Node runs TypeScript in threads from 22.18 on; sources run elsewhere use what was built. */
function workerEntry(): URL {
  let root = new URL(".", import.meta.url);
  while (!existsSync(new URL("package.json", root)) && root.pathname !== "/") root = new URL("..", root);
  const entry = new URL("dist/async/env-worker.js", root);
  if (existsSync(fileURLToPath(entry))) return entry;
  throw new RuntimeError(`AsyncVectorEnv: ${fileURLToPath(entry)} is missing; build the package first`);
}
