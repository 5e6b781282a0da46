import { expect, test } from "vitest";
import { WHOLE } from "../../viewer/circuit/camera.ts";
import { PixelDiscs } from "../../viewer/circuit/pixel-discs.ts";
import { PixelLines, strokeSegment } from "../../viewer/circuit/pixel-lines.ts";
import { mixPixels, toPixel, type PixelPicture } from "../../viewer/circuit/pixel-picture.ts";

const [BLACK, WHITE, RED, BLUE] = [
  toPixel([0, 0, 0]),
  toPixel([1, 1, 1]),
  toPixel([1, 0, 0]),
  toPixel([0, 0, 1]),
] as const;
const OPAQUE = 256;

const blackPicture = (width: number, height: number): PixelPicture => ({
  width,
  height,
  pixels: new Int32Array(width * height).fill(BLACK),
});
const red = (pixel: number | undefined): number => (pixel ?? NaN) & 255;
/** Largest difference in red between two lists of pixels. */
const apart = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, v, i) => Math.max(most, Math.abs(v - (b[i] ?? NaN))), a.length === b.length ? 0 : NaN);
/** Reds of the part of `picture` that begins at (x, y). */
const partOf = ({ width, pixels }: PixelPicture, x: number, y: number, size: number): number[] =>
  Array.from({ length: size * size }, (_, i) => red(pixels[(y + Math.floor(i / size)) * width + x + (i % size)]));
const redsOf = ({ pixels }: PixelPicture): number[] => Array.from(pixels, red);

test("a pixel is laid out as ImageData reads it: red, green, blue, opaque", () => {
  expect([...new Uint8Array(Int32Array.of(toPixel([1, 0.5, 0])).buffer)]).toEqual([255, 128, 0, 255]);
});

test("mixing is the weighted mean of every channel, within 1, and stays opaque", () => {
  const pixels = [BLACK, WHITE, RED, BLUE, toPixel([0.2, 0.7, 0.4]), toPixel([0.9, 0.1, 0.6])];
  const channels = (pixel: number): number[] => [0, 8, 16].map((shift) => (pixel >>> shift) & 255);
  for (const under of pixels)
    for (const over of pixels)
      for (let share = 0; share <= 256; share += 8) {
        const mixed = mixPixels(under, over, share);
        expect(mixed >>> 24).toBe(255);
        channels(mixed).forEach((v, c) => {
          const exact = ((channels(under)[c] ?? 0) * (256 - share) + (channels(over)[c] ?? 0) * share) / 256;
          expect(Math.abs(v - exact)).toBeLessThanOrEqual(1);
        });
      }
});

test("a line of width 2 on a pixel border covers its two rows wholly and no others", () => {
  const picture = blackPicture(6, 6);
  strokeSegment(picture, 0, 3, OPAQUE, 6, 3, OPAQUE, 1, WHITE, true);
  const rows = Array.from({ length: 6 }, (_, y) => redsOf(picture).slice(y * 6, y * 6 + 6));
  expect(rows.map((row) => new Set(row).size)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(rows.map(([first]) => first)).toEqual([0, 0, 255, 255, 0, 0]);
});

test("a line covers its length times its width, whatever its direction, within 4 %", () => {
  const half = 1.3;
  for (let angle = 0; angle < 360; angle += 7.5) {
    const isWide = angle % 15 === 0; // drawn column by column or row by row
    const picture = blackPicture(200, 200);
    const [dx, dy] = [80 * Math.cos((angle * Math.PI) / 180), 80 * Math.sin((angle * Math.PI) / 180)];
    strokeSegment(picture, 100 - dx, 100 - dy, OPAQUE, 100 + dx, 100 + dy, OPAQUE, half, WHITE, isWide);
    const covered = redsOf(picture).reduce((sum, v) => sum + v / 255, 0);
    expect(Math.abs(covered / (160 * 2 * half) - 1)).toBeLessThan(0.04);
  }
});

test("segments that meet share no pixels, so a faint line is nowhere darker at its joints", () => {
  const whole = blackPicture(100, 20);
  strokeSegment(whole, 3, 4, 64, 97, 15, 64, 1, WHITE, true);
  const pieces = blackPicture(100, 20);
  for (let s = 0; s < 10; s++)
    strokeSegment(pieces, 3 + s * 9.4, 4 + s * 1.1, 64, 12.4 + s * 9.4, 5.1 + s * 1.1, 64, 1, WHITE, true);
  expect(apart(redsOf(whole), redsOf(pieces))).toBeLessThanOrEqual(1);
});

test("opacity runs from one end of a line to the other", () => {
  const picture = blackPicture(256, 4);
  strokeSegment(picture, 0, 2, 0, 256, 2, 256, 1, WHITE, true);
  for (const x of [0, 100, 200, 255]) expect(Math.abs(red(picture.pixels[256 + x]) - x)).toBeLessThanOrEqual(2);
});

test("lines and discs that leave the picture are cut off at its borders", () => {
  for (let angle = 0; angle < 360; angle += 10) {
    const [framed, cut] = [blackPicture(300, 300), blackPicture(100, 100)];
    const [dx, dy] = [120 * Math.cos((angle * Math.PI) / 180), 120 * Math.sin((angle * Math.PI) / 180)];
    strokeSegment(framed, 150.3 - dx, 160.2 - dy, 200, 150.3 + dx, 160.2 + dy, 100, 2, WHITE, true);
    strokeSegment(cut, 50.3 - dx, 60.2 - dy, 200, 50.3 + dx, 60.2 + dy, 100, 2, WHITE, true);
    expect(apart(redsOf(cut), partOf(framed, 100, 100, 100))).toBeLessThanOrEqual(1); // rounded at other places
  }
  const colors = { camera: WHOLE, positive: RED, negative: BLUE, neutral: BLACK, paper: BLACK };
  for (const [x, y] of [
    [-5, 10],
    [25, -5],
    [10, 25],
    [-99, -99],
  ] as const) {
    const discs = new PixelDiscs([{ x, y, radius: 10 }]);
    discs.setSignal(0, 1, 1);
    const [picture, larger] = [blackPicture(20, 20), blackPicture(60, 60)];
    discs.draw(picture, colors);
    discs.draw(larger, { ...colors, camera: { x: 20, y: 20, zoom: 1 } });
    expect(apart(redsOf(picture), partOf(larger, 20, 20, 20))).toBe(0);
  }
});

const LINE_STYLE = { camera: WHOLE, positive: RED, negative: BLUE, quiet: 0.25, flow: null } as const;

test("synapses have the colour of their polarity and are the brighter the more they carry", () => {
  const edges = ([1, -1] as const).map((polarity, k) => ({
    a: { x: 0, y: 10 + 20 * k },
    b: { x: 200, y: 10 + 20 * k },
    polarity,
    halfWidth: 1,
  }));
  const lines = new PixelLines(edges, 5);
  const drawn = (activity: number): readonly [red: number, blue: number] => {
    const picture = blackPicture(200, 40);
    edges.forEach((_, e) => lines.setSignal(e, activity, 1));
    lines.draw(picture, LINE_STYLE, 0, 2);
    return [red(picture.pixels[10 * 200 + 100]), ((picture.pixels[30 * 200 + 100] ?? 0) >>> 16) & 255];
  };
  expect(drawn(0)).toEqual([63, 63]); // a quarter
  expect(drawn(1)).toEqual([255, 255]);
  const picture = blackPicture(200, 40);
  lines.draw(picture, LINE_STYLE, 1, 2); // the second alone
  expect(red(picture.pixels[10 * 200 + 100])).toBe(0);
});

test("waves run along active synapses towards the listener and repeat after one wavelength", () => {
  const lines = new PixelLines([{ a: { x: 0, y: 4 }, b: { x: 240, y: 4 }, polarity: 1, halfWidth: 1.5 }], 1);
  lines.setSignal(0, 1, 1);
  /** x of the brightest pixel around the middle when waves have moved by `flow` */
  const crest = (flow: number): number => {
    const picture = blackPicture(240, 8);
    lines.draw(picture, { ...LINE_STYLE, quiet: 0, flow }, 0, 1);
    const row = redsOf(picture).slice(4 * 240 + 60, 4 * 240 + 150);
    return 60 + row.indexOf(Math.max(...row));
  };
  expect(crest(0.2)).toBeGreaterThan(crest(0) + 5);
  expect(crest(1)).toBe(crest(0));
});

test("a neuron has its colour inside, a rim in the panel's colour, and glows when it is active", () => {
  const discs = new PixelDiscs([{ x: 20, y: 20, radius: 8 }]);
  const style = { camera: WHOLE, positive: RED, negative: BLUE, neutral: BLACK, paper: WHITE };
  const pixelsAt = (activation: number, visibility = 1): number[] => {
    const picture = blackPicture(40, 40);
    discs.setSignal(0, activation, visibility);
    discs.draw(picture, style);
    return [20, 28, 32].map((x) => picture.pixels[20 * 40 + x] ?? 0);
  };
  expect(pixelsAt(1).slice(0, 2)).toEqual([RED, WHITE]);
  expect(pixelsAt(-1)[0]).toBe(BLUE);
  expect(pixelsAt(0)).toEqual([BLACK, WHITE, BLACK]);
  expect(red(pixelsAt(1)[2])).toBeGreaterThan(20);
  expect(red(pixelsAt(1, 0.5)[0])).toBe(127);
  expect(pixelsAt(1, 0)).toEqual([BLACK, BLACK, BLACK]);
});
