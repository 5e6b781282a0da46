import { signal } from "@preact/signals";
import { DatasetList, EpisodeAbout, EpisodeList, type EpisodeEntry } from "../../src/protocol/index.ts";
import type { Episode } from "../episode/episode.ts";

/** The server's recorded episodes, fetched when they are looked at. */
export class LibraryState {
  readonly datasets = signal<DatasetList | null>(null);
  readonly chosen = signal(0);
  readonly episodes = signal<readonly EpisodeEntry[] | null>(null);
  readonly problem = signal<string | null>(null);
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  /** Fetches the datasets, and the episodes of the chosen one. */
  async load(): Promise<void> {
    try {
      this.datasets.value = DatasetList.parse(await this.#json("/api/datasets", {}));
      if (this.datasets.value.length > 0)
        await this.choose(Math.min(this.chosen.value, this.datasets.value.length - 1));
    } catch (error) {
      this.problem.value = messageOf(error);
    }
  }

  /** Fetches the episodes of a dataset. */
  async choose(dataset: number): Promise<void> {
    this.chosen.value = dataset;
    this.episodes.value = null;
    this.problem.value = null;
    try {
      const list = EpisodeList.parse(await this.#json("/api/episodes", { dataset }));
      if (this.chosen.value === dataset) this.episodes.value = list;
    } catch (error) {
      this.problem.value = messageOf(error);
    }
  }

  /** Opens an episode. Throws what is wrong with it, in words for people. */
  async open(
    dataset: number,
    episode: number,
  ): Promise<{ readonly episode: Episode; readonly policy: Uint8Array | null }> {
    this.datasets.value ??= DatasetList.parse(await this.#json("/api/datasets", {}));
    const info = this.datasets.value[dataset];
    if (info === undefined) throw new Error(`there is no dataset ${dataset}`);
    const about = EpisodeAbout.parse(await this.#json("/api/episode-about", { dataset, episode }));
    const [bytes, policy] = await Promise.all([
      this.#bytes("/api/episode", { dataset, episode }),
      this.#policyOf(about),
    ]);
    const lab = await import("../lab/index.ts");
    const opened = lab.openRecording(bytes, {
      title: `${info.title} · episode ${episode}`,
      envId: info.envId ?? "",
      envArgs: info.envArgs,
      about,
      saved: policy === null ? null : lab.decodePolicy(policy),
    });
    return { episode: opened, policy };
  }

  /** The policy that acted, where a run that is shown still has it. */
  async #policyOf({ elegans }: EpisodeAbout): Promise<Uint8Array | null> {
    const sha256 = elegans?.actor.policySha256;
    if (sha256 === undefined) return null;
    const response = await fetch(this.#address("/api/policy", { sha256 }));
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  }

  async #json(path: string, query: Readonly<Record<string, number>>): Promise<unknown> {
    return (await this.#ask(path, query)).json();
  }

  async #bytes(path: string, query: Readonly<Record<string, number>>): Promise<Uint8Array> {
    return new Uint8Array(await (await this.#ask(path, query)).arrayBuffer());
  }

  async #ask(path: string, query: Readonly<Record<string, number>>): Promise<Response> {
    const response = await fetch(this.#address(path, query));
    if (!response.ok) throw new Error((await response.text()).trim());
    return response;
  }

  #address(path: string, query: Readonly<Record<string, number | string>>): string {
    const params = new URLSearchParams({ token: this.#token });
    for (const [name, value] of Object.entries(query)) params.set(name, String(value));
    return `${path}?${params.toString()}`;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
