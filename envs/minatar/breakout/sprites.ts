import type { Bitmap } from "../../frame.ts";
import { computedArt, faded, mix, pixelArt, speckle, stepped, symmetricArt } from "../pixel-art.ts";

/** A dim hall with a tiled back wall; 16 pixels per cell. */
export const BACKGROUND = computedArt("breakout/background", 160, 160, (x, y) => {
  const wall = mix(0x141a35, 0x232c57, stepped(y / 160, 10));
  const isSeam = y % 16 === 0 || (x + (Math.floor(y / 16) % 2) * 16) % 32 === 0;
  if (y >= 158) return 0x8f2d3f; // the line that must not be crossed
  return mix(isSeam ? mix(wall, 0x0a0d1c, 0.35) : wall, 0xffffff, stepped(speckle(x, y), 3) * 0.02);
});

const BRICK = [
  "lllllllllllllllm",
  "lmmmmmmmmmmmmmmd",
  "lmmmmmmmmmmmmmmd",
  "lmhhmmmmmmmmmmmd",
  "lmhmmmmmmmmmmmmd",
  "lmmmmmmmmmmmmmmd",
  "lmmmmmmmmmmmmmmd",
  "lmmmmmmmmmmmmmmd",
  "lmmmmmmmmmmmmmmd",
  "lmmmmmmmmmmmmmmd",
  "lmmmmmmmmmmmmmmd",
  "mddddddddddddddd",
  "................",
];

function brick(name: string, light: number, main: number, dark: number): Bitmap {
  return pixelArt(`breakout/brick-${name}`, BRICK, { l: light, h: 0xffffff, m: main, d: dark });
}

/** One colour per row of bricks, top row first. */
export const BRICKS: readonly Bitmap[] = [
  brick("red", 0xff9d8a, 0xe4503f, 0x9c2b2b),
  brick("amber", 0xffd98a, 0xf0a030, 0xa8641c),
  brick("green", 0xb8f090, 0x5cb848, 0x2f7a38),
];

export const BALL = symmetricArt(
  "breakout/ball",
  ["...oo", ".owwh", ".owhh", "owwww", "owwww", "owwww", "ogwww", ".ogww", ".oggg", "...oo"],
  { o: 0x8fa3c8, w: 0xf4f6ff, h: 0xffffff, g: 0xc3cfe8 },
);

/** Where the ball was a frame ago. */
export const TRAIL = faded("breakout/trail", BALL, 0.35);

export const PADDLE = symmetricArt(
  "breakout/paddle",
  ["..oooooo", ".orrllll", "orrlbbbb", "orrbbbbb", "orrbbbbb", ".orrdddd", "..oooooo"],
  { o: 0x1b2240, r: 0xe86a5a, l: 0xe6f4ff, b: 0x8fc4ec, d: 0x4c7fb0 },
);
