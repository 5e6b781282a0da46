import type { BatchEnv } from "gymnasium-js";
import type { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { encodePolicy, savePolicy } from "../../src/policy/saved-policy.ts";
import type { Metrics, Trainer, TrainerState } from "../trainer.ts";
import { encodeState, saveCommon, saveOptimizer, saveShards } from "./ppo-state.ts";
import type { PpoStart } from "./ppo-thread-messages.ts";
import { createWorker } from "./ppo-worker-commands.ts";
import type { PpoJob, PpoWorker } from "./ppo-worker.ts";

/** PPO in the calling thread, which it blocks while it computes: for tests and places without threads. */
export class InlinePpoTrainer implements Trainer {
  readonly #worker: PpoWorker;
  #failure: unknown = null;

  /** `Network` is the executor that computes the policy; the kernels by default. */
  constructor(
    job: PpoJob,
    makeEnv: (numEnvs: number) => BatchEnv,
    start: PpoStart | null,
    Network?: typeof PolicyNetwork,
  ) {
    this.#worker = createWorker(job, 0, makeEnv, start, Network);
  }

  get numSteps(): number {
    return this.#worker.numSteps;
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
    return encodePolicy(savePolicy(this.#worker.network));
  }

  async state(): Promise<TrainerState> {
    this.#check();
    const worker = this.#worker;
    return {
      optimizer: saveOptimizer(worker),
      trainer: encodeState([...saveCommon(worker), ...saveShards(worker.shards)]),
    };
  }

  async close(): Promise<void> {
    this.#worker.close();
  }

  /** After a failure the weights may be half-way between two iterations: nothing may be saved or continued. */
  #check(): void {
    if (this.#failure !== null) throw this.#failure;
  }
}
