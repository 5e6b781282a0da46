import { rm } from "node:fs/promises";
import { join } from "node:path";
import { make } from "gymnasium-js";
import { FormatError } from "../../src/errors.ts";
import { DatasetReader } from "../../src/recording/dataset-reader.ts";
import type { DatasetWriter } from "../../src/recording/dataset-writer.ts";
import { openDataset } from "../../src/recording/env-episodes.ts";
import type { PackedEpisode } from "../bc/packed-episode.ts";
import { type DemonstrationSpaces, packDemonstration } from "../bc/read-demonstrations.ts";
import type { EnvChoice } from "../rollout/make-env.ts";
import type { CollectedEpisode } from "./collect-episodes.ts";

/** Everything collected so far: in memory to learn from, and as a dataset that grows by each round's episodes. */
export class Aggregate {
  readonly episodes: PackedEpisode[] = [];
  readonly #writer: DatasetWriter | null;
  readonly #spaces: DemonstrationSpaces;

  private constructor(writer: DatasetWriter | null, spaces: DemonstrationSpaces) {
    this.#writer = writer;
    this.#spaces = spaces;
  }

  /**
   * The first `numEpisodes` episodes of the dataset in `path`; later ones were collected after the moment a run goes on from, and are
   * removed. `path` null: nothing is written. Throws FormatError where episodes are missing.
   */
  static async open(
    path: string | null,
    env: EnvChoice,
    spaces: DemonstrationSpaces,
    numEpisodes: number,
  ): Promise<Aggregate> {
    if (path === null && numEpisodes === 0) return new Aggregate(null, spaces);
    if (path === null)
      throw new FormatError("missing-episodes", "a run of DAgger goes on in its folder, with its episodes");
    await removeFrom(path, numEpisodes);
    const world = make(env.id, env.args);
    const aggregate = new Aggregate(await openDataset(path, env, world), spaces);
    world.close();
    if (aggregate.#writer!.numEpisodes < numEpisodes)
      throw new FormatError(
        "missing-episodes",
        `${path} holds ${aggregate.#writer!.numEpisodes} episodes, the checkpoint was saved with ${numEpisodes}`,
      );
    const reader = await DatasetReader.open(path);
    for (let id = 0; id < numEpisodes; id++)
      aggregate.#keep(await reader.read(id), `episode ${id} (${reader.fileOf(id)})`);
    return aggregate;
  }

  /** Adds an episode, on disk first. */
  async add({ table, note }: CollectedEpisode): Promise<void> {
    await this.#writer?.add(table, note);
    this.#keep(table, `episode ${this.episodes.length}`);
  }

  #keep(table: CollectedEpisode["table"], where: string): void {
    this.episodes.push(packDemonstration(table, this.#spaces, where));
  }
}

async function removeFrom(path: string, firstId: number): Promise<void> {
  const ids = await DatasetReader.open(path).then(
    (reader) => reader.ids(),
    () => [], // there is no dataset yet
  );
  for (const id of ids.filter((i) => i >= firstId).toReversed())
    await rm(join(path, "data", String(id)), { recursive: true });
}
