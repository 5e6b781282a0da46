import type { Metrics, Trainer, TrainerState } from "../trainer.ts";
import { encodeState } from "./state-file.ts";
import type { TrainingWorker } from "./training-worker.ts";

/** A learner in the calling thread, which it blocks while it computes: for tests and places without threads. */
export class InlineTrainer implements Trainer {
  readonly #worker: TrainingWorker;
  readonly numWorkers = 1;
  #failure: unknown = null;

  /** `worker` must be the only one of its job. */
  constructor(worker: TrainingWorker) {
    this.#worker = worker;
  }

  get numSteps(): number {
    return this.#worker.numSteps;
  }

  get isDone(): boolean {
    return this.#worker.isDone;
  }

  async iterate(): Promise<Metrics> {
    this.#check();
    try {
      return this.#worker.iterate();
    } catch (thrown) {
      this.#failure = thrown;
      throw thrown;
    }
  }

  async policy(): Promise<Uint8Array> {
    this.#check();
    return this.#worker.policy();
  }

  async state(): Promise<TrainerState> {
    this.#check();
    const { tensors, optimizer } = this.#worker.commonState();
    return { optimizer, trainer: encodeState([...tensors, ...this.#worker.shardState()]) };
  }

  async close(): Promise<void> {
    this.#worker.close();
  }

  /** After a failure the weights may be half-way between two iterations: nothing may be saved or continued. */
  #check(): void {
    if (this.#failure !== null) throw this.#failure;
  }
}
