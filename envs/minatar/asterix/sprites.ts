import { computedArt, faded, mirrored, mix, pixelArt, speckle, symmetricArt } from "../pixel-art.ts";

/** Forest above and below, eight sandy lanes between; 16 pixels per cell. */
export const BACKGROUND = computedArt("asterix/background", 160, 160, (x, y) => {
  const row = Math.floor(y / 16);
  if (row === 0 || row === 9) {
    const isLeaf = speckle(x >> 1, y >> 1) > 0.6;
    return mix(isLeaf ? 0x2f6b34 : 0x255a2d, 0x0e2d1a, row === 0 ? 1 - y / 15 : (y - 144) / 15);
  }
  const lane = row % 2 === 0 ? 0x8a7452 : 0x806b4b;
  if (y % 16 === 0) return 0x6c5a3f;
  const grain = speckle(x, y);
  return grain > 0.965 ? 0x9c8762 : grain < 0.03 ? 0x6f5c40 : lane;
});

export const PLAYER = symmetricArt(
  "asterix/player",
  [
    "ww......",
    "www..kkk",
    ".wwkkyyy",
    ".wwkyyyY",
    "..kyyyYY",
    "..kkkkkk",
    "..ksssss",
    "..ksseks",
    "..kssekS",
    ".koossSS",
    ".koooooo",
    "..kooOoo",
    ".kkksssO",
    "kskkkkkk",
    "ksknngnn",
    ".kkbbbkk",
  ],
  {
    w: 0xffffff,
    k: 0x201828,
    y: 0xd9a32a,
    Y: 0xf7d25c,
    s: 0xf4c8a0,
    S: 0xe0a078,
    e: 0xffffff,
    o: 0xf0862c,
    O: 0xc86018,
    n: 0x7a4a24,
    g: 0xf4d060,
    b: 0x4666d8,
  },
);

/** A Roman helmet with its crest, marching. */
const ROMAN_RIGHT = pixelArt(
  "asterix/enemy-right",
  [
    "....rrrrrr......",
    "..rrrRRRRrrr....",
    ".rrRRRRRRRRrr...",
    ".rr.kkkkkkkrr...",
    "rr.kgGGGGGgk....",
    "r.kgGGGGGGGgk...",
    "..kgGGGGGGGgk...",
    "..kgggggggggkk..",
    "..kgkkssssssk...",
    "..kgksskssksk...",
    "..kgkssssssskk..",
    "..kgksssssssk...",
    "..kkkkskkkkk....",
    "...ksssssssk....",
    "..kccccccccck...",
    ".kcCCcCCcCCcck..",
  ],
  { r: 0xa01c28, R: 0xd83a40, k: 0x181420, g: 0x6a7078, G: 0x9aa2ac, s: 0xc98f68, c: 0x8a1a24, C: 0xb02c34 },
);
const ROMAN_LEFT = mirrored("asterix/enemy-left", ROMAN_RIGHT);

/** A pot of gold. */
export const GOLD = symmetricArt(
  "asterix/gold",
  [
    "........",
    "......yy",
    "...yyyYY",
    "..yYYyYW",
    ".yYWYYyY",
    ".yYYyYYY",
    "kkkkkkkk",
    "kbBBbbbb",
    ".kbBbbbb",
    ".kbbbbbb",
    ".kbbbbbb",
    ".kdbbbbb",
    "..kdbbbb",
    "..kkdddd",
    "...kkkkk",
    "........",
  ],
  { y: 0xe8b020, Y: 0xffe25a, W: 0xffffd8, k: 0x14161e, b: 0x3a4354, B: 0x7e8ca6, d: 0x242b38 },
);

/** Dust behind something that moves right. */
const DUST_RIGHT = faded(
  "asterix/dust-right",
  pixelArt(
    "asterix/dust",
    [
      "................",
      "................",
      "................",
      "................",
      ".......d........",
      "......ddd.......",
      ".......d........",
      "...........dd...",
      "..........dddd..",
      "...........ddd..",
      "....dd......d...",
      "...dddd.........",
      "....dd....dddd..",
      ".........dddddd.",
      "..........dddd..",
      "................",
    ],
    { d: 0xd8c8a4 },
  ),
  0.75,
);
const DUST_LEFT = mirrored("asterix/dust-left", DUST_RIGHT);

/** By whether the enemy moves right: 0 no, 1 yes. */
export const ENEMY = [ROMAN_LEFT, ROMAN_RIGHT] as const;
/** By whether what raises it moves right. */
export const DUST = [DUST_LEFT, DUST_RIGHT] as const;
