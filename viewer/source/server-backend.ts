import * as z from "zod/mini";
import {
  CheckpointEntry,
  DatasetList,
  DrivenWorld,
  EpisodeAbout,
  EpisodeLayout,
  EpisodePage,
  KeptDemonstration,
  type Demonstration,
} from "../../src/protocol/index.ts";
import type { Backend, FetchedPolicy, RemoteFile } from "./backend.ts";
import { fetchPart } from "./fetch-part.ts";

type Query = Readonly<Record<string, number | string>>;

/** The viewer's server over HTTP; see docs/protocol.md. */
export class ServerBackend implements Backend {
  readonly isStatic = false;
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  sources(): Promise<null> {
    return Promise.resolve(null);
  }

  async datasets(): Promise<DatasetList> {
    return DatasetList.parse(await this.#json("/api/datasets", {}));
  }

  async episodes(dataset: number, from: number, count: number): Promise<EpisodePage> {
    return EpisodePage.parse(await this.#json("/api/episodes", { dataset, from, count }));
  }

  async about(dataset: number, episode: number): Promise<EpisodeAbout> {
    return EpisodeAbout.parse(await this.#json("/api/episode-about", { dataset, episode }));
  }

  async layout(dataset: number, episode: number): Promise<EpisodeLayout> {
    return EpisodeLayout.parse(await this.#json("/api/episode-layout", { dataset, episode }));
  }

  file(dataset: number, episode: number): RemoteFile {
    const address = this.#address("/api/episode", { dataset, episode });
    return { read: (offset, length) => fetchPart(address, offset, length) };
  }

  async policy(source: number): Promise<FetchedPolicy> {
    return policyOf(await this.#ask("/api/policy", { source }));
  }

  async checkpoints(source: number): Promise<readonly CheckpointEntry[]> {
    return z.array(CheckpointEntry).parse(await this.#json("/api/checkpoints", { source }));
  }

  async keptPolicy(source: number, checkpoint: number): Promise<FetchedPolicy> {
    return policyOf(await this.#ask("/api/kept-policy", { source, checkpoint }));
  }

  async policyNamed(sha256: string, step?: number): Promise<FetchedPolicy | null> {
    const response = await fetch(this.#address("/api/policy", { sha256, ...(step !== undefined && { step }) }));
    return response.ok ? policyOf(response) : null;
  }

  async worlds(): Promise<readonly DrivenWorld[]> {
    return z.array(DrivenWorld).parse(await this.#json("/api/worlds", {}));
  }

  async keepDemonstration(demonstration: Demonstration): Promise<KeptDemonstration> {
    const response = await fetch(this.#address("/api/demonstration", {}), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(demonstration),
    });
    if (!response.ok) throw new Error((await response.text()).trim());
    return KeptDemonstration.parse(await response.json());
  }

  async #json(path: string, query: Query): Promise<unknown> {
    return (await this.#ask(path, query)).json();
  }

  async #ask(path: string, query: Query): Promise<Response> {
    const response = await fetch(this.#address(path, query));
    if (!response.ok) throw new Error((await response.text()).trim());
    return response;
  }

  #address(path: string, query: Query): string {
    const params = new URLSearchParams({ token: this.#token });
    for (const [name, value] of Object.entries(query)) params.set(name, String(value));
    return `${path}?${params.toString()}`;
  }
}

async function policyOf(response: Response): Promise<FetchedPolicy> {
  const version = Number(response.headers.get("x-policy-version") ?? 0);
  return { version, bytes: new Uint8Array(await response.arrayBuffer()) };
}
