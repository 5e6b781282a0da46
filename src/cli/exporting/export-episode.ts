import { extname, join } from "node:path";
import { deflateSync } from "node:zlib";
import { frameToPng, framesToGif } from "gymnasium-js";
import { writeFileAtomic } from "../../checkpoint/atomic-file.ts";
import { ConfigError } from "../../errors.ts";
import { DatasetReader } from "../../recording/dataset-reader.ts";
import { type DatasetSource, type LiveSource, startServer } from "../../server/index.ts";
import type { Terminal } from "../terminal.ts";
import { evaluateInBrowser, findBrowser } from "./headless-browser.ts";
import { recordedFrames } from "./recorded-frames.ts";

/** Which episode, and what the page needs to show it. */
export interface EpisodeExport {
  readonly episode?: number;
  /** the step of a picture, or where a film begins */
  readonly step?: number;
  readonly sources: readonly LiveSource[];
  readonly datasets: readonly DatasetSource[];
}

const LONG_SIDE = 640;
const PAGE = { width: 1280, height: 720 };

/**
 * Writes an episode of the first dataset among `paths` (a dataset, or a run with recorded evaluations) as a picture or a film, without
 * anybody watching. Throws ConfigError for a kind of file that is not made, where there is no dataset or no browser.
 */
export async function exportEpisode(
  out: string,
  paths: readonly string[],
  options: EpisodeExport,
  terminal: Terminal,
): Promise<void> {
  const kind = extname(out).toLowerCase();
  const path = await datasetAmong(paths);
  const bytes =
    kind === ".gif"
      ? await gif(path, options)
      : kind === ".png"
        ? await png(path, options)
        : kind === ".webm" || kind === ".mp4"
          ? await film(path, kind === ".webm" ? "webm" : "mp4", options, terminal)
          : refuse(out);
  await writeFileAtomic(out, bytes);
  terminal.say(`${out}: ${Math.ceil(bytes.length / 1024)} KiB`);
}

function refuse(out: string): never {
  throw new ConfigError("bad-format", `--export: got ${out}, expected a name ending in .webm, .mp4, .gif or .png`);
}

async function datasetAmong(paths: readonly string[]): Promise<string> {
  for (const path of paths)
    for (const folder of [path, join(path, "episodes")])
      if (
        await DatasetReader.open(folder).then(
          () => true,
          () => false,
        )
      )
        return folder;
  throw new ConfigError("no-dataset", "--export needs a dataset, or a run that recorded episodes of its evaluations");
}

async function gif(path: string, { episode }: EpisodeExport): Promise<Uint8Array> {
  const frames = await recordedFrames(path, episode);
  return framesToGif(frames, { longSide: LONG_SIDE, fps: frames.fps });
}

async function png(path: string, { episode, step }: EpisodeExport): Promise<Uint8Array> {
  const frames = await recordedFrames(path, episode);
  const t = step ?? frames.length - 1;
  if (t >= frames.length)
    throw new ConfigError("bad-step", `--step: got ${t}, expected a number from 0 to ${frames.length - 1}`);
  return frameToPng(frames.at(t), { longSide: LONG_SIDE }, deflateSync);
}

/** The viewer's own page films itself. */
async function film(
  path: string,
  format: "webm" | "mp4",
  { episode, step, sources, datasets }: EpisodeExport,
  terminal: Terminal,
): Promise<Uint8Array> {
  findBrowser(); // before anything is started
  const ids = await (await DatasetReader.open(path)).ids();
  const id = episode ?? ids.at(-1);
  if (id === undefined || !ids.includes(id))
    throw new ConfigError("no-episode", `--episode: got ${id}, expected one of ${ids[0]}..${ids.at(-1)} in ${path}`);
  const server = await startServer({ sources, datasets });
  try {
    terminal.note(`Filming episode ${id}; this takes about as long as the episode…`);
    const address = `${server.url}&view=inspect&data=0&episode=${id}`;
    const expression = `(async () => {
      while (globalThis.elegansExport === undefined) await new Promise((resolve) => setTimeout(resolve, 50)); // its scripts come in two parts
      return globalThis.elegansExport(${JSON.stringify(format)}, ${step ?? null});
    })()`;
    return Buffer.from(await evaluateInBrowser(address, expression, PAGE), "base64");
  } finally {
    await server.close();
  }
}
