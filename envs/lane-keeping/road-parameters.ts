/** Where random numbers in [0, 1) come from; numpy's generator is one. */
export interface RandomSource {
  random(): number;
}

/** Distance between samples along a road [m]; closed roads stretch it a little so that a lap is a whole number of samples. */
export const ROAD_SPACING = 0.5;
/** Samples along a curve at equal distances; the arrays hold `count` + 1 of them. */
export interface RoadSamples {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly heading: Float64Array;
  readonly curvature: Float64Array;
}

/** How winding roads are. */
export type Difficulty = "easy" | "medium" | "hard";

/** What a road is drawn from. Curvatures in 1/m, lengths in m, angles in rad. */
export interface RoadParameters {
  /** Open road: what is driven. Closed road: one lap. */
  readonly length: number;
  readonly closed: boolean;
  /** Largest |curvature|. */
  readonly maxCurvature: number;
  /** Largest change of curvature per metre [1/m²]: bends are entered along clothoids (open roads). */
  readonly maxCurvatureRate: number;
  /** Shortest and longest stretch with one wanted curvature. */
  readonly segmentLength: readonly [number, number];
  /** Share of stretches that are straight, and that are hairpins. */
  readonly straightShare: number;
  readonly hairpinShare: number;
  /** Open roads keep their heading within ± this, below π/2, so that they never cross themselves. */
  readonly maxHeading: number;
  /** The same road in a mirror: left bends become right bends. */
  readonly mirrored: boolean;
}

/** The part of the parameters that a difficulty decides, with the smallest radius [m] in place of the curvature. */
export type RoadStyle = Pick<
  RoadParameters,
  "maxCurvatureRate" | "segmentLength" | "straightShare" | "hairpinShare" | "maxHeading"
> & { readonly minRadius: number };

/** Roads by difficulty: long gentle bends; S-bends of 40 m radius and more; mountain roads with hairpins. */
export const ROAD_STYLES: Readonly<Record<Difficulty, RoadStyle>> = {
  easy: {
    minRadius: 120,
    maxCurvatureRate: 0.0004,
    segmentLength: [40, 120],
    straightShare: 0.4,
    hairpinShare: 0,
    maxHeading: 1.35,
  },
  medium: {
    minRadius: 40,
    maxCurvatureRate: 0.0012,
    segmentLength: [20, 90],
    straightShare: 0.25,
    hairpinShare: 0,
    maxHeading: 1.35,
  },
  hard: {
    minRadius: 15,
    maxCurvatureRate: 0.004,
    segmentLength: [15, 60],
    straightShare: 0.2,
    hairpinShare: 0.25,
    maxHeading: 1.4,
  },
};
