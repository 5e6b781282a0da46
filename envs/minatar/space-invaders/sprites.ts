import { computedArt, mix, pixelArt, speckle, stepped, symmetricArt } from "../pixel-art.ts";

/** Night sky with stars, and ground under the cannon; 16 pixels per cell. */
export const BACKGROUND = computedArt("space-invaders/background", 160, 160, (x, y) => {
  if (y >= 157) return y === 157 ? 0x58c860 : 0x2c7038;
  const sky = mix(0x05060f, 0x1a1440, stepped(y / 160, 24));
  const star = speckle(x, y);
  if (star > 0.9975) return 0xe8ecff;
  return star > 0.992 ? mix(sky, 0x9aa4d8, 0.5) : sky;
});

const ALIEN_COLORS = [
  { m: 0xf070c8, d: 0xa03c88, e: 0x200818 },
  { m: 0x6ad0f0, d: 0x3484a8, e: 0x081820 },
  { m: 0x88e070, d: 0x489038, e: 0x0c2008 },
] as const;

const CRAB_OPEN = [
  "........",
  "..m.....",
  "...m....",
  "..mmmmmm",
  ".mmmmmmm",
  "mmmeemmm",
  "mmmeemmm",
  "mmmmmmmm",
  "m.mmmmmm",
  "m.mdddmm",
  "m.m....d",
  "...mm...",
  "...dd...",
  "........",
];
const CRAB_CLOSED = [
  "........",
  "..m.....",
  "m..m....",
  "m.mmmmmm",
  "mmmmmmmm",
  "mmmeemmm",
  "mmmeemmm",
  "mmmmmmmm",
  ".mmmmmmm",
  "..mdddmm",
  "..m....d",
  ".mm.....",
  ".d......",
  "........",
];

/** By row kind (0..2) and pose (0, 1). */
export const ALIENS = ALIEN_COLORS.map((palette, kind) => [
  symmetricArt(`space-invaders/alien${kind}a`, CRAB_OPEN, palette),
  symmetricArt(`space-invaders/alien${kind}b`, CRAB_CLOSED, palette),
]);

export const CANNON = symmetricArt(
  "space-invaders/cannon",
  [
    ".......l",
    "......kl",
    "......kl",
    "......kg",
    "..kkkkkg",
    ".kllllgg",
    "kllggggg",
    "klgggggg",
    "klggdddg",
    "kgdddddd",
    "kkkkkkkk",
  ],
  { k: 0x14381c, l: 0xb4ffb8, g: 0x5cdc6c, d: 0x349448 },
);

export const FRIENDLY_BULLET = symmetricArt(
  "space-invaders/shot",
  [".w", "ww", "ww", "wy", "yy", "yy", "yo", "oo", "oo", ".o"],
  { w: 0xffffff, y: 0xfff08c, o: 0xf0a040 },
);

export const ENEMY_BULLET = pixelArt(
  "space-invaders/bolt",
  ["..rr", ".rr.", "rr..", ".rr.", "..rr", ".rr.", "rr..", ".rr.", "..rr", ".rw."],
  { r: 0xff5a5a, w: 0xffe0d0 },
);
