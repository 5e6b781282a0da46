import { join } from "node:path";
import { deflateSync } from "node:zlib";
import { ConfigError, FormatError } from "../errors.ts";
import type { Demonstration, DrivenWorld } from "../protocol/index.ts";
import type { DatasetWriter } from "../recording/dataset-writer.ts";
import type { ReplayedDemonstration } from "../recording/replay-demonstration.ts";
import { fileNameOf } from "../run/run-folder.ts";

/** Where a demonstration was put. */
export interface Placed {
  readonly path: string;
  readonly episode: number;
}

const BREATH_MS = 20;
/** Datasets of one world with different arguments get numbers; more than this many are not looked for. */
const MAX_FOLDERS = 100;

/** Keeps episodes that people play in the page as datasets below one folder. The worlds are fixed: pages can name no others, and no paths. */
export class DemonstrationStore {
  readonly worlds: readonly DrivenWorld[];
  readonly #folder: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string, worlds: readonly DrivenWorld[]) {
    this.#folder = folder;
    this.worlds = worlds;
  }

  /**
   * Plays a demonstration again and appends it to the dataset of its world; one after the other.
   * Throws FormatError `bad-demonstration` or `other-end`, leaving everything as it was.
   */
  keep(demonstration: Demonstration): Promise<Placed> {
    const kept = this.#last.then(() => this.#keep(demonstration));
    this.#last = kept.catch(() => null);
    return kept;
  }

  async #keep(demonstration: Demonstration): Promise<Placed> {
    const { env, seed, player } = demonstration;
    if (!this.worlds.some((w) => w.envId === env.id && JSON.stringify(w.envArgs) === JSON.stringify(env.args)))
      throw new FormatError("bad-demonstration", `demonstration: ${env.id} with these arguments is not driven here`);
    const { replayDemonstration } = await import("../recording/replay-demonstration.ts");
    const replayed = await replayDemonstration(demonstration, compress, breathing());
    const writer = await this.#open(env, replayed);
    const episode = await writer.add(replayed.table, {
      seed,
      return: replayed.return,
      terminated: replayed.terminated,
      truncated: replayed.truncated,
      actor: {
        kind: "human",
        name: player.device,
        ...(player.policySha256 !== undefined && { policySha256: player.policySha256 }),
      },
    });
    return { path: writer.path, episode };
  }

  /** The first dataset of this world and these arguments, or a new one. */
  async #open(
    env: Demonstration["env"],
    { observationSpace, actionSpace }: ReplayedDemonstration,
  ): Promise<DatasetWriter> {
    const { DatasetWriter: Writer } = await import("../recording/dataset-writer.ts");
    for (let n = 1; n <= MAX_FOLDERS; n++) {
      const path = join(this.#folder, `${fileNameOf(env.id)}-human${n === 1 ? "" : `-${n}`}`);
      try {
        return await Writer.open(path, { env, observationSpace, actionSpace });
      } catch (error) {
        const isTaken = error instanceof ConfigError && ["other-dataset", "not-a-dataset"].includes(error.code);
        if (!isTaken) throw error;
      }
    }
    throw new ConfigError("no-room", `${this.#folder} holds ${MAX_FOLDERS} datasets of ${env.id} already`);
  }
}

const compress = (bytes: Uint8Array): Uint8Array => deflateSync(bytes, { level: 1 });

/** Other requests, and training in this process, get their turn. */
function breathing(): () => Promise<void> | null {
  let last = performance.now();
  return () => {
    if (performance.now() - last < BREATH_MS) return null;
    return new Promise((resolve) =>
      setImmediate(() => {
        last = performance.now();
        resolve();
      }),
    );
  };
}
