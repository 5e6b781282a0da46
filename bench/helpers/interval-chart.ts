/** One mark of a chart: a mean, and the interval it lies in (null: unknown). */
export interface Mark {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | null;
}

/** Marks of one thing in every group. */
export interface Series {
  readonly name: string;
  readonly marks: readonly (Mark | null)[];
}

/** What a chart shows. */
export interface IntervalChart {
  readonly title: string;
  readonly yLabel: string;
  readonly groups: readonly string[];
  readonly series: readonly Series[];
}

const WIDTH = 760;
const HEIGHT = 360;
const LEFT = 64;
const RIGHT = 16;
const TOP = 64;
const BOTTOM = 44;
/** Okabe and Ito's colours: told apart by everybody, on light and dark. */
const COLORS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];

/** Steps of 1, 2 or 5 times a power of ten, about five of them up to `max`. */
function ticks(max: number): number[] {
  const rough = max / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough)!; // 10 always is
  return Array.from({ length: Math.floor(max / step + 1e-9) + 1 }, (_, i) => i * step);
}

const text = (x: number, y: number, content: string, anchor = "middle", rest = ""): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}"${rest}>${content}</text>`;

/** Dots with whiskers, grouped along the x axis, from 0 up, as an SVG file that reads well on light and dark pages. */
export function intervalChartSvg({ title, yLabel, groups, series }: IntervalChart): string {
  const all = series.flatMap(({ marks }) => marks.flatMap((m) => (m ? [m.mean, m.interval?.[1] ?? 0] : [])));
  const means = series.flatMap(({ marks }) => marks.flatMap((m) => (m ? [m.mean] : [])));
  const max = Math.min(Math.max(...all), 1.6 * Math.max(...means, 1e-9)) || 1; // intervals of few seeds may be wide
  const y = (value: number): number =>
    HEIGHT - BOTTOM - (Math.max(0, Math.min(value, max)) / max) * (HEIGHT - TOP - BOTTOM);
  const groupWidth = (WIDTH - LEFT - RIGHT) / groups.length;
  const x = (group: number, s: number): number => LEFT + groupWidth * (group + (s + 1) / (series.length + 1));
  const axis = ticks(max).flatMap((value) => [
    `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value).toFixed(1)}" y2="${y(value).toFixed(1)}"/>`,
    text(LEFT - 8, y(value) + 4, String(Number(value.toPrecision(3))), "end"),
  ]);
  const legend = series.flatMap(({ name }, s) => {
    const at = LEFT + ((WIDTH - LEFT - RIGHT) * s) / series.length;
    return [`<circle cx="${at + 6}" cy="44" r="5" fill="${COLORS[s]}"/>`, text(at + 16, 48, name, "start")];
  });
  const marks = series.flatMap(({ marks: row }, s) =>
    row.flatMap((mark, g) => {
      if (mark === null) return [];
      const [cx, color] = [x(g, s).toFixed(1), COLORS[s]];
      const [low, high] = mark.interval ?? [mark.mean, mark.mean];
      return [
        `<line x1="${cx}" x2="${cx}" y1="${y(low).toFixed(1)}" y2="${y(high).toFixed(1)}" stroke="${color}" stroke-width="2" opacity="0.55"/>`,
        `<circle cx="${cx}" cy="${y(mark.mean).toFixed(1)}" r="5" fill="${color}"/>`,
      ];
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}">`,
    "<style>text{font:13px system-ui,sans-serif;fill:#24292f}.grid{stroke:#8c959f;stroke-opacity:.35}@media(prefers-color-scheme:dark){text{fill:#e6edf3}}</style>",
    text(LEFT, 22, title, "start", ' style="font-size:15px;font-weight:600"'),
    text(-(TOP + (HEIGHT - TOP - BOTTOM) / 2), 16, yLabel, "middle", ' transform="rotate(-90)"'),
    ...axis,
    ...groups.map((group, g) => text(LEFT + groupWidth * (g + 0.5), HEIGHT - 18, group)),
    ...legend,
    ...marks,
    "</svg>\n",
  ].join("\n");
}
