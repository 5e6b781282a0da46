import { basename } from "node:path";
import type { CheckpointChoice } from "../../checkpoint/checkpoint-store.ts";
import { type MetricsRecord, readMetrics } from "../../run/metrics-log.ts";
import type { RunFolder } from "../../run/run-folder.ts";
import type { LiveSource, PolicyVersion } from "../../server/index.ts";
import { KeptPolicies } from "./kept-policies.ts";
import { type RunPolicy, readRunPolicy } from "../saved-run.ts";

const pollMs = 1000;

/**
 * A run on disk, for the viewer. While another process trains it, new checkpoints and metrics are picked up every second.
 */
export class RunSource implements LiveSource {
  readonly title: string;
  readonly env: LiveSource["env"];
  readonly #folder: RunFolder;
  readonly #choice: CheckpointChoice;
  readonly #totalSteps: number;
  #policy: PolicyVersion;
  #sha256: string;
  #step: number;
  #records: MetricsRecord[] = [];
  #isFinished = false;
  #timer: NodeJS.Timeout | null = null;
  readonly #kept: KeptPolicies;

  private constructor(run: RunPolicy, choice: CheckpointChoice) {
    this.title = basename(run.folder.path);
    this.env = { id: run.config.env.id, args: run.config.env.args };
    this.#folder = run.folder;
    this.#kept = new KeptPolicies(run.folder.checkpoints);
    this.#choice = choice;
    this.#totalSteps = run.config.algo.totalSteps;
    this.#policy = { version: 1, bytes: run.policy };
    this.#sha256 = run.policySha256;
    this.#step = run.step;
  }

  /** Opens a run. Throws ConfigError or FormatError where there is none or it is damaged. */
  static async open(run: RunPolicy, choice: CheckpointChoice): Promise<RunSource> {
    const source = new RunSource(run, choice);
    await source.#poll();
    return source;
  }

  policy(): PolicyVersion {
    return this.#policy;
  }

  metrics(): readonly MetricsRecord[] {
    return this.#records;
  }

  status(): ReturnType<LiveSource["status"]> {
    const steps = this.#records.at(-1)?.step ?? this.#step;
    const phase = this.#isFinished ? "finished" : "viewing";
    return { phase, steps, totalSteps: this.#totalSteps, text: `policy of step ${this.#step}` };
  }

  kept(): KeptPolicies["list"] {
    return this.#kept.list;
  }

  keptPolicy(step: number): Promise<Uint8Array> {
    return this.#kept.read(step);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  async #poll(): Promise<void> {
    const records = await readMetrics(this.#folder.metricsPath);
    if (records.length < this.#records.length)
      this.#records = records; // the run was taken up from an earlier step
    else this.#records.push(...records.slice(this.#records.length));
    const run = await readRunPolicy(this.#folder.path, this.#choice);
    if (run.policySha256 !== this.#sha256) this.#policy = { version: this.#policy.version + 1, bytes: run.policy };
    await this.#kept.refresh();
    [this.#sha256, this.#step] = [run.policySha256, run.step];
    this.#isFinished = (await this.#folder.readResult()) !== null;
    if (!this.#isFinished) this.#timer = setTimeout(() => void this.#poll().catch(() => this.#retry()), pollMs);
  }

  // A checkpoint that is being rotated away can be missing for a moment; the policy shown stays.
  #retry(): void {
    this.#timer = setTimeout(() => void this.#poll().catch(() => this.#retry()), pollMs);
  }
}
