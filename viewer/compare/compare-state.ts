import { batch, computed, signal } from "@preact/signals";
import { WorkState } from "../app/work-state.ts";
import type { SourceInfo } from "../../src/protocol/index.ts";
import type { Zoom } from "../chart/episode-chart.tsx";
import type { Episode } from "../episode/episode.ts";
import type { LibraryState } from "../library/library-state.ts";
import { playLoop } from "../player/play-loop.ts";
import { AT_START, seek, type PlayerState } from "../player/player.ts";
import type { Playable } from "../player/player-bar.tsx";
import type { Backend, FetchedPolicy } from "../source/backend.ts";

/** More episodes than this cannot be told apart. */
export const MAX_COMPARED = 4;
const MAX_STEPS = 20_000;
const BREATH_MS = 30;

/** Which recorded episode. */
export interface RecordedAt {
  readonly dataset: number;
  readonly episode: number;
}

/** One of the episodes that are compared. */
export interface Compared {
  /** the same only for the same episode */
  readonly key: string;
  readonly name: string;
  readonly episode: Episode;
  /** where it was recorded; null for one played in the page */
  readonly recorded: RecordedAt | null;
}

/** Up to four episodes under one time. The first is the one that the others are measured against. */
export class CompareState implements Playable {
  readonly entries = signal<readonly Compared[]>([]);
  readonly player = signal<PlayerState>(AT_START);
  readonly zoom = signal<Zoom>(null);
  readonly work = new WorkState();
  readonly length = computed(() => Math.max(0, ...this.entries.value.map(({ episode }) => episode.length)));
  readonly step = computed(() => Math.floor(this.player.value.time));
  readonly time = computed(() => this.player.value.time);
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
    playLoop(
      this.player,
      () => this.length.peek(),
      () => this.entries.peek()[0]?.episode.stepsPerSecond ?? 50,
    );
  }

  get isFull(): boolean {
    return this.entries.value.length >= MAX_COMPARED;
  }

  control(change: (state: PlayerState, length: number) => PlayerState): void {
    this.player.value = change(this.player.value, this.length.value);
  }

  /** Adds an episode that is at hand; one that is there already is left as it is. */
  add(entry: Compared): void {
    if (this.isFull || this.entries.value.some(({ key }) => key === entry.key)) return;
    this.entries.value = [...this.entries.value, entry];
  }

  remove(key: string): void {
    batch(() => {
      this.entries.value = this.entries.value.filter((entry) => entry.key !== key);
      this.player.value = seek(this.player.value, this.player.value.time, this.length.value);
    });
  }

  /** Adds a recorded episode. */
  async addRecorded(library: LibraryState, at: RecordedAt): Promise<void> {
    await this.work.run(async () => {
      const { recording } = await library.open(at.dataset, at.episode);
      const key = `recorded ${at.dataset} ${at.episode}`;
      const name = recording.episode.title;
      this.add({ key, name, recorded: at, episode: recording.episode });
      const whole = await recording.whole; // long columns come after the first picture
      this.entries.value = this.entries.value.map((e) => (e.key === key ? { ...e, episode: whole } : e));
    });
  }

  /** Plays an episode of a source's latest policy, or of one that its run kept, and adds it. */
  async addPlayed(source: number, info: SourceInfo, checkpoint: number | null, seed: number): Promise<void> {
    await this.work.run(async () => {
      const [lab, policy] = await Promise.all([import("../lab/index.ts"), this.#policyOf(source, checkpoint)]);
      const saved = lab.decodePolicy(policy.bytes);
      const which = checkpoint === null ? "latest" : `step ${checkpoint.toLocaleString("en")}`;
      let last = performance.now();
      const episode = await lab.simulate({
        title: `seed ${seed}`,
        policy: await lab.LabPolicy.create(saved),
        policyVersion: policy.version,
        envId: info.envId,
        envArgs: info.envArgs,
        from: { kind: "seed", seed },
        clamps: [],
        obsNoise: 0,
        dropRate: 0,
        noiseSeed: 1,
        maxSteps: MAX_STEPS,
        breathe: async () => {
          if (performance.now() - last < BREATH_MS) return;
          await new Promise((resolve) => setTimeout(resolve));
          last = performance.now();
        },
      });
      const key = `played ${source} ${checkpoint ?? `latest ${policy.version}`} ${seed}`;
      this.add({ key, name: `${info.title} · ${which} · seed ${seed}`, recorded: null, episode });
    });
  }

  #policyOf(source: number, checkpoint: number | null): Promise<FetchedPolicy> {
    return checkpoint === null ? this.#backend.policy(source) : this.#backend.keptPolicy(source, checkpoint);
  }
}
