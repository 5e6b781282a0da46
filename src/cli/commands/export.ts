import { resolve } from "node:path";
import { type Command, Option } from "commander";
import type { ExportFormat } from "../exporting/export-format.ts";
import { readExportedPolicy } from "../exporting/exported-policy.ts";
import { jsFormat } from "../exporting/js-format.ts";
import { onnxFormat } from "../exporting/onnx-format.ts";
import { tfjsFormat } from "../exporting/tfjs-format.ts";
import { ConfigError } from "../../errors.ts";
import { openDatasetSource } from "../../server/index.ts";
import { writeSite } from "../exporting/write-site.ts";
import { checkpointChoice, collect } from "../option-parsers.ts";
import { readRunPolicy } from "../saved-run.ts";
import { type Terminal, processTerminal } from "../terminal.ts";
import { episodesOf } from "../viewing/find-episodes.ts";

/** Every format by its name on the command line. */
const formats = { onnx: onnxFormat, js: jsFormat, tfjs: tfjsFormat } as const satisfies Readonly<
  Record<string, ExportFormat>
>;

interface ExportOptions {
  readonly format?: keyof typeof formats;
  readonly html?: string;
  readonly data?: readonly string[];
  readonly out?: string;
  readonly checkpoint?: "latest" | "best" | number;
  readonly json?: boolean;
}

/** What `export --json` prints. */
export interface ExportResult {
  readonly format: string;
  readonly out: string;
  readonly bytes: number;
  readonly policySha256: string;
}

const formatHelp = Object.entries(formats)
  .map(([name, { summary }]) => `  ${name.padEnd(6)}${summary}`)
  .join("\n");

const help = `
Formats:
${formatHelp}

Examples:
  elegans export runs/CartPole-v1-1 --format onnx -o cartpole.onnx
  elegans export runs/CartPole-v1-1 --format js -o policy.js
  elegans export runs/CartPole-v1-1 --html site --data data/CartPole-v1-human
What each format holds and how it is used: docs/export.md`;

/** Adds the command `export`. */
export function addExport(program: Command): void {
  program
    .command("export")
    .description(
      "Writes the policy of a run, or a policy file, in a format that other programs run. The critic stays behind.",
    )
    .argument("<run-or-file>", "folder of a run, or a policy file (.safetensors)")
    .addOption(new Option("--format <name>", "what to write").choices(Object.keys(formats)))
    .option(
      "--html <dir>",
      "write the viewer with the policy and the recorded episodes as a folder for any static host",
    )
    .option("--data <dir>", "with --html: a dataset to add; may be repeated", collect)
    .option("-o, --out <path>", "file or folder to write (default: named after the run, in this folder)")
    .option("--checkpoint <which>", "policy of a run: latest, best or a step (default: best)", checkpointChoice)
    .option("--json", "print one JSON object on stdout; everything else goes to stderr")
    .addHelpText("after", help)
    .action(exportPolicy);
}

async function exportPolicy(path: string, options: ExportOptions): Promise<void> {
  const terminal = processTerminal(options.json ?? false);
  if (options.html !== undefined) return exportHtml(path, options.html, options, terminal);
  if (options.format === undefined)
    throw new ConfigError(
      "no-format",
      `what is to be written? give --format ${Object.keys(formats).join(" | ")}, or --html DIR`,
    );
  const policy = await readExportedPolicy(path, options.checkpoint ?? "best");
  const format = formats[options.format];
  const out = options.out ?? `${policy.name.replace(/\.safetensors$/, "")}${format.suffix}`;
  const { bytes, use } = await format.write(policy, out);
  terminal.say(`${out}: ${(bytes / 1024).toFixed(1)} KiB; ${use}`);
  const { policySha256 } = policy;
  const result: ExportResult = { format: options.format, out: resolve(out), bytes, policySha256 };
  if (options.json) terminal.json(result);
}

/** The viewer, a run's policy, its recorded evaluations and further datasets as one folder. */
async function exportHtml(
  path: string,
  out: string,
  { checkpoint, data = [], json = false }: ExportOptions,
  terminal: Terminal,
): Promise<void> {
  const run = await readRunPolicy(path, checkpoint ?? "best");
  const evaluations = await episodesOf(run.folder);
  const datasets = evaluations === null ? [] : [evaluations];
  for (const folder of data) datasets.push(await openDatasetSource(folder));
  const { episodes, damaged, bytes } = await writeSite(out, { runs: [run], datasets });
  const lost = damaged === 0 ? "" : `, ${damaged} damaged ones left out`;
  terminal.say(
    `${out}: ${episodes} episodes${lost}, ${(bytes / 1024 / 1024).toFixed(1)} MiB; serve it, e.g. npx serve ${out}`,
  );
  if (json)
    terminal.json({ format: "html", out: resolve(out), bytes, policySha256: run.policySha256, episodes, damaged });
}
