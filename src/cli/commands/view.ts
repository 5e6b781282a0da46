import type { Command } from "commander";
import { importModules } from "../import-modules.ts";
import { checkpointChoice, port } from "../option-parsers.ts";
import { readRunPolicy } from "../saved-run.ts";
import { processTerminal } from "../terminal.ts";
import { RunSource } from "../viewing/run-source.ts";
import { serveUntilInterrupt, startViewing } from "../viewing/start-viewing.ts";

interface ViewOptions {
  readonly port?: number;
  readonly host?: string;
  readonly token?: string;
  readonly checkpoint?: "latest" | "best" | number;
}

/** Adds the command `view`. */
export function addView(program: Command): void {
  program
    .command("view")
    .summary("watch runs in the browser")
    .description("Serves the viewer until Ctrl-C: the policy at work, its circuit, its motor neurons and the curves.")
    .argument("[run...]", "folders of runs; a run that is being trained is followed")
    .option("--port <n>", "port to listen on (default: any free one)", port)
    .option("--host <address>", "address to listen on; any but this machine's own needs --token (default: 127.0.0.1)")
    .option("--token <text>", "secret that opens the page (default: a new one every time)")
    .option("--checkpoint <which>", "policy to show: latest, best or a step (default: best)", checkpointChoice)
    .action(view);
}

async function view(paths: readonly string[], options: ViewOptions): Promise<void> {
  const terminal = processTerminal(false);
  const choice = options.checkpoint ?? "best";
  const sources: RunSource[] = [];
  for (const path of paths) {
    const run = await readRunPolicy(path, choice);
    await importModules(run.config.env.imports);
    sources.push(await RunSource.open(run, choice));
  }
  const server = await startViewing(sources, options, terminal);
  await serveUntilInterrupt(server, terminal);
  for (const source of sources) source.close();
}
