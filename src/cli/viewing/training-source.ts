import { basename } from "node:path";
import type { Trainer } from "../../../agents/trainer.ts";
import type { CheckpointStore } from "../../checkpoint/checkpoint-store.ts";
import type { MetricsLog, MetricsRecord } from "../../run/metrics-log.ts";
import type { LiveSource, PolicyVersion } from "../../server/index.ts";
import type { RunConfig } from "../run-config.ts";
import { KeptPolicies } from "./kept-policies.ts";

const refreshMs = 250;

/** A run that this process is training, for the viewer. It hands out what it was last given: watching cannot hold training back. */
export class TrainingSource implements LiveSource {
  readonly title: string;
  readonly env: LiveSource["env"];
  readonly #totalSteps: number;
  #policy: PolicyVersion | null = null;
  #records: readonly MetricsRecord[] = [];
  #status: ReturnType<LiveSource["status"]>;
  #refreshedMs = -Infinity;
  readonly #kept: KeptPolicies;

  constructor(path: string, config: RunConfig, checkpoints: CheckpointStore) {
    this.#kept = new KeptPolicies(checkpoints);
    this.title = basename(path);
    this.env = { id: config.env.id, args: config.env.args };
    this.#totalSteps = config.algo.totalSteps;
    this.#status = { phase: "waiting", steps: 0, totalSteps: this.#totalSteps };
  }

  policy(): PolicyVersion | null {
    return this.#policy;
  }

  metrics(): readonly MetricsRecord[] {
    return this.#records;
  }

  status(): ReturnType<LiveSource["status"]> {
    return this.#status;
  }

  kept(): KeptPolicies["list"] {
    return this.#kept.list;
  }

  keptPolicy(step: number): Promise<Uint8Array> {
    return this.#kept.read(step);
  }

  /** Takes the trainer's policy and the metrics so far, at most a few times a second. */
  async refresh(trainer: Trainer, log: MetricsLog): Promise<void> {
    const now = performance.now();
    this.#records = log.records;
    this.#status = { phase: "training", steps: trainer.numSteps, totalSteps: this.#totalSteps };
    if (now - this.#refreshedMs < refreshMs) return;
    this.#refreshedMs = now;
    await this.#kept.refresh();
    this.#show(await trainer.policy());
  }

  /** Training is over; from now on `policy` is shown. */
  finish(policy: Uint8Array, text: string): void {
    this.#show(policy);
    this.#status = { ...this.#status, phase: "finished", text };
  }

  #show(bytes: Uint8Array): void {
    this.#policy = { version: (this.#policy?.version ?? 0) + 1, bytes };
  }
}
