import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { frameToPng } from "gymnasium-js";
import { zlibDeflate } from "gymnasium-js/node";
import { writeFileAtomic } from "../../checkpoint/atomic-file.ts";
import { ConfigError } from "../../errors.ts";
import {
  type Chart,
  type ReferenceLine,
  chartsFrame,
  escaped,
  frameSvg,
  groupSeries,
  smoothed,
  terminalChart,
} from "../../plot/index.ts";
import { type HorizontalAxis, checkMetric, curveOf, defaultMetric, readPlottedRuns } from "../plotting/plotted-run.ts";
import { type GroupSummary, groupTable, summarizeGroups } from "../plotting/run-table.ts";
import { type Grouping, type RunGroup, groupRuns } from "../plotting/run-groups.ts";
import { collect } from "../option-parsers.ts";
import { processTerminal } from "../terminal.ts";

interface PlotOptions {
  readonly out?: string;
  readonly metric?: string;
  readonly x: HorizontalAxis;
  readonly smooth: number;
  readonly group: Grouping;
  readonly reference?: readonly string[];
  readonly title?: string;
  readonly json?: boolean;
}

/** What `plot --json` prints. */
export interface PlotResult {
  readonly metric: string;
  readonly out: string | null;
  readonly groups: readonly GroupSummary[];
}

const help = `
A line is the interquartile mean over the runs of a group, its band the 95 % stratified bootstrap interval (Agarwal et al. 2021); a group
with a single run is drawn as it is. Every environment gets a chart of its own.

Examples:
  elegans train CartPole-v1 --seeds 0..9 --run runs/cart && elegans plot runs -o curves.svg
  elegans plot runs/a runs/b --metric approxKl --smooth 0.9
  elegans plot runs --x seconds --reference "published=195" -o curves.png`;

/** Adds the command `plot`. */
export function addPlot(program: Command): void {
  program
    .command("plot")
    .description(
      "Draws how a metric went along runs and prints a table of what they reached. Without --out the curves are drawn in the terminal.",
    )
    .argument("<run...>", "folders of runs; a folder of runs stands for all of them")
    .option("-o, --out <file>", "picture to write: .svg, .png or .html")
    .option("--metric <name>", "what to draw (default: evalReturn, where runs were evaluated)")
    .addOption(new Option("--x <axis>", "what to draw it over").choices(["steps", "seconds"]).default("steps"))
    .option("--smooth <weight>", "exponential smoothing, 0 (none) to below 1", smoothing, 0)
    .addOption(
      new Option(
        "--group <by>",
        "which runs make one line: those whose settings differ in the seed alone, all of an algorithm, none",
      )
        .choices(["config", "algo", "run"])
        .default("config"),
    )
    .option("--reference <label=value>", "a value to compare with, drawn as a dashed line; may be repeated", collect)
    .option("--title <text>", "title (default: the environment)")
    .option("--json", "print one JSON object on stdout; everything else goes to stderr")
    .addHelpText("after", help)
    .action(plot);
}

async function plot(paths: readonly string[], options: PlotOptions): Promise<void> {
  const terminal = processTerminal(options.json ?? false);
  const draw = options.out === undefined ? null : pictureWriter(options.out);
  const references = (options.reference ?? []).map(parseReference);
  const runs = await readPlottedRuns(paths);
  const metric = options.metric ?? defaultMetric(runs);
  checkMetric(runs, metric);
  const groups = groupRuns(runs, options.group);
  const charts = chartsOf(groups, metric, options, references);
  const summaries = summarizeGroups(groups, metric);
  const table = groupTable(summaries, metric);
  if (draw === null || options.out === undefined)
    for (const chart of charts) terminal.say(`${terminalChart(chart, terminalSize(terminal.progress.columns))}\n`);
  else {
    await writeFileAtomic(options.out, draw(charts, table));
    terminal.note(`wrote ${options.out}`);
  }
  terminal.say(table);
  const out = options.out === undefined ? null : resolve(options.out);
  const result: PlotResult = { metric, out, groups: summaries };
  if (options.json) terminal.json(result);
}

const terminalSize = (columns: number) => ({ columns, isColored: process.stdout.isTTY && !process.env["NO_COLOR"] });

/** One chart per environment. */
function chartsOf(
  groups: readonly RunGroup[],
  metric: string,
  { x, smooth, title }: PlotOptions,
  references: readonly ReferenceLine[],
): Chart[] {
  const envs = [...new Set(groups.map(({ env }) => env))];
  return envs.map((env) => ({
    title: title ?? env,
    xLabel: x === "steps" ? "environment steps" : "seconds of training",
    yLabel: metric,
    references,
    series: groups
      .filter((group) => group.env === env)
      .map(({ label, runs }) => {
        const curves = runs.map((run) => smoothed(curveOf(run, metric, x), smooth));
        return groupSeries(runs.length === 1 ? label : `${label} (${runs.length} runs)`, curves);
      }),
  }));
}

/** Makes a file's content from charts; the ending decides which kind. Throws ConfigError on others. */
function pictureWriter(file: string): (charts: readonly Chart[], table: string) => string | Uint8Array {
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? "";
  switch (ending) {
    case "svg":
      return (charts) => frameSvg(chartsFrame(charts));
    case "png":
      return (charts) => {
        const frame = chartsFrame(charts);
        return frameToPng(frame, { longSide: 2 * Math.max(frame.view.width, frame.view.height) }, zlibDeflate);
      };
    case "html":
      return page;
    default:
      throw new ConfigError("bad-picture", `--out ${file}: expected a file that ends in .svg, .png or .html`);
  }
}

const page = (charts: readonly Chart[], table: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(charts.map(({ title }) => title).join(", "))}: learning curves</title>
<style>body{font:15px system-ui,sans-serif;margin:2rem auto;max-width:1300px;padding:0 1rem;color:#333}svg{max-width:100%;height:auto}pre{overflow-x:auto}</style>
${frameSvg(chartsFrame(charts))}
<pre>${escaped(table)}</pre>
</html>
`;

function smoothing(text: string): number {
  const value = text.trim() === "" ? NaN : Number(text);
  if (!(value >= 0 && value < 1)) throw new InvalidArgumentError("Expected a number from 0 to below 1.");
  return value;
}

function parseReference(text: string): ReferenceLine {
  const at = text.lastIndexOf("=");
  const y = at < 1 || text.slice(at + 1).trim() === "" ? NaN : Number(text.slice(at + 1));
  if (Number.isFinite(y)) return { label: text.slice(0, at), y };
  throw new ConfigError("bad-reference", `--reference ${text}: expected a label and a number, such as published=195`);
}
