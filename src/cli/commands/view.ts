import type { Command } from "commander";
import { importModules } from "../import-modules.ts";
import { checkpointChoice, integer, port } from "../option-parsers.ts";
import { readRunPolicy } from "../saved-run.ts";
import { processTerminal } from "../terminal.ts";
import type { DatasetSource } from "../../server/index.ts";
import { exportEpisode } from "../exporting/export-episode.ts";
import { datasetIn, episodesOf } from "../viewing/find-episodes.ts";
import { demonstrationStore } from "../viewing/driven-worlds.ts";
import { RunSource } from "../viewing/run-source.ts";
import { serveUntilInterrupt, startViewing } from "../viewing/start-viewing.ts";

interface ViewOptions {
  readonly port?: number;
  readonly host?: string;
  readonly token?: string;
  readonly checkpoint?: "latest" | "best" | number;
  readonly demonstrations: string;
  readonly export?: string;
  readonly episode?: number;
  readonly step?: number;
}

const examples = `
Films (.webm, .mp4) show the whole page, circuit and traces included; a Chrome or Chromium makes them, found on the PATH
or named in CHROME_PATH. A .gif or .png shows the world alone and needs no browser.

Examples:
  elegans view runs/CartPole-v1-1
  elegans view runs/CartPole-v1-1 --export clip.webm --episode 3
  elegans view data/lane --export lane.gif`;

/** Adds the command `view`. */
export function addView(program: Command): void {
  program
    .command("view")
    .description(
      "Serves the viewer until Ctrl-C: policies at work, their circuits, motor neurons and curves; recorded episodes to replay and to change.",
    )
    .argument("[path...]", "folders of runs and datasets; a run that is being trained is followed")
    .option("--port <n>", "port to listen on (default: any free one)", port)
    .option("--host <address>", "address to listen on; any but this machine's own needs --token (default: 127.0.0.1)")
    .option("--token <text>", "secret that opens the page (default: a new one every time)")
    .option("--checkpoint <which>", "policy to show: latest, best or a step (default: best)", checkpointChoice)
    .option("--demonstrations <dir>", "folder for datasets of what you drive by hand in the page", "data")
    .option("--export <file>", "write an episode as a file and end: .webm, .mp4, .gif or .png")
    .option("--episode <n>", "with --export: id of the episode (default: the last one)", integer(0))
    .option("--step <n>", "with --export: the step of a .png, or where a film begins", integer(0))
    .addHelpText("after", examples)
    .action(view);
}

async function view(paths: readonly string[], options: ViewOptions): Promise<void> {
  const terminal = processTerminal(false);
  const choice = options.checkpoint ?? "best";
  const sources: RunSource[] = [];
  const datasets: (DatasetSource | null)[] = [];
  for (const path of paths) {
    const dataset = await datasetIn(path);
    datasets.push(dataset);
    if (dataset !== null) continue;
    const run = await readRunPolicy(path, choice);
    await importModules(run.config.env.imports);
    sources.push(await RunSource.open(run, choice));
    datasets.push(await episodesOf(run.folder));
  }
  const found = datasets.filter((d) => d !== null);
  if (options.export !== undefined) {
    for (const source of sources) source.close();
    return exportEpisode(options.export, paths, { ...options, sources, datasets: found }, terminal);
  }
  const store = demonstrationStore(options.demonstrations, sources, found);
  const server = await startViewing(sources, options, terminal, found, store);
  await serveUntilInterrupt(server, terminal);
  for (const source of sources) source.close();
}
