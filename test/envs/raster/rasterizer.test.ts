import fc from "fast-check";
import { expect, test } from "vitest";
import type { Bitmap, Frame, Primitive } from "../../../envs/index.ts";
import { grey } from "../../../envs/raster/grey.ts";
import { Rasterizer } from "../../../envs/raster/rasterizer.ts";
import { pixelSize, rgbArray } from "../../../envs/raster/rgb-array.ts";

const WHITE = 0xffffff;
const BLACK = 0x000000;

function frame(primitives: readonly Primitive[], yAxis: Frame["yAxis"] = "down", size = 10): Frame {
  return { view: { x: 0, y: 0, width: size, height: size }, yAxis, background: BLACK, primitives };
}

/** Grey pixels as rows of numbers. */
function greyRows(f: Frame, size: number): number[][] {
  const pixels = new Rasterizer({ width: size, height: size, channels: 1 }).draw(f);
  return Array.from({ length: size }, (_, y) => Array.from(pixels.subarray(y * size, (y + 1) * size)));
}

const sum = (rows: number[][]): number => rows.flat().reduce((total, value) => total + value, 0) / 255;

const DOT: Bitmap = {
  name: "test/dot",
  width: 2,
  height: 2,
  // red, green / blue, nothing
  rgba: Uint8Array.of(255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 9, 9, 9, 0),
};

test("y grows upwards or downwards as the frame says", () => {
  const box: Primitive = { kind: "polygon", points: [0, 0, 1, 0, 1, 1, 0, 1], fill: WHITE };
  expect(greyRows(frame([box], "down"), 10)[0]![0]).toBe(255);
  expect(greyRows(frame([box], "up"), 10)[9]![0]).toBe(255);
  expect(greyRows(frame([box], "up"), 10)[0]![0]).toBe(0);
});

test("a disc of radius 3 covers its area (within 1 %) and lies around its centre", () => {
  const rows = greyRows(frame([{ kind: "circle", x: 5, y: 5, radius: 3, fill: WHITE }]), 40);
  expect(sum(rows) / 16).toBeCloseTo(Math.PI * 9, 0);
  expect(Math.abs(sum(rows) / 16 / (Math.PI * 9) - 1)).toBeLessThan(0.01);
  expect(rows).toEqual(rows.toReversed());
});

test("a ring leaves its middle free and covers 2 pi r w (within 2 %)", () => {
  const rows = greyRows(frame([{ kind: "circle", x: 5, y: 5, radius: 3, stroke: WHITE, strokeWidth: 1 }]), 40);
  expect(rows[20]![20]).toBe(0);
  expect(Math.abs(sum(rows) / 16 / (2 * Math.PI * 3) - 1)).toBeLessThan(0.02);
});

test.each(["up", "down"] as const)(
  "a bent line is painted once where its pieces overlap: half opaque stays half opaque, y %s",
  (yAxis) => {
    const points = [1, 5, 5, 5, 9, 6, 9, 9, 2, 2];
    const rows = greyRows(frame([{ kind: "line", points, stroke: WHITE, width: 2, alpha: 0.5 }], yAxis), 40);
    expect(Math.max(...rows.flat())).toBe(128);
    for (const [x, y] of [
      [20, 20],
      [36, 24],
      [36, 36],
    ] as const)
      expect(rows[yAxis === "up" ? 39 - y : y]![x]).toBe(128);
  },
);

test("a line of width 2 and length 6 covers 12 (within 1 %), whichever way it points", () => {
  for (const angle of [0, 0.3, 1, Math.PI / 2, 2.5, 4]) {
    const [dx, dy] = [3 * Math.cos(angle), 3 * Math.sin(angle)];
    const line: Primitive = { kind: "line", points: [5 - dx, 5 - dy, 5 + dx, 5 + dy], stroke: WHITE, width: 2 };
    expect(Math.abs(sum(greyRows(frame([line]), 40)) / 16 / 12 - 1)).toBeLessThan(0.01);
  }
});

test("a sprite on whole cells is copied block by block; transparent pixels show what is behind", () => {
  const sprite: Primitive = { kind: "sprite", bitmap: DOT, x: 1, y: 1, width: 2, height: 2 };
  const pixels = rgbArray({ ...frame([sprite], "down", 2), background: 0x102030 }, 4, 4);
  const at = (x: number, y: number): number[] => Array.from(pixels.subarray((y * 4 + x) * 3, (y * 4 + x) * 3 + 3));
  expect([at(0, 0), at(1, 1), at(2, 0), at(3, 1)]).toEqual([
    [255, 0, 0],
    [255, 0, 0],
    [0, 255, 0],
    [0, 255, 0],
  ]);
  expect([at(0, 3), at(3, 3)]).toEqual([
    [0, 0, 255],
    [0x10, 0x20, 0x30],
  ]);
});

test("a sprite turned by a quarter shows its right side on top where y grows upwards, at the bottom where downwards", () => {
  const sprite = (angle: number): Primitive => ({
    kind: "sprite",
    bitmap: DOT,
    x: 1,
    y: 1,
    width: 2,
    height: 2,
    angle,
  });
  const green = (yAxis: Frame["yAxis"], x: number, y: number): number =>
    rgbArray(frame([sprite(Math.PI / 2)], yAxis, 2), 8, 8)[(y * 8 + x) * 3 + 1]!;
  expect(green("up", 1, 1)).toBeGreaterThan(200); // right top goes to left top, counter-clockwise on screen
  expect(green("down", 6, 6)).toBeGreaterThan(200); // right top goes to right bottom, clockwise on screen
  expect(green("up", 6, 6)).toBeLessThan(20);
});

test("a full turn changes a sprite by less than one level in 255 inside", () => {
  const big: Bitmap = { name: "test/plain", width: 1, height: 1, rgba: Uint8Array.of(200, 100, 50, 255) };
  const sprite = (angle: number): Primitive => ({
    kind: "sprite",
    bitmap: big,
    x: 5,
    y: 5,
    width: 6,
    height: 6,
    angle,
  });
  const pixels = rgbArray(frame([sprite(2 * Math.PI)]), 20, 20);
  expect(Math.abs(pixels[(10 * 20 + 10) * 3]! - 200)).toBeLessThanOrEqual(1);
});

test("an image of the picture's size is copied byte by byte, top row first, in both orientations", () => {
  const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (i * 7) % 256);
  for (const yAxis of ["up", "down"] as const) {
    const image: Primitive = {
      kind: "image",
      x: 0,
      y: 0,
      width: 8,
      height: 8,
      pixelWidth: 8,
      pixelHeight: 8,
      channels: 3,
      pixels,
    };
    expect(rgbArray(frame([image], yAxis, 8), 8, 8)).toEqual(pixels);
  }
});

test("an image drawn at half size is averaged", () => {
  const pixels = Uint8Array.of(0, 100, 50, 50, 200, 100, 50, 50);
  const image: Primitive = {
    kind: "image",
    x: 0,
    y: 0,
    width: 4,
    height: 2,
    pixelWidth: 4,
    pixelHeight: 2,
    channels: 1,
    pixels,
  };
  const f: Frame = { view: { x: 0, y: 0, width: 4, height: 2 }, yAxis: "down", background: 0, primitives: [image] };
  expect(Array.from(new Rasterizer({ width: 2, height: 1, channels: 1 }).draw(f))).toEqual([100, 50]);
});

test("text stands on its baseline, seven dots high, and is aligned as asked", () => {
  const text = (align: "left" | "center" | "right"): number[][] =>
    greyRows(frame([{ kind: "text", text: "I", x: 10, y: 15, size: 7, fill: WHITE, align }], "down", 20), 20);
  const rowsOf = (rows: number[][]): number[] => rows.flatMap((row, y) => (row.some((value) => value > 0) ? [y] : []));
  const columnsOf = (rows: number[][]): number[] =>
    [...new Set(rows.flatMap((row) => row.flatMap((v, x) => (v > 0 ? [x] : []))))].toSorted((a, b) => a - b);
  expect(rowsOf(text("left"))).toEqual([8, 9, 10, 11, 12, 13, 14]);
  expect(columnsOf(text("left"))).toEqual([11, 12, 13]);
  expect(columnsOf(text("right"))).toEqual([6, 7, 8]);
});

test("unknown characters become a question mark", () => {
  const draw = (text: string): number[][] =>
    greyRows(frame([{ kind: "text", text, x: 1, y: 9, size: 7, fill: WHITE }]), 10);
  expect(draw("é")).toEqual(draw("?"));
  expect(draw("?")).not.toEqual(draw("!"));
});

test("contain keeps a circle round with background beside it, stretch fills the picture", () => {
  const f: Frame = {
    view: { x: 0, y: 0, width: 10, height: 10 },
    yAxis: "up",
    background: BLACK,
    primitives: [{ kind: "polygon", points: [0, 0, 10, 0, 10, 10, 0, 10], fill: WHITE }],
  };
  const contain = new Rasterizer({ width: 8, height: 4, channels: 1 }).draw(f);
  expect(Array.from(contain.subarray(0, 8))).toEqual([0, 0, 255, 255, 255, 255, 0, 0]);
  const stretch = new Rasterizer({ width: 8, height: 4, channels: 1, fit: "stretch" }).draw(f);
  expect(stretch.every((value) => value === 255)).toBe(true);
});

const color = fc.integer({ min: 0, max: WHITE });
const place = fc.double({ min: -3, max: 13, noNaN: true });
const primitive: fc.Arbitrary<Primitive> = fc.oneof(
  fc.record({
    kind: fc.constant("polygon" as const),
    points: fc.array(place, { minLength: 6, maxLength: 6 }),
    fill: color,
    stroke: color,
    alpha: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant("circle" as const),
    x: place,
    y: place,
    radius: fc.double({ min: 0, max: 6, noNaN: true }),
    fill: color,
  }),
  fc.record({
    kind: fc.constant("line" as const),
    points: fc.array(place, { minLength: 6, maxLength: 6 }),
    stroke: color,
    width: fc.double({ min: 0, max: 3, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant("sprite" as const),
    bitmap: fc.constant(DOT),
    x: place,
    y: place,
    width: fc.double({ min: 0, max: 9, noNaN: true }),
    height: fc.double({ min: 0, max: 9, noNaN: true }),
    angle: fc.constantFrom(0, 1, -2),
  }),
  fc.record({
    kind: fc.constant("text" as const),
    text: fc.string({ maxLength: 5 }),
    x: place,
    y: place,
    size: fc.double({ min: 0, max: 5, noNaN: true }),
    fill: color,
  }),
);

test("a grey picture is the luma of the RGB picture (within 3 levels of 255)", () => {
  fc.assert(
    fc.property(
      fc.array(primitive, { maxLength: 4 }),
      fc.constantFrom("up" as const, "down" as const),
      (primitives, yAxis) => {
        const f = frame(primitives, yAxis);
        const rgb = rgbArray(f, 21, 17);
        const single = new Rasterizer({ width: 21, height: 17, channels: 1 }).draw(f);
        single.forEach((value, i) => {
          expect(Math.abs(value - grey(rgb[i * 3]!, rgb[i * 3 + 1]!, rgb[i * 3 + 2]!))).toBeLessThanOrEqual(3);
        });
      },
    ),
    { numRuns: 60 },
  );
});

test("a rasteriser that has drawn other frames before draws the same bytes as a new one", () => {
  fc.assert(
    fc.property(fc.array(primitive, { maxLength: 3 }), fc.array(primitive, { maxLength: 3 }), (before, after) => {
      const used = new Rasterizer({ width: 20, height: 20 });
      used.draw(frame(before));
      expect(used.draw(frame(after))).toEqual(rgbArray(frame(after), 20, 20));
    }),
    { numRuns: 60 },
  );
});

test("bitmaps of one name but other pixels are told apart", () => {
  const raster = new Rasterizer({ width: 4, height: 4, channels: 1 });
  const sprite = (rgba: number[]): Frame =>
    frame([
      {
        kind: "sprite",
        bitmap: { name: "same", width: 1, height: 1, rgba: Uint8Array.from(rgba) },
        x: 5,
        y: 5,
        width: 10,
        height: 10,
      },
    ]);
  expect(raster.draw(sprite([255, 255, 255, 255]))[0]).toBe(255);
  expect(raster.draw(sprite([80, 80, 80, 255]))[0]).toBe(80);
});

test("wrong input is refused with its place: sizes, empty views, coordinates that are not finite, missing pixels", () => {
  const box = frame([]);
  expect(() => rgbArray(box, 0, 10)).toThrow(/width must be an integer from 1 to 16384, got 0/);
  expect(() => rgbArray(box, 10, 2.5)).toThrow(/height must be/);
  expect(() => rgbArray({ ...box, view: { x: 0, y: 0, width: 0, height: 1 } }, 4, 4)).toThrow(/the view must have/);
  const nan: Primitive = { kind: "circle", x: NaN, y: 0, radius: 1, fill: WHITE };
  expect(() => rgbArray(frame([{ ...nan, x: 0 }, nan]), 4, 4)).toThrow(/primitives\[1\] \(circle\)/);
  const odd: Primitive = { kind: "polygon", points: [0, 0, 1, 1, 2], fill: WHITE };
  expect(() => rgbArray(frame([odd]), 4, 4)).toThrow(RangeError);
  const short: Primitive = {
    kind: "image",
    x: 0,
    y: 0,
    width: 1,
    height: 1,
    pixelWidth: 2,
    pixelHeight: 2,
    channels: 3,
    pixels: new Uint8Array(11),
  };
  expect(() => rgbArray(frame([short]), 4, 4)).toThrow(/image/);
  const bitmap: Bitmap = { name: "short", width: 2, height: 2, rgba: new Uint8Array(15) };
  expect(() => rgbArray(frame([{ kind: "sprite", bitmap, x: 1, y: 1, width: 2, height: 2 }]), 9, 9)).toThrow(
    /"short".*16 bytes, got 15/,
  );
});

test("pixelSize keeps the aspect ratio with even sides", () => {
  const wide: Frame = { ...frame([]), view: { x: 0, y: 0, width: 6, height: 4 } };
  expect(pixelSize(wide, 600)).toEqual({ width: 600, height: 400 });
  expect(pixelSize(frame([]), 101)).toEqual({ width: 102, height: 102 });
});
