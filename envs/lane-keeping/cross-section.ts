import { type Look, NO_LINE, type LineStyle } from "./look.ts";

/** The lanes of a road, seen from the lane to be driven, whose centre is at 0; left is positive. */
export interface LaneLayout {
  readonly laneWidth: number;
  readonly numLanes: 1 | 2;
  /** true: the other lane lies to the right (left-hand traffic). */
  readonly leftHand: boolean;
}

/** A painted line: where its middle lies across the road [m], and its style. */
export interface PaintedLine {
  readonly at: number;
  readonly style: LineStyle;
}

/** Asphalt beyond the outer lines, and gravel beyond the asphalt [m]. */
export const SHOULDER = 0.35;
export const VERGE = 0.9;

/** Right and left border of the lanes [m]. */
export function laneBorders({ laneWidth, numLanes, leftHand }: LaneLayout): [right: number, left: number] {
  const near = laneWidth / 2;
  const far = laneWidth * (numLanes - 0.5);
  return leftHand ? [-far, near] : [-near, far];
}

/** The right edge line, the left edge line and the divider, in this order. */
export function paintedLines(layout: LaneLayout, look: Pick<Look, "edge" | "divider">): readonly PaintedLine[] {
  const [right, left] = laneBorders(layout);
  const divider = layout.numLanes === 2 ? look.divider : NO_LINE;
  return [
    { at: right, style: look.edge },
    { at: left, style: look.edge },
    { at: (layout.leftHand ? -1 : 1) * (layout.laneWidth / 2), style: divider },
  ];
}

/** Share of [from, to] that lies within [low, high]. */
export function coverage(from: number, to: number, low: number, high: number): number {
  return Math.max(0, Math.min(to, high) - Math.max(from, low)) / (to - from);
}

/** Share of the stations [from, to] that a dashed line covers. */
export function dashCoverage(style: LineStyle, from: number, to: number): number {
  if (style.gap === 0) return 1;
  return (paintedUpTo(style, to) - paintedUpTo(style, from)) / (to - from);
}

/** Paint between station 0 and `station` [m]. */
function paintedUpTo({ dash, gap }: LineStyle, station: number): number {
  const numPeriods = Math.floor(station / (dash + gap));
  return numPeriods * dash + Math.min(dash, station - numPeriods * (dash + gap));
}
