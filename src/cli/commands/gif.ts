import { resolve } from "node:path";
import type { Command } from "commander";
import { framesToGif } from "gymnasium-js";
import { writeFileAtomic } from "../../checkpoint/atomic-file.ts";
import { ConfigError } from "../../errors.ts";
import { recordedFrames } from "../exporting/recorded-frames.ts";
import { absoluteImport, importModules } from "../import-modules.ts";
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
  const frames = await recordedFrames(path, options.episode);
  const { episode, length } = frames;
  const fps = options.fps ?? frames.fps;
  if (!(fps > 0 && fps <= 1000)) throw new ConfigError("bad-fps", `--fps: got ${fps}, expected a number in (0, 1000]`);
  const gif = framesToGif(frames, { longSide: options.size, fps });
  const out = options.out ?? `episode-${episode}.gif`;
  await writeFileAtomic(out, gif);
  terminal.say(`${out}: episode ${episode}, ${length} pictures, ${Math.ceil(gif.length / 1024)} KiB`);
  if (options.json) terminal.json({ file: resolve(out), episode, pictures: length, fps, bytes: gif.length });
}
