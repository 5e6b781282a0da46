import { EpisodeAbout, EpisodeLayout, SITE_META, SiteIndex } from "../../src/protocol/index.ts";
import type {
  CheckpointEntry,
  DatasetList,
  DrivenWorld,
  EpisodePage,
  KeptDemonstration,
  SourceInfo,
} from "../../src/protocol/index.ts";
import type { Backend, FetchedPolicy, RemoteFile } from "./backend.ts";
import { fetchPart } from "./fetch-part.ts";

/** Folder with the files of an exported page, or null where a server is behind the page. */
export function siteFolder(): string | null {
  const content = document.querySelector(`meta[name="${SITE_META}"]`)?.getAttribute("content");
  return content === null || content === undefined ? null : new URL(content, document.baseURI).href;
}

/** Files beside the page, on any static host; see docs/viewer.md. */
export class StaticBackend implements Backend {
  readonly isStatic = true;
  readonly #folder: string;
  #index: Promise<SiteIndex> | null = null;

  /** `folder` ends in a slash. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async sources(): Promise<readonly SourceInfo[]> {
    return (await this.#site()).sources;
  }

  async datasets(): Promise<DatasetList> {
    return (await this.#site()).datasets;
  }

  async episodes(dataset: number, from: number, count: number): Promise<EpisodePage> {
    const { datasets } = await this.#site();
    const episodes = datasets[dataset]?.episodes ?? [];
    return { total: episodes.length, episodes: episodes.slice(from, from + count) };
  }

  async about(dataset: number, episode: number): Promise<EpisodeAbout> {
    return EpisodeAbout.parse(await this.#json(`${dataset}/${episode}.json`));
  }

  async layout(dataset: number, episode: number): Promise<EpisodeLayout> {
    return EpisodeLayout.parse(await this.#json(`${dataset}/${episode}.layout.json`));
  }

  file(dataset: number, episode: number): RemoteFile {
    const address = `${this.#folder}${dataset}/${episode}.arrow`;
    return { read: (offset, length) => fetchPart(address, offset, length) };
  }

  async policy(source: number): Promise<FetchedPolicy> {
    const found = (await this.#site()).sources[source];
    if (found === undefined) throw new Error(`there is no run ${source}`);
    const response = await this.#fetch(found.policy);
    return { version: 1, bytes: new Uint8Array(await response.arrayBuffer()) };
  }

  async policyNamed(sha256: string): Promise<FetchedPolicy | null> {
    const index = (await this.#site()).sources.findIndex((s) => s.sha256 === sha256);
    return index < 0 ? null : this.policy(index);
  }

  checkpoints(): Promise<readonly CheckpointEntry[]> {
    return Promise.resolve([]);
  }

  keptPolicy(): Promise<FetchedPolicy> {
    return Promise.reject(new Error("of each run one policy was exported"));
  }

  async worlds(): Promise<readonly DrivenWorld[]> {
    return (await this.#site()).worlds;
  }

  keepDemonstration(): Promise<KeptDemonstration> {
    return Promise.reject(new Error("there is no server behind this page: download the episode instead"));
  }

  #site(): Promise<SiteIndex> {
    return (this.#index ??= this.#json("index.json").then((json) => SiteIndex.parse(json)));
  }

  async #json(path: string): Promise<unknown> {
    return (await this.#fetch(path)).json();
  }

  async #fetch(path: string): Promise<Response> {
    const response = await fetch(this.#folder + path);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${response.statusText}`);
    return response;
  }
}
