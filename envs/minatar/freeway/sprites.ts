import type { Bitmap } from "../../frame.ts";
import { computedArt, mirrored, mix, pixelArt, speckle, stepped } from "../pixel-art.ts";

/** Eight lanes of asphalt between two verges of grass; 16 pixels per cell. */
export const BACKGROUND = computedArt("freeway/background", 160, 160, (x, y) => {
  const row = Math.floor(y / 16);
  const grain = speckle(x, y);
  if (row === 0 || row === 9) {
    const kerb = row === 0 ? y >= 14 : y < 146;
    if (kerb) return x % 16 < 8 ? 0xb8b4a8 : 0x9c988c;
    return grain > 0.85 ? 0x6cae4a : grain < 0.12 ? 0x4a8836 : 0x58983e;
  }
  const isLine = y % 16 === 0 && row > 1 && (row === 5 || x % 20 < 10);
  if (isLine) return row === 5 ? 0xd8b13c : 0xb9bcc4;
  return mix(0x363942, 0x42454e, stepped(grain, 5));
});

/** A car from above, driving right; `b` and `B` take its colour. */
const CAR = [
  "................",
  "................",
  "..kkk.....kkk...",
  ".kkkkkkkkkkkkkk.",
  "kddddddddddddddk",
  "kbBBkkBBBBkkBByk",
  "kbBkgkBBBBkGkByk",
  "rbBkgkBBBBkGkBBk",
  "rbBkgkBBBBkGkBBk",
  "kbBkgkBBBBkGkByk",
  "kbBBkkBBBBkkBByk",
  "kddddddddddddddk",
  ".kkkkkkkkkkkkkk.",
  "..kkk.....kkk...",
  "................",
  "................",
];

/** Colour of the car by its speed 1 (fastest) .. 5 (slowest): body, dark parts. */
const PAINTS = [
  [0xf04848, 0xa02430],
  [0xf29a34, 0xa8601c],
  [0xf0e060, 0xa89a34],
  [0x58b8f0, 0x2c74a8],
  [0xd8dce8, 0x888c9c],
] as const;

function car(speed: number): Bitmap {
  const [body, dark] = PAINTS[speed - 1]!;
  return pixelArt(`freeway/car${speed}-right`, CAR, {
    k: 0x14161c,
    B: body,
    b: mix(body, dark, 0.5),
    d: dark,
    g: 0x24343f,
    G: 0xa8d4e8,
    y: 0xfff6b0,
    r: 0xff4040,
  });
}

/** Cars that drive right, by |speed| - 1. */
export const CARS_RIGHT: readonly Bitmap[] = [1, 2, 3, 4, 5].map(car);
/** Cars that drive left, by |speed| - 1. */
export const CARS_LEFT: readonly Bitmap[] = CARS_RIGHT.map((bitmap) =>
  mirrored(bitmap.name.replace("right", "left"), bitmap),
);

export const CHICKEN = pixelArt(
  "freeway/chicken",
  [
    "......rr.r......",
    ".....rrrrr......",
    ".....kkkkkk.....",
    "....kwwwwwwk....",
    "....kwkwwkwk....",
    "....kwwyywwk....",
    "....kwyyyywk....",
    "....kwwrrwwk....",
    "..kkkwwwwwwkkk..",
    ".kwwkwwwwwwkwwk.",
    ".kwwwgwwwwgwwwk.",
    ".kwwgwwwwwwgwwk.",
    "..kggwwwwwwggk..",
    "...kkggggggkk...",
    ".....yk..yk.....",
    "....yyy.yyy.....",
  ],
  { r: 0xe83c3c, k: 0x2a2420, w: 0xffffff, y: 0xf6b43c, g: 0xc8ccd8 },
);
