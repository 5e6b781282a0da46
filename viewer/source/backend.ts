import type {
  CheckpointEntry,
  DatasetList,
  Demonstration,
  DrivenWorld,
  EpisodeAbout,
  EpisodeLayout,
  EpisodePage,
  KeptDemonstration,
  SourceInfo,
} from "../../src/protocol/index.ts";

/** Parts of one file that lies somewhere else. */
export interface RemoteFile {
  /** Bytes [offset, offset + length). */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A policy as it was fetched. */
export interface FetchedPolicy {
  /** grows with every change */
  readonly version: number;
  readonly bytes: Uint8Array;
}

/**
 * Where the page gets policies and recordings from: the viewer's server, or files beside a page that was exported. Methods throw what is
 * wrong in words for people.
 */
export interface Backend {
  /** whether nothing can be watched live or saved: the page was exported */
  readonly isStatic: boolean;
  /** Runs whose policies are at hand; null where the live connection tells. */
  sources(): Promise<readonly SourceInfo[] | null>;
  datasets(): Promise<DatasetList>;
  /** Some of a dataset's episodes, from the `from`th on. */
  episodes(dataset: number, from: number, count: number): Promise<EpisodePage>;
  about(dataset: number, episode: number): Promise<EpisodeAbout>;
  layout(dataset: number, episode: number): Promise<EpisodeLayout>;
  file(dataset: number, episode: number): RemoteFile;
  /** The latest policy of a source. */
  policy(source: number): Promise<FetchedPolicy>;
  /** Policies that a source's run kept, oldest first. */
  checkpoints(source: number): Promise<readonly CheckpointEntry[]>;
  /** One of them. */
  keptPolicy(source: number, checkpoint: number): Promise<FetchedPolicy>;
  /** The policy with this checksum, or null where it is not at hand; `step` is when its run saved it, where that is known. */
  policyNamed(sha256: string, step?: number): Promise<FetchedPolicy | null>;
  /** Worlds that can be driven by hand. */
  worlds(): Promise<readonly DrivenWorld[]>;
  /** Keeps an episode that was played by hand. */
  keepDemonstration(demonstration: Demonstration): Promise<KeptDemonstration>;
}
