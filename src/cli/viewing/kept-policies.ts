import type { CheckpointStore } from "../../checkpoint/checkpoint-store.ts";
import type { LiveSource } from "../../server/index.ts";

/** The checkpoints of a run as the viewer lists them; `refresh` looks what is there now. */
export class KeptPolicies {
  readonly #store: CheckpointStore;
  #list: ReturnType<NonNullable<LiveSource["kept"]>> = [];

  constructor(store: CheckpointStore) {
    this.#store = store;
  }

  /** As of the last refresh, oldest first. */
  get list(): ReturnType<NonNullable<LiveSource["kept"]>> {
    return this.#list;
  }

  async refresh(): Promise<void> {
    const [steps, best] = await Promise.all([this.#store.steps(), this.#store.pointer("best")]);
    this.#list = steps.map((step) => ({ step, isBest: step === best }));
  }

  /** Rejects with FormatError or ConfigError where it is damaged or gone. */
  async read(step: number): Promise<Uint8Array> {
    return (await this.#store.loadPolicy(step)).policy;
  }
}
