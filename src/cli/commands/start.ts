import type { Command } from "commander";
import { port } from "../option-parsers.ts";
import { processTerminal } from "../terminal.ts";
import { trainCommand } from "../training/train-command.ts";
import { readRunPolicy } from "../saved-run.ts";
import { episodesOf } from "../viewing/find-episodes.ts";
import { demonstrationStore } from "../viewing/driven-worlds.ts";
import { RunSource } from "../viewing/run-source.ts";
import { serveUntilInterrupt, startViewing } from "../viewing/start-viewing.ts";

interface StartOptions {
  readonly view: boolean;
  readonly port?: number;
}

/** Adds the command `start`: the whole road once, for a first look. */
export function addStart(program: Command): void {
  program
    .command("start")
    .description(
      "Trains CartPole-v1 with its preset into a new run folder, prints the evaluation, then serves the viewer on it.",
    )
    .option("--no-view", "end after the evaluation")
    .option("--port <n>", "port of the viewer (default: any free one)", port)
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const terminal = processTerminal(false);
  const result = await trainCommand(
    {
      envId: "CartPole-v1",
      envArgs: {},
      imports: [],
      sets: [],
      resume: false,
      checkpoint: "latest",
      command: process.argv.slice(2),
    },
    {},
    terminal,
  );
  if (!options.view || result.return === null) return;
  const run = await readRunPolicy(result.run, "best");
  const source = await RunSource.open(run, "best");
  const episodes = await episodesOf(run.folder);
  const datasets = episodes === null ? [] : [episodes];
  const store = demonstrationStore("data", [source], datasets);
  const server = await startViewing([source], { port: options.port }, terminal, datasets, store);
  await serveUntilInterrupt(server, terminal);
}
