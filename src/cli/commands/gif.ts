import { resolve } from "node:path";
import type { Command } from "commander";
import { type Env, type Frame, framesToGif } from "gymnasium-js";
import { writeFileAtomic } from "../../checkpoint/atomic-file.ts";
import { ConfigError, FormatError } from "../../errors.ts";
import type { EpisodeTable } from "../../recording/column.ts";
import { DatasetReader } from "../../recording/dataset-reader.ts";
import { absoluteImport, importModules } from "../import-modules.ts";
import { makeWorld } from "../make-world.ts";
import { collect, integer, nonNegative } from "../option-parsers.ts";
import { processTerminal } from "../terminal.ts";

interface GifOptions {
  readonly episode?: number;
  readonly out?: string;
  readonly size: number;
  readonly fps?: number;
  readonly import?: readonly string[];
  readonly json?: boolean;
}

/** Largest picture, pixels of the longer side. */
const MAX_SIZE = 2048;

const examples = `
Examples:
  elegans record MinAtar/Freeway-v1 --expert timetable --episodes 1 --out data/freeway
  elegans gif data/freeway --out freeway.gif
  elegans gif runs/CartPole-v1-1/episodes --episode 3 --size 480`;

/** Adds the command `gif`. */
export function addGif(program: Command): void {
  program
    .command("gif")
    .summary("draw a recorded episode as an animated GIF")
    .description("Redraws a recorded episode from its snapshots, without a browser, and writes it as an animated GIF.")
    .argument("<dataset>", "dataset folder, such as the one of elegans record or the episodes of a run")
    .option("--episode <n>", "id of the episode (default: the last one)", integer(0))
    .option("--out <file>", "file to write (default: episode-<n>.gif)")
    .option("--size <pixels>", "longer side of the picture", integer(16), 320)
    .option("--fps <n>", "pictures per second (default: the world's own)", nonNegative)
    .option("--import <file>", "module that registers environments; may be repeated", collect)
    .option("--json", "print one JSON object on stdout; everything else goes to stderr")
    .addHelpText("after", examples)
    .action(writeGif);
}

async function writeGif(path: string, options: GifOptions): Promise<void> {
  const terminal = processTerminal(options.json ?? false);
  if (options.size > MAX_SIZE)
    throw new ConfigError("bad-size", `--size: got ${options.size}, expected at most ${MAX_SIZE}`);
  await importModules((options.import ?? []).map(absoluteImport));
  const reader = await DatasetReader.open(path);
  const episode = await chosenEpisode(reader, options.episode);
  const env = worldOf(reader);
  const snapshots = snapshotsOf(await reader.read(episode), reader.fileOf(episode));
  const fps = options.fps ?? env.metadata.renderFps;
  if (!(fps > 0 && fps <= 1000)) throw new ConfigError("bad-fps", `--fps: got ${fps}, expected a number in (0, 1000]`);
  const frames = {
    *[Symbol.iterator](): Generator<Frame> {
      for (const bytes of snapshots) yield frameOf(env, bytes);
    },
  };
  const gif = framesToGif(frames, { longSide: options.size, fps });
  const out = options.out ?? `episode-${episode}.gif`;
  await writeFileAtomic(out, gif);
  terminal.say(`${out}: episode ${episode}, ${snapshots.length} pictures, ${Math.ceil(gif.length / 1024)} KiB`);
  if (options.json) terminal.json({ file: resolve(out), episode, pictures: snapshots.length, fps, bytes: gif.length });
}

async function chosenEpisode(reader: DatasetReader, wanted: number | undefined): Promise<number> {
  const ids = await reader.ids();
  const last = ids.at(-1);
  if (last === undefined) throw new ConfigError("no-episode", `${reader.path}: there are no episodes`);
  if (wanted === undefined || ids.includes(wanted)) return wanted ?? last;
  throw new ConfigError("no-episode", `--episode: got ${wanted}, expected one of ${ids[0]}..${last} in ${reader.path}`);
}

function worldOf(reader: DatasetReader): Env {
  const { env } = reader;
  if (env !== null) return makeWorld(env.id, env.args);
  throw new ConfigError("no-world", `${reader.path}: the dataset does not say which environment it is from`);
}

/** The snapshots of all rows. Throws FormatError where one is missing. */
function snapshotsOf({ columns }: EpisodeTable, file: string): readonly Uint8Array[] {
  const infos = columns.get("infos");
  const column = infos?.kind === "group" ? infos.columns.get("snapshot") : undefined;
  const values = column?.kind === "bytes" ? column.values : [];
  const found = values.filter((bytes) => bytes !== null);
  if (found.length > 0 && found.length === values.length) return found;
  throw new FormatError("no-snapshots", `${file}: without infos.snapshot in every row the episode cannot be redrawn`);
}

function frameOf(env: Env, snapshot: Uint8Array): Frame {
  env.restore(snapshot);
  const frame = env.render();
  if (frame === null) throw new ConfigError("no-picture", `${String(env)} draws nothing, so there is no picture`);
  return frame;
}
