import { availableParallelism } from "node:os";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import { ConfigError, KernelError, unpackError } from "../../src/errors.ts";
import type { Metrics, Trainer, TrainerState } from "../trainer.ts";
import { Barrier } from "./barrier.ts";
import { builtEntry } from "./built-entry.ts";
import { IterationStream } from "./iteration-stream.ts";
import type { Answer, Command, SharedJob } from "./messages.ts";
import { SharedMemory } from "./shared-memory.ts";
import { encodeState } from "./state-file.ts";

type StateAnswer = Extract<Answer, { kind: "state" }>;

/** What a thread is told: its job and whatever else its learner needs. */
export interface ThreadData {
  readonly kind: string;
  readonly job: SharedJob;
  readonly workerIndex: number;
}

/** What the trainer waits for: answers to one command. */
interface Pending {
  readonly answers: Answer[];
  readonly expected: number;
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (reason: Error) => void;
}

/** A learner in threads of its own; the calling thread only gets one message per command and stays free. */
export class ThreadedTrainer implements Trainer {
  readonly #job: SharedJob;
  readonly #shared: SharedMemory;
  readonly #threads: Worker[] = [];
  readonly #ports: MessagePort[] = [];
  #pending: Pending | null = null;
  #queue: Promise<unknown> = Promise.resolve();
  #failure: Error | null = null;
  #expectsExit = false;
  #isClosing = false;
  #iterations = new IterationStream(0);
  #numSteps = 0;
  #isDone = false;

  private constructor(job: SharedJob) {
    this.#job = job;
    this.#shared = new SharedMemory(job.memory, job.sizes);
  }

  /** Starts a thread per `data`, which all have the same job, and waits until all are ready. */
  static async start(data: readonly ThreadData[]): Promise<ThreadedTrainer> {
    const entry = builtEntry("workers/thread.js");
    const trainer = new ThreadedTrainer(data[0]!.job); // at least one worker
    const ready = trainer.#expect(data.length);
    for (const one of data) trainer.#startThread(one, entry);
    try {
      const [first] = await ready;
      if (first?.kind === "ready") trainer.#startAt(first.numSteps);
    } catch (error) {
      await trainer.close();
      throw error;
    }
    return trainer;
  }

  get numSteps(): number {
    return this.#numSteps;
  }

  get numWorkers(): number {
    return this.#job.numWorkers;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  get isAtRest(): boolean {
    return this.#iterations.length === 0;
  }

  async iterate(untilStep?: number): Promise<Metrics> {
    await this.#queue;
    if (this.#isClosing) throw closed();
    const times = this.#failure === null ? this.#iterations.numToAsk(untilStep) : 0;
    if (times > 0) {
      this.#iterations.asked(times);
      this.#post({ kind: "iterate", times });
    }
    const { metrics, numSteps, isDone } = await this.#iterations.next();
    this.#numSteps = numSteps;
    this.#isDone = isDone;
    return metrics;
  }

  async policy(): Promise<Uint8Array> {
    const [reply] = await this.#askAtRest("policy", 1);
    return (reply as Extract<Answer, { kind: "policy" }>).bytes; // thread 0 answers what was asked
  }

  async state(): Promise<TrainerState> {
    const replies = (await this.#askAtRest("state", this.#job.numWorkers)) as readonly StateAnswer[]; // all answer what was asked
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

  #startAt(numSteps: number): void {
    this.#numSteps = numSteps;
    this.#iterations = new IterationStream(numSteps);
  }

  #startThread(data: ThreadData, entry: URL): void {
    const { port1, port2 } = new MessageChannel();
    const thread = new Worker(entry, { workerData: { ...data, port: port2 }, transferList: [port2] });
    this.#threads.push(thread);
    this.#ports.push(port1);
    port1.on("message", (message: Answer) => this.#receive(message));
    thread.on("error", (error) => this.#fail(error));
    thread.on("exit", (code) => this.#exited(data.workerIndex, code));
  }

  /** Rejects while threads are ahead: they would speak of a later step than `numSteps`. */
  async #askAtRest(kind: "policy" | "state", expected: number): Promise<readonly Answer[]> {
    if (!this.isAtRest && this.#failure === null)
      throw new KernelError(
        "running-ahead",
        `internal: ${kind} asked for while threads run ahead; iterate until at rest`,
      );
    return this.#ask(kind, expected);
  }

  /** Commands run one after the other, in the order they were asked for. */
  #ask(kind: "policy" | "state" | "close", expected: number): Promise<readonly Answer[]> {
    const run = async (): Promise<readonly Answer[]> => {
      if (this.#failure) throw this.#failure;
      if (this.#isClosing) throw closed();
      const answers = this.#expect(expected);
      this.#post({ kind });
      return answers;
    };
    const result = this.#queue.then(run);
    this.#queue = result.catch(() => undefined); // the caller gets the error; the next command finds #failure
    return result;
  }

  #post(command: Command): void {
    for (const port of this.#ports) port.postMessage(command);
    Atomics.add(this.#shared.command, 0, 1);
    Atomics.notify(this.#shared.command, 0);
  }

  #expect(expected: number): Promise<readonly Answer[]> {
    return new Promise((resolve, reject) => {
      this.#pending = { answers: [], expected, resolve, reject };
    });
  }

  #receive(message: Answer): void {
    if (message.kind === "error") {
      this.#fail(unpackError(message.error));
      return;
    }
    if (message.kind === "iterate") {
      this.#iterations.push(message);
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
    this.#iterations.fail(this.#failure);
    this.#pending?.reject(this.#failure);
    this.#pending = null;
  }
}

const closed = (): KernelError => new KernelError("closed", "trainer: it was closed");

/** Threads to use: as asked, at most one per shard; not asked: one per core. 0 means the calling thread. Throws ConfigError. */
export function workersFor(numShards: number, asked: number | undefined): number {
  if (asked === undefined) return Math.min(availableParallelism(), numShards);
  if (!Number.isInteger(asked) || asked < 0)
    throw new ConfigError(
      "bad-workers",
      `workers: ${asked} came, expected an integer from 0 (no threads) to ${numShards} (shards)`,
    );
  return Math.min(asked, numShards);
}
