import { computedArt, mirrored, mix, pixelArt, speckle, stepped, symmetricArt } from "../pixel-art.ts";

/** Sky and waves, deep water, sand with the instruments; 16 pixels per cell. */
export const BACKGROUND = computedArt("seaquest/background", 160, 160, (x, y) => {
  if (y < 9) return mix(0x8fd0f4, 0xd8f0fc, stepped(y / 9, 5));
  const wave = 11 + Math.round(1.5 * Math.sin((x * Math.PI) / 10));
  if (y < wave) return mix(0xd8f0fc, 0xbfe6f8, 0.5);
  if (y < wave + 2) return 0xf4fcff;
  if (y >= 144) {
    const grain = speckle(x, y);
    return y === 144 ? 0xc8b070 : grain > 0.9 ? 0x3a3020 : 0x2c2418;
  }
  const water = mix(0x2f86c8, 0x0c2a5c, stepped((y - 10) / 134, 22));
  const ray = Math.sin((x + y * 0.6) / 13) + Math.sin((x + y * 0.6) / 29);
  return ray > 1.2 ? mix(water, 0x9fdcff, 0.1) : speckle(x, y) > 0.997 ? mix(water, 0xffffff, 0.3) : water;
});

/** The player's submarine over two cells, facing right. */
const SUB_RIGHT = pixelArt(
  "seaquest/sub-right",
  [
    "................kk.kk...........",
    "................kyk.............",
    "................kyk.............",
    "..............kkkyykkk..........",
    "..............kyyyyyyk..........",
    "k...........kkkyyyyyykkk........",
    "kok......kkkyyYYYYYYYYyykkkk....",
    "kook..kkkyyYYYYYYYYYYYYYYYyykk..",
    "koookkyyYYYkkYYYYkkYYYYkkYYYyyk.",
    "kooookyyyYkgGkYYkgGkYYkgGkYYYYyk",
    "koookkyyyykggkyykggkyykggkyyyyyk",
    "kook..kyyyykkkyyykkkyyykkkyyyyk.",
    "kok....kkddyyyyyyyyyyyyyyyyddk..",
    "k........kkkddddddddddddddkk....",
    "............kkkkkkkkkkkkkk......",
    "................................",
  ],
  { k: 0x1c1a10, y: 0xf0c828, Y: 0xfff088, d: 0xb08414, o: 0xe06030, g: 0x2c70a8, G: 0xc8f0ff },
);

const ENEMY_SUB_RIGHT = pixelArt(
  "seaquest/enemy-sub-right",
  [
    "................",
    "........k.......",
    "........kk......",
    "......kkkk......",
    "......kddk......",
    "k....kkddkk.....",
    "kk..kdDDDDDkk...",
    "krkkdDDDDDDDDkk.",
    "krrkddrrdddddrrk",
    "krkkdddddddddddk",
    "kk..kdddddddddk.",
    "k....kkddddkkk..",
    ".......kkkk.....",
    "................",
    "................",
    "................",
  ],
  { k: 0x10141c, d: 0x6a7280, D: 0xa0aab8, r: 0xe04444 },
);

const FISH_RIGHT = pixelArt(
  "seaquest/fish-right",
  [
    "................",
    "................",
    "........kkk.....",
    ".......kmmmk....",
    "kk...kkkmmmkkk..",
    "kmk.kmMMMMMMMmk.",
    "kmmkmMMMMMMMwwmk",
    ".kmmmmMMmMMMwkmk",
    ".kmmmmmmmMMMMMmk",
    ".kmmmmMMmmmmmkk.",
    "kmmkmmmmmmmmmmk.",
    "kmk.kkmmmmmmkk..",
    "kk....kkmmkk....",
    "........kk......",
    "................",
    "................",
  ],
  { k: 0x2a0c18, m: 0xe0547a, M: 0xff9cb0, w: 0xffffff },
);

const DIVER_RIGHT = pixelArt(
  "seaquest/diver-right",
  [
    "................",
    "................",
    "................",
    "................",
    "......ttt..kkk..",
    ".....ttttkkkkkk.",
    "f.f..tttkkksssk.",
    "fff.kkkkkkksGGk.",
    ".ffkkkkkkkksGGk.",
    ".ffkkkkkkkkssk..",
    "fff..kkk.sskk...",
    "f.f.......sss...",
    "................",
    "................",
    "................",
    "................",
  ],
  { t: 0xf4f4e0, k: 0x101820, s: 0xf4c8a0, G: 0xa8f0ff, f: 0x58e070 },
);

const TORPEDO_RIGHT = pixelArt(
  "seaquest/torpedo-right",
  ["b.kkkkkkk..", "bbkwwwwwwk.", "bbkyyyyywwk", "bbkwwwwwwk.", "b.kkkkkkk.."],
  { b: 0xc8f0ff, k: 0x202818, w: 0xfff6c0, y: 0xf0b828 },
);

const ENEMY_TORPEDO_RIGHT = pixelArt(
  "seaquest/enemy-torpedo-right",
  ["b.kkkkkkk..", "bbkrrrrrrk.", "bbkrrrrrRRk", "bbkrrrrrrk.", "b.kkkkkkk.."],
  { b: 0xc8f0ff, k: 0x200808, r: 0xc83030, R: 0xff9090 },
);

/** Bubbles behind something that swims right. */
const BUBBLES_RIGHT = pixelArt(
  "seaquest/bubbles-right",
  [
    "................",
    "................",
    "....bb..........",
    "...b..b.........",
    "...b..b.........",
    "....bb..........",
    ".........bb.....",
    "........b..b....",
    "........b..b.bb.",
    ".....b...bb..bb.",
    "....b.b.........",
    ".....b.....b....",
    "..........b.b...",
    "...........b....",
    "................",
    "................",
  ],
  { b: 0x7fc4ec },
);

/** Pairs are indexed by whether the thing faces right: 0 no, 1 yes. */
export const SUB = [mirrored("seaquest/sub-left", SUB_RIGHT), SUB_RIGHT] as const;
export const ENEMY_SUB = [mirrored("seaquest/enemy-sub-left", ENEMY_SUB_RIGHT), ENEMY_SUB_RIGHT] as const;
export const FISH = [mirrored("seaquest/fish-left", FISH_RIGHT), FISH_RIGHT] as const;
export const DIVER = [mirrored("seaquest/diver-left", DIVER_RIGHT), DIVER_RIGHT] as const;
export const TORPEDO = [mirrored("seaquest/torpedo-left", TORPEDO_RIGHT), TORPEDO_RIGHT] as const;
export const ENEMY_TORPEDO = [
  mirrored("seaquest/enemy-torpedo-left", ENEMY_TORPEDO_RIGHT),
  ENEMY_TORPEDO_RIGHT,
] as const;
export const BUBBLES = [mirrored("seaquest/bubbles-left", BUBBLES_RIGHT), BUBBLES_RIGHT] as const;

/** One tenth of the oxygen tank. */
export const OXYGEN_CELL = symmetricArt(
  "seaquest/oxygen",
  ["kkkkkkkk", "kGGGGGGG", "kGggggGG", "kggggggg", "kggggggg", "kdgggggg", "kddddddd", "kkkkkkkk"],
  { k: 0x103038, G: 0xc8fff4, g: 0x4cd8c0, d: 0x289080 },
);

/** One diver on board. */
export const DIVER_CELL = symmetricArt(
  "seaquest/rescued",
  ["...kkk", "..koGG", ".kooGG", ".koooo", "..kkkk", ".koooo", "kooowo", "kooowo", ".kkkkk"],
  { k: 0x181008, o: 0xff9a3c, G: 0xd8f8ff, w: 0xfff0d0 },
);
