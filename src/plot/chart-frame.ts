import type { Color, Frame, Primitive } from "gymnasium-js";
import { type Chart, type Series, chartRange } from "./chart.ts";
import { ticks, tickText } from "./ticks.ts";

/** Colours that stay apart for all kinds of colour vision (Okabe and Ito 2008), without the pale ones. */
const palette: readonly Color[] = [0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x5b4b8a, 0x444444];
const ink = 0x333333;
const faint = 0x8a8a8a;
const grid = 0xe3e3e3;
const paper = 0xffffff;

/** Size of one chart, and what lies around the drawn area: pixels at the scale that text is legible. */
const size = { width: 640, height: 400 } as const;
const margin = { left: 62, right: 22, bottom: 48 } as const;
/** from the top: title, then rows of the legend, then the vertical axis' name, then the drawn area */
const TITLE_Y = 24;
const LEGEND_ROW = 17;
const areaTop = (chart: Chart): number => TITLE_Y + LEGEND_ROW * legendRows(chart).length + 28;
/** cap heights */
const text = { title: 11, label: 8.5, tick: 8 } as const;
/** width of a character in cap heights, about the same in the bitmap font and in sans-serif */
const CHARACTER = 0.86;

/** Charts side by side, at most `columns` in a row, as one picture in pixels. */
export function chartsFrame(charts: readonly Chart[], columns = 2): Frame {
  const across = Math.max(1, Math.min(columns, charts.length));
  const rows = Math.max(1, Math.ceil(charts.length / across));
  const primitives = charts.flatMap((chart, i) =>
    chartPrimitives(chart, (i % across) * size.width, Math.floor(i / across) * size.height),
  );
  const view = { x: 0, y: 0, width: across * size.width, height: rows * size.height };
  return { view, yAxis: "down", background: paper, primitives };
}

/** Colour of the series with this index. */
export const seriesColor = (index: number): Color => palette[index % palette.length]!;

/** From data to pixels. */
interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
}

function scalesOf(chart: Chart, left: number, top: number): Scales {
  const range = chartRange(chart);
  const pad = 0.04 * (range.y[1] - range.y[0]);
  const [low, high] = [range.y[0] - pad, range.y[1] + pad];
  const from = top + areaTop(chart);
  const [width, height] = [size.width - margin.left - margin.right, top + size.height - margin.bottom - from];
  return {
    x: (value) => left + margin.left + ((value - range.x[0]) / (range.x[1] - range.x[0])) * width,
    y: (value) => from + height - ((value - low) / (high - low)) * height,
    xTicks: ticks(range.x[0], range.x[1], 6),
    yTicks: ticks(low, high, 6),
  };
}

function chartPrimitives(chart: Chart, left: number, top: number): Primitive[] {
  const scales = scalesOf(chart, left, top);
  return [
    ...axes(chart, scales, left, top),
    ...(chart.references ?? []).flatMap((reference) => referenceLine(reference, scales, left)),
    ...chart.series.flatMap((series, i) => band(series, scales, seriesColor(i))),
    ...chart.series.flatMap((series, i) => line(series, scales, seriesColor(i))),
    ...legend(chart, left, top),
  ];
}

function axes(chart: Chart, { x, y, xTicks, yTicks }: Scales, left: number, top: number): Primitive[] {
  const [x0, x1] = [left + margin.left, left + size.width - margin.right];
  const [y0, y1] = [top + areaTop(chart), top + size.height - margin.bottom];
  const rule = (points: readonly number[], stroke: Color): Primitive => ({ kind: "line", points, stroke, width: 1 });
  return [
    ...yTicks.map((value) => rule([x0, y(value), x1, y(value)], grid)),
    ...yTicks.map((value) => label(tickText(value), x0 - 7, y(value) + text.tick / 2, { align: "right" })),
    ...xTicks.map((value) => rule([x(value), y1, x(value), y1 + 5], faint)),
    ...xTicks.map((value) => label(tickText(value), x(value), y1 + 9 + text.tick, { align: "center" })),
    rule([x0, y1, x1, y1], faint),
    label(chart.title, left + 12, top + TITLE_Y, { size: text.title, fill: ink }),
    label(chart.yLabel, left + 12, y0 - 9, { size: text.label }),
    label(chart.xLabel, x1, top + size.height - 10, { size: text.label, align: "right" }),
  ];
}

interface LabelStyle {
  readonly size?: number;
  readonly fill?: Color;
  readonly align?: "left" | "center" | "right";
}

const label = (content: string, x: number, y: number, style: LabelStyle = {}): Primitive => ({
  kind: "text",
  text: content,
  x,
  y,
  size: text.tick,
  fill: 0x5a5a5a,
  ...style,
});

function referenceLine(
  { label: name, y: value }: { readonly label: string; readonly y: number },
  { y }: Scales,
  left: number,
): Primitive[] {
  const [x0, x1] = [left + margin.left, left + size.width - margin.right];
  const dashes = Math.floor((x1 - x0) / 12);
  const dash = (i: number): Primitive => {
    const from = x0 + 12 * i;
    return { kind: "line", points: [from, y(value), from + 7, y(value)], stroke: faint, width: 1.2 };
  };
  return [
    ...Array.from({ length: dashes }, (_, i) => dash(i)),
    label(name, x1 - 2, y(value) - 4, { align: "right", fill: faint }),
  ];
}

function band({ x: xs, band: edges }: Series, { x, y }: Scales, fill: Color): Primitive[] {
  if (edges === null || xs.length < 2) return [];
  const upper = xs.flatMap((at, i) => [x(at), y(edges.high[i]!)]);
  const lower = xs.flatMap((at, i) => [[x(at), y(edges.low[i]!)]]).toReversed();
  return [{ kind: "polygon", points: [...upper, ...lower.flat()], fill, alpha: 0.18 }];
}

function line({ x: xs, y: ys }: Series, { x, y }: Scales, color: Color): Primitive[] {
  if (xs.length === 1) return [{ kind: "circle", x: x(xs[0]!), y: y(ys[0]!), radius: 3, fill: color }];
  if (xs.length === 0) return [];
  return [{ kind: "line", points: xs.flatMap((at, i) => [x(at), y(ys[i]!)]), stroke: color, width: 2 }];
}

/** One name of the legend: where it stands in its row, and which series it is. */
interface LegendEntry {
  readonly name: string;
  readonly x: number;
  readonly index: number;
}

/** Names of a legend in as many rows as their widths need. */
function legendRows({ series }: Chart): LegendEntry[][] {
  const rows: LegendEntry[][] = [];
  let at = Infinity;
  series.forEach(({ label: name }, index) => {
    const width = 34 + name.length * CHARACTER * text.label;
    if (at + width > size.width - margin.right) {
      rows.push([]);
      at = 12;
    }
    rows.at(-1)!.push({ name, x: at, index }); // the first one always opens a row
    at += width;
  });
  return rows;
}

/** Names beside a stroke of their colour, below the title. */
function legend(chart: Chart, left: number, top: number): Primitive[] {
  return legendRows(chart).flatMap((row, i) =>
    row.flatMap(({ name, x, index }): Primitive[] => {
      const y = top + TITLE_Y + LEGEND_ROW * (i + 1) + 2;
      const [from, to] = [left + x, left + x + 14];
      return [
        { kind: "line", points: [from, y - 4, to, y - 4], stroke: seriesColor(index), width: 3 },
        label(name, to + 5, y, { size: text.label, fill: ink }),
      ];
    }),
  );
}
