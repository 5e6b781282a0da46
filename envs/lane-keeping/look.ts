import { type Range, drawRange } from "./range.ts";
import type { RandomSource } from "./road-parameters.ts";

/** A colour as red, green, blue in [0, 255]. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** How one line along the road is painted. */
export interface LineStyle {
  /** Dash and gap [m]; gap 0 is a solid line, dash 0 no line. */
  readonly dash: number;
  readonly gap: number;
}

/** Lines as painted on most roads. */
export const SOLID: LineStyle = { dash: 1, gap: 0 };
/** No line at all. */
export const NO_LINE: LineStyle = { dash: 0, gap: 1 };

/** Everything that a camera image depends on beside geometry: paint, ground, weather, light. */
export interface Look {
  /** For everything that varies along the road or the horizon: wear, shadows, hills. */
  readonly seed: number;
  readonly asphalt: Rgb;
  readonly verge: Rgb;
  readonly grass: Rgb;
  /** Contrast of the ground's texture: 0 none. */
  readonly asphaltGrain: number;
  readonly grassGrain: number;
  readonly line: Rgb;
  /** [m] */
  readonly lineWidth: number;
  /** 0 fresh paint, 1 worn away. */
  readonly wear: number;
  /** Share of 15 m stretches where a line is missing altogether. */
  readonly missing: number;
  readonly edge: LineStyle;
  readonly divider: LineStyle;
  readonly zenith: Rgb;
  readonly horizon: Rgb;
  readonly hill: Rgb;
  readonly wood: Rgb;
  /** Tangent of the hills' highest elevation. */
  readonly hillHeight: number;
  /** 0 clear sky, 1 clouds everywhere. */
  readonly clouds: number;
  /** Direction of the sun [rad] and strength of its glow. */
  readonly sun: number;
  readonly glow: number;
  /** Share of the road in shadow bars, and how dark they are (0 none, 1 black). */
  readonly shadowShare: number;
  readonly shadowDepth: number;
  /** Metres of station per metre to the left: how slanted shadow bars lie. */
  readonly shadowSlant: number;
  /** Share of the horizon's colour at 40 m distance. */
  readonly fog: number;
  /** Factor on everything. */
  readonly brightness: number;
}

/** What of a look is varied between episodes. */
export interface LookRanges {
  /** true: colours, paint, hills, sky and light are drawn per episode; false: always the same sunny day. */
  readonly randomLook: boolean;
  /** full: solid edges; random: solid or dashed. */
  readonly markings: "full" | "random" | "none";
  /** 0 fresh paint to 1 worn off. */
  readonly lineWear: Range;
  /** Share of 15 m stretches where a line is missing. */
  readonly missingMarkings: Range;
  /** Darkness of shadow bars across the road. */
  readonly shadows: Range;
  /** Share of fog at 40 m. */
  readonly fog: Range;
  /** Factor on the whole image. */
  readonly brightness: Range;
}

const PLAIN = {
  asphalt: [92, 92, 96],
  verge: [128, 116, 92],
  grass: [86, 112, 52],
  asphaltGrain: 0.16,
  grassGrain: 0.45,
  line: [226, 226, 220],
  lineWidth: 0.15,
  edge: SOLID,
  divider: { dash: 3, gap: 6 },
  zenith: [88, 142, 208],
  horizon: [196, 214, 230],
  hill: [112, 132, 140],
  wood: [52, 74, 44],
  hillHeight: 0.07,
  clouds: 0.35,
  sun: 0.8,
  glow: 0.35,
  shadowShare: 0.3,
  shadowSlant: 0.4,
} as const;

const mix = (a: Rgb, b: Rgb, share: number): Rgb => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
];

const scaled = (c: Rgb, factor: number): Rgb => [c[0] * factor, c[1] * factor, c[2] * factor];

/** Grass through the year: fresh, deep green, dry, bare earth. */
const GRASSES: readonly Rgb[] = [
  [92, 122, 48],
  [54, 88, 44],
  [142, 132, 76],
  [118, 98, 72],
];
/** Skies as zenith and horizon: clear, hazy, overcast, evening. */
const SKIES: readonly (readonly [Rgb, Rgb])[] = [
  [
    [72, 128, 206],
    [190, 212, 232],
  ],
  [
    [132, 164, 200],
    [214, 218, 218],
  ],
  [
    [150, 156, 164],
    [204, 206, 208],
  ],
  [
    [84, 96, 150],
    [236, 190, 150],
  ],
];

/** Two neighbours of a list, mixed at a random place. */
function drawBetween<T>(source: RandomSource, list: readonly T[], blend: (a: T, b: T, share: number) => T): T {
  const at = source.random() * list.length;
  const index = Math.floor(at);
  return blend(list[index]!, list[(index + 1) % list.length]!, at - index);
}

function drawMarkings(source: RandomSource, markings: LookRanges["markings"]): Pick<Look, "edge" | "divider"> {
  const edgeKind = source.random();
  const dash = 2 + 4 * source.random();
  const gap = dash * (0.6 + 1.4 * source.random());
  if (markings === "none") return { edge: NO_LINE, divider: NO_LINE };
  const edge = edgeKind < 0.75 ? SOLID : { dash: 1 + dash / 2, gap: gap / 3 };
  return { edge: markings === "full" ? SOLID : edge, divider: { dash, gap } };
}

/** Draws how the world looks in one episode. Always uses the same number of random numbers. */
export function drawLook(source: RandomSource, ranges: LookRanges): Look {
  const unit = (): number => source.random();
  const seed = Math.floor(unit() * 2 ** 32);
  const wear = drawRange(source, ranges.lineWear);
  const missing = drawRange(source, ranges.missingMarkings);
  const shadowDepth = drawRange(source, ranges.shadows);
  const fog = drawRange(source, ranges.fog);
  const brightness = drawRange(source, ranges.brightness);
  const markings = drawMarkings(source, ranges.markings);
  const [zenith, horizon] = drawBetween(source, SKIES, (a, b, s) => [mix(a[0], b[0], s), mix(a[1], b[1], s)] as const);
  const light = 0.85 + 0.3 * unit();
  const grass = scaled(drawBetween(source, GRASSES, mix), light);
  const grey = (58 + 66 * unit()) * light;
  const random: Omit<Look, "seed" | "wear" | "missing" | "shadowDepth" | "fog" | "brightness"> = {
    ...markings,
    zenith,
    horizon,
    grass,
    asphalt: [grey * (0.97 + 0.06 * unit()), grey, grey * (0.98 + 0.08 * unit())],
    verge: mix(grass, scaled([150, 138, 112], light), 0.25 + 0.75 * unit()),
    asphaltGrain: 0.08 + 0.2 * unit(),
    grassGrain: 0.25 + 0.4 * unit(),
    line: mix([236, 236, 232], [228, 206, 120], unit() < 0.2 ? 1 : 0.15 * unit()),
    lineWidth: 0.12 + 0.08 * unit(),
    hill: mix(horizon, [84, 104, 96], 0.3 + 0.5 * unit()),
    wood: mix([44, 64, 38], grass, 0.4 * unit()),
    hillHeight: 0.02 + 0.12 * unit(),
    clouds: unit(),
    sun: 2 * Math.PI * unit(),
    glow: 0.5 * unit(),
    shadowShare: 0.1 + 0.4 * unit(),
    shadowSlant: 1.6 * unit() - 0.8,
  };
  const look = ranges.randomLook ? random : { ...PLAIN, ...(ranges.markings === "none" ? markings : {}) };
  return { ...look, seed, wear, missing, shadowDepth, fog, brightness };
}
