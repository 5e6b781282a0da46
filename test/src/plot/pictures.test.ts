import { frameToPng } from "gymnasium-js";
import { expect, test } from "vitest";
import { type Chart, chartsFrame, frameSvg, seriesColor, terminalChart } from "../../../src/plot/index.ts";
import { decodePng } from "../../helpers/decode-png.ts";

const x = [0, 1, 2, 3];
const chart: Chart = {
  title: "A <world> & more",
  xLabel: "steps",
  yLabel: "return",
  series: [
    { label: "rising", x, y: [0, 10, 20, 30], band: { low: [0, 5, 15, 25], high: [5, 15, 25, 35] } },
    { label: "flat", x, y: [2, 2, 2, 2], band: null },
  ],
  references: [{ label: "published", y: 28 }],
};

test("the SVG is well formed, escapes text and holds one line per series and one band", () => {
  const svg = frameSvg(chartsFrame([chart]));
  expect(svg).toContain("A &lt;world&gt; &amp; more");
  expect(svg.match(/<polygon/g)).toHaveLength(1);
  for (const [i, { label }] of chart.series.entries()) {
    const color = `#${seriesColor(i).toString(16).padStart(6, "0")}`;
    expect(svg.match(new RegExp(`stroke="${color}"`, "g"))).toHaveLength(2); // its line and its mark in the legend
    expect(svg).toContain(`>${label}</text>`);
  }
  expect(svg.match(/<[a-z]+ [^<>]*[^/]>/g)!.length).toBe(svg.match(/<\/[a-z]+>/g)!.length);
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});

test("the PNG shows the lines where the data are", () => {
  const frame = chartsFrame([{ ...chart, references: [] }]);
  const { width, pixels, channels } = decodePng(frameToPng(frame, { longSide: frame.view.width }));
  const isBlue = (at: number): boolean => pixels[at]! < 60 && pixels[at + 2]! > 140;
  const rowsOf = (column: number): number[] =>
    Array.from({ length: pixels.length / width / channels }, (_, row) => row).filter(
      (row) => row > 90 && isBlue((row * width + column) * channels),
    );
  const [left, right] = [rowsOf(100), rowsOf(580)]; // the line rises from left to right
  expect(Math.min(...left)).toBeGreaterThan(Math.max(...right) + 150);
});

test("charts without points, or with a single one, are drawn too", () => {
  const bare = { title: "t", xLabel: "x", yLabel: "y", series: [{ label: "a", x: [], y: [], band: null }] };
  expect(frameSvg(chartsFrame([bare, { ...bare, series: [{ label: "b", x: [5], y: [7], band: null }] }]))).toMatch(
    /<circle/,
  );
  expect(frameSvg(chartsFrame([bare]))).not.toMatch(/NaN|Infinity/);
});

test("the terminal's chart puts dots high at the end of a rising line and low at its start", () => {
  const lines = terminalChart({ ...chart, series: [chart.series[0]!] }, { columns: 60, rows: 8 }).split("\n");
  expect(lines).toHaveLength(10);
  const [top, bottom] = [lines[1]!, lines[8]!].map((text) => text.slice(text.indexOf("┤") + 1));
  expect(top!.trim().length).toBeGreaterThan(0);
  expect(top!.search(/\S/)).toBeGreaterThan(35);
  expect(bottom!.trim().length).toBeGreaterThan(0);
  expect(bottom!.trimEnd().length).toBeLessThan(15);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(60);
});
