import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { KernelError, unpackError } from "../../src/errors.ts";
import { Barrier } from "../rollout/barrier.ts";
import type { EnvChoice } from "../rollout/make-env.ts";
import { batchSize } from "./ppo-config.ts";
import type { Metrics, Trainer, TrainerState } from "../trainer.ts";
import { encodeState } from "./ppo-state.ts";
import type { PpoAnswer, PpoCommand, PpoStart, PpoThreadData } from "./ppo-thread-messages.ts";
import type { PpoJob } from "./ppo-worker.ts";
import { SharedMemory } from "./shared-memory.ts";

type StateAnswer = Extract<PpoAnswer, { kind: "state" }>;

/** What the trainer waits for: answers to one command. */
interface Pending {
  readonly answers: PpoAnswer[];
  readonly expected: number;
  readonly resolve: (answers: readonly PpoAnswer[]) => void;
  readonly reject: (reason: Error) => void;
}

/** PPO in threads of its own; the calling thread only gets one message per command and stays free. */
export class ThreadedPpoTrainer implements Trainer {
  readonly #job: PpoJob;
  readonly #shared: SharedMemory;
  readonly #threads: Worker[] = [];
  readonly #ports: MessagePort[] = [];
  #pending: Pending | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #failure: Error | null = null;
  #expectsExit = false;
  #isClosing = false;
  #numIterations = 0;

  private constructor(job: PpoJob) {
    this.#job = job;
    this.#shared = new SharedMemory(job.memory, job.sizes);
  }

  /** Starts the threads and waits until all are ready. */
  static async start(job: PpoJob, env: EnvChoice, start: PpoStart | null, entry: URL): Promise<ThreadedPpoTrainer> {
    const trainer = new ThreadedPpoTrainer(job);
    const counters = start?.state?.tensors.find((t) => t.name === "counters")?.data;
    trainer.#numIterations = counters ? Number(counters[0]) : 0;
    const ready = trainer.#expect(job.numWorkers);
    for (let workerIndex = 0; workerIndex < job.numWorkers; workerIndex++)
      trainer.#startThread({ job, env, workerIndex, start }, entry);
    try {
      await ready;
    } catch (error) {
      await trainer.close();
      throw error;
    }
    return trainer;
  }

  get numSteps(): number {
    return this.#numIterations * batchSize(this.#job.config);
  }

  async iterate(): Promise<Metrics> {
    const [reply] = await this.#ask("iterate", 1);
    this.#numIterations++;
    return (reply as Extract<PpoAnswer, { kind: "iterate" }>).metrics; // thread 0 answers what was asked
  }

  async policy(): Promise<Uint8Array> {
    const [reply] = await this.#ask("policy", 1);
    return (reply as Extract<PpoAnswer, { kind: "policy" }>).bytes; // thread 0 answers what was asked
  }

  async state(): Promise<TrainerState> {
    const replies = (await this.#ask("state", this.#job.numWorkers)) as readonly StateAnswer[]; // all answer what was asked
    const common = replies.find((r) => r.common !== null)!.common!; // thread 0 adds it
    return {
      optimizer: common.optimizer,
      trainer: encodeState([...common.tensors, ...replies.flatMap((r) => r.shards)]),
    };
  }

  async close(): Promise<void> {
    if (this.#expectsExit) return;
    this.#expectsExit = true;
    if (this.#failure === null) await this.#ask("close", this.#job.numWorkers).catch(() => undefined); // threads end anyway
    this.#isClosing = true;
    for (const port of this.#ports) port.close();
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #startThread(data: PpoThreadData, entry: URL): void {
    const { port1, port2 } = new MessageChannel();
    const thread = new Worker(entry, { workerData: { ...data, port: port2 }, transferList: [port2] });
    this.#threads.push(thread);
    this.#ports.push(port1);
    port1.on("message", (message: PpoAnswer) => this.#receive(message));
    thread.on("error", (error) => this.#fail(error));
    thread.on("exit", (code) => this.#exited(data.workerIndex, code));
  }

  /** Commands run one after the other, in the order they were asked for. */
  #ask(command: PpoCommand, expected: number): Promise<readonly PpoAnswer[]> {
    const run = async (): Promise<readonly PpoAnswer[]> => {
      if (this.#failure) throw this.#failure;
      if (this.#isClosing) throw new KernelError("closed", "trainer: it was closed");
      const answers = this.#expect(expected);
      for (const port of this.#ports) port.postMessage(command);
      Atomics.add(this.#shared.command, 0, 1);
      Atomics.notify(this.#shared.command, 0);
      return answers;
    };
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => undefined); // the caller gets the error; the next command finds #failure
    return result;
  }

  #expect(expected: number): Promise<readonly PpoAnswer[]> {
    return new Promise((resolve, reject) => {
      this.#pending = { answers: [], expected, resolve, reject };
    });
  }

  #receive(message: PpoAnswer): void {
    if (message.kind === "error") {
      this.#fail(unpackError(message.error));
      return;
    }
    const pending = this.#pending;
    if (pending === null) return;
    pending.answers.push(message);
    if (pending.answers.length < pending.expected) return;
    this.#pending = null;
    pending.resolve(pending.answers);
  }

  /** A thread that ends unasked leaves the others waiting: they are told to stop. */
  #exited(workerIndex: number, code: number): void {
    if (this.#expectsExit) return;
    setImmediate(() => {
      // its last message, if any, comes first
      if (!this.#expectsExit)
        this.#fail(
          new KernelError(
            "worker-crashed",
            `training thread ${workerIndex} ended unexpectedly with code ${code}; resume from the last checkpoint`,
          ),
        );
    });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    new Barrier(this.#shared.barrier, this.#job.numWorkers).abort();
    this.#pending?.reject(this.#failure);
    this.#pending = null;
  }
}
