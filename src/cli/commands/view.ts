import type { Command } from "commander";
import { importModules } from "../import-modules.ts";
import { checkpointChoice, port } from "../option-parsers.ts";
import { readRunPolicy } from "../saved-run.ts";
import { processTerminal } from "../terminal.ts";
import type { DatasetSource } from "../../server/index.ts";
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
}

/** Adds the command `view`. */
export function addView(program: Command): void {
  program
    .command("view")
    .summary("watch runs and look through episodes in the browser")
    .description(
      "Serves the viewer until Ctrl-C: policies at work, their circuits, motor neurons and curves; recorded episodes to replay and to change.",
    )
    .argument("[path...]", "folders of runs and datasets; a run that is being trained is followed")
    .option("--port <n>", "port to listen on (default: any free one)", port)
    .option("--host <address>", "address to listen on; any but this machine's own needs --token (default: 127.0.0.1)")
    .option("--token <text>", "secret that opens the page (default: a new one every time)")
    .option("--checkpoint <which>", "policy to show: latest, best or a step (default: best)", checkpointChoice)
    .option("--demonstrations <dir>", "folder for datasets of what you drive by hand in the page", "data")
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
  const store = demonstrationStore(options.demonstrations, sources, found);
  const server = await startViewing(sources, options, terminal, found, store);
  await serveUntilInterrupt(server, terminal);
  for (const source of sources) source.close();
}
