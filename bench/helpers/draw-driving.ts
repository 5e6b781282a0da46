// Draws what bench/lane-keeping.ts found: `npx tsx bench/helpers/draw-driving.ts RESULTS.json [lane-keeping]` (its output, and what the pictures' names
// begin with), into docs/images/.
import { readFileSync, writeFileSync } from "node:fs";
import { intervalChartSvg, type Mark } from "./interval-chart.ts";

interface Spread {
  readonly mean: number;
  readonly ci95: readonly [number, number] | null;
}
interface Results {
  readonly results: Readonly<
    Record<
      string,
      {
        readonly seeds: readonly number[];
        readonly driving: Readonly<Record<string, Readonly<Record<string, Spread>>>>;
        readonly ssim: Readonly<Record<string, Spread>>;
      }
    >
  >;
}

const [file, prefix = "lane-keeping"] = process.argv.slice(2);
if (file === undefined) throw new Error("which results? npx tsx bench/helpers/draw-driving.ts RESULTS.json");
const { results } = JSON.parse(readFileSync(file, "utf8")) as Results; // the bench's own output
const models = Object.entries(results);
const conditions = Object.keys(models[0]![1].driving);
const nameOf = (model: string, seeds: readonly number[]): string => `${model} (${seeds.length})`;
const markOf = (spread: Spread | undefined): Mark | null =>
  spread === undefined ? null : { mean: spread.mean, interval: spread.ci95 };

function draw(
  name: string,
  title: string,
  yLabel: string,
  groups: readonly string[],
  of: (model: string, group: string) => Spread | undefined,
): void {
  const series = models.map(([model, { seeds }]) => ({
    name: nameOf(model, seeds),
    marks: groups.map((group) => markOf(of(model, group))),
  }));
  writeFileSync(`docs/images/${prefix}-${name}.svg`, intervalChartSvg({ title, yLabel, groups, series }));
}

const driving = (metric: string) => (model: string, condition: string) => results[model]!.driving[condition]?.[metric];
draw("crashes", "Crashes per km on unseen roads", "crashes per km", conditions, driving("crashesPerKm"));
draw("deviation", "Mean distance from the lane's centre", "metres", conditions, driving("meanAbsLateralError"));
draw(
  "smoothness",
  "Mean change of the steered curvature (lower is smoother)",
  "1/(m s)",
  conditions,
  driving("steeringSmoothness"),
);
const variances = Object.keys(models[0]![1].ssim).filter((v) => v !== "0");
draw(
  "ssim",
  "Saliency with and without noise: structural similarity",
  "SSIM",
  variances.map((v) => `noise ${v}`),
  (model, group) => results[model]!.ssim[group.slice(6)],
);
