import { signal } from "@preact/signals";
import type { CheckpointEntry, DatasetList, EpisodeEntry } from "../../src/protocol/index.ts";
import type { OpenedRecording } from "../episode/recorded-episode.ts";
import type { Backend } from "../source/backend.ts";
import { messageOf } from "../../src/errors.ts";

/** Episodes asked for first, so that a table is there at once, and then at a time. */
const FIRST_COUNT = 200;
const NEXT_COUNT = 2000;

/** A recording and the policy that acted in it, where that is at hand. */
export interface OpenedEpisode {
  readonly recording: OpenedRecording;
  readonly policy: Uint8Array | null;
}

/** The recorded episodes, fetched when they are looked at. */
export class LibraryState {
  readonly datasets = signal<DatasetList | null>(null);
  readonly chosen = signal(0);
  /** run whose checkpoints are shown instead of episodes; null for none */
  readonly chosenRun = signal<number | null>(null);
  readonly checkpoints = signal<readonly CheckpointEntry[] | null>(null);
  readonly episodes = signal<readonly EpisodeEntry[] | null>(null);
  /** how many episodes the chosen dataset has; more than `episodes` while they are still being read */
  readonly total = signal(0);
  readonly problem = signal<string | null>(null);
  readonly #backend: Backend;
  #loading: Promise<void> | null = null;
  /** counts what was chosen: an older choice that is still being read must not show any more */
  #choice = 0;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Fetches the datasets, and the episodes of the chosen one; once where it is asked twice at a time. */
  load(): Promise<void> {
    return (this.#loading ??= this.#load().finally(() => (this.#loading = null)));
  }

  async #load(): Promise<void> {
    try {
      this.datasets.value = await this.#backend.datasets();
      if (this.chosenRun.value !== null) await this.chooseRun(this.chosenRun.value);
      else if (this.datasets.value.length > 0)
        await this.choose(Math.min(this.chosen.value, this.datasets.value.length - 1));
    } catch (error) {
      this.problem.value = messageOf(error);
    }
  }

  /** Fetches the checkpoints of a run. A list that is there stays until it is read again. */
  async chooseRun(run: number): Promise<void> {
    const choice = ++this.#choice;
    if (this.chosenRun.value !== run) this.checkpoints.value = null;
    this.chosenRun.value = run;
    this.problem.value = null;
    try {
      const found = await this.#backend.checkpoints(run);
      if (choice === this.#choice) this.checkpoints.value = found;
    } catch (error) {
      if (choice === this.#choice) this.problem.value = messageOf(error);
    }
  }

  /** Fetches the episodes of a dataset: the first few at once, the rest behind them. A list that is there stays until it is read again. */
  async choose(dataset: number): Promise<void> {
    const choice = ++this.#choice;
    this.chosenRun.value = null;
    if (this.chosen.value !== dataset) this.episodes.value = null;
    this.chosen.value = dataset;
    const known = this.episodes.value?.length ?? 0;
    this.problem.value = null;
    try {
      let all: readonly EpisodeEntry[] = [];
      for (;;) {
        const count = all.length === 0 ? FIRST_COUNT : NEXT_COUNT;
        const { total, episodes } = await this.#backend.episodes(dataset, all.length, count);
        if (choice !== this.#choice) return;
        all = [...all, ...episodes];
        this.total.value = total;
        const isWhole = all.length >= total || episodes.length === 0;
        if (isWhole || all.length >= known) this.episodes.value = all;
        if (isWhole) return;
      }
    } catch (error) {
      if (choice === this.#choice) this.problem.value = messageOf(error);
    }
  }

  /** Opens an episode. Throws what is wrong with it, in words for people. */
  async open(dataset: number, episode: number): Promise<OpenedEpisode> {
    this.datasets.value ??= await this.#backend.datasets();
    const info = this.datasets.value[dataset];
    if (info === undefined) throw new Error(`there is no dataset ${dataset}`);
    const [lab, layout, { about, policy }] = await Promise.all([
      import("../lab/index.ts"),
      this.#backend.layout(dataset, episode),
      this.#aboutAndPolicy(dataset, episode),
    ]);
    const recording = await lab.openRecording(layout, this.#backend.file(dataset, episode), {
      title: `${info.title} · episode ${episode}`,
      envId: info.envId ?? "",
      envArgs: info.envArgs,
      about,
      saved: policy === null ? null : lab.decodePolicy(policy),
    });
    return { recording, policy };
  }

  /** The policy that acted, where a run that is shown still has it. */
  async #aboutAndPolicy(dataset: number, episode: number) {
    const about = await this.#backend.about(dataset, episode);
    const { policySha256, step } = about.elegans?.actor ?? {};
    const policy = policySha256 === undefined ? null : await this.#backend.policyNamed(policySha256, step);
    return { about, policy: policy?.bytes ?? null };
  }
}
