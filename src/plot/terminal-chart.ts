import { type Chart, chartRange } from "./chart.ts";
import { ticks, tickText } from "./ticks.ts";

/** Dots of a braille character, by column and row, as bits added to U+2800. */
const dots = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

/** Colours of series in turn, as ANSI codes: cyan, yellow, green, magenta. */
const ansi = [36, 33, 32, 35] as const;

/** How much room there is, and whether colours show. */
export interface TerminalSize {
  readonly columns?: number;
  readonly rows?: number;
  readonly isColored?: boolean;
}

/** A chart in text: lines of braille dots (no bands) with the vertical axis at their left, and names in the colours of their lines. */
export function terminalChart(chart: Chart, { columns = 80, rows = 12, isColored = false }: TerminalSize = {}): string {
  const paint = (text: string, series: number): string =>
    isColored ? `\u001b[${ansi[series % ansi.length]}m${text}\u001b[0m` : text;
  const { x, y } = chartRange({ ...chart, series: chart.series.map((series) => ({ ...series, band: null })) });
  const labels = new Map(ticks(y[0], y[1], 4).map((value) => [rowOf(value, y, rows), tickText(value)]));
  const gutter = Math.max(...[...labels.values()].map(({ length }) => length), 1);
  const width = Math.max(10, Math.min(columns, 100) - gutter - 3);
  const cells = Array.from({ length: rows }, () => new Uint8Array(width));
  const owners = cells.map((cell) => new Uint8Array(cell.length));
  chart.series.forEach((series, index) =>
    series.x.forEach((at, i) => {
      const next = i + 1 < series.x.length ? i + 1 : i;
      // every dot column between two points gets its dot
      const [from, to] = [at, series.x[next]!].map((value) => ((value - x[0]) / (x[1] - x[0])) * (2 * width - 1));
      for (let column = Math.round(from!); column <= Math.round(to!); column++) {
        const share = to === from ? 0 : Math.min(1, Math.max(0, (column - from!) / (to! - from!)));
        const row = rowOf(series.y[i]! + share * (series.y[next]! - series.y[i]!), y, 4 * rows);
        cells[row >> 2]![column >> 1]! |= dots[column & 1 ? 1 : 0][(row & 3) as 0 | 1 | 2 | 3];
        owners[row >> 2]![column >> 1] = index;
      }
    }),
  );
  const body = cells.map((cell, row) => {
    const drawn = Array.from(cell, (bits, at) =>
      bits === 0 ? " " : paint(String.fromCharCode(0x2800 + bits), owners[row]![at]!),
    );
    return `${(labels.get(row) ?? "").padStart(gutter)} ┤${drawn.join("").trimEnd()}`;
  });
  const [left, right] = x.map(tickText) as [string, string];
  const foot = `${left}${`${chart.xLabel} ${right}`.padStart(width - left.length)}`;
  const names = chart.series.map(({ label }, index) => paint(label, index)).join(", ");
  return [`${chart.title}: ${chart.yLabel}  ${names}`, ...body, `${" ".repeat(gutter + 2)}${foot}`].join("\n");
}

const rowOf = (value: number, [low, high]: readonly [number, number], rows: number): number =>
  Math.min(rows - 1, Math.max(0, Math.round(((high - value) / (high - low)) * (rows - 1))));
