import type { Frame, Primitive } from "../frame.ts";
import { SHOULDER, VERGE, laneBorders, paintedLines } from "./cross-section.ts";
import type { LineStyle } from "./look.ts";
import { toColor } from "./picture-color.ts";
import type { Road } from "./road.ts";
import type { Scene } from "./scene.ts";

/** How far behind and ahead of the car the road is drawn [m]. */
const BEHIND = 120;
const AHEAD = 140;
/** Length of one straight piece of an edge [m]. */
const PIECE = 1;

/** Verge, asphalt and lines of the road around a station. */
export function roadPrimitives(scene: Scene, station: number, view: Frame["view"]): Primitive[] {
  const { road, look, layout } = scene;
  const [right, left] = laneBorders(layout);
  const from = road.closed ? station - BEHIND : Math.max(0, station - BEHIND);
  const to = road.closed ? station + AHEAD : Math.min(road.length, station + AHEAD);
  const strip = (low: number, high: number): readonly number[] => ribbon(road, from, to, low, high);
  const edge = SHOULDER + VERGE;
  const primitives: Primitive[] = [
    { kind: "polygon", points: strip(right - edge - 1, left + edge + 1), fill: toColor(look.grass, 0.97) },
    { kind: "polygon", points: strip(right - edge, left + edge), fill: toColor(look.verge) },
    { kind: "polygon", points: strip(right - SHOULDER, left + SHOULDER), fill: toColor(look.asphalt) },
    ...tracks(road, from, to, layout.laneWidth, toColor(look.asphalt, 0.93)),
    ...paintedLines(layout, look).flatMap(({ at, style }) =>
      linePieces(style, from, to).map(([start, end]): Primitive => ({
        kind: "line",
        points: edgePoints(road, start, end, at),
        stroke: toColor(look.line),
        width: look.lineWidth * 1.3,
        alpha: 1 - 0.6 * look.wear,
      })),
    ),
  ];
  return primitives.filter((primitive) => isSeen(primitive, view));
}

/** The darker bands that tyres leave on a lane. */
function tracks(road: Road, from: number, to: number, laneWidth: number, stroke: number): Primitive[] {
  return [-1, 1].map((side) => ({
    kind: "line",
    points: edgePoints(road, from, to, side * laneWidth * 0.22),
    stroke,
    width: 0.55,
    alpha: 0.6,
  }));
}

/** The painted stretches of a line between two stations. */
function linePieces({ dash, gap }: LineStyle, from: number, to: number): [start: number, end: number][] {
  if (dash === 0) return [];
  if (gap === 0) return [[from, to]];
  const period = dash + gap;
  const pieces: [number, number][] = [];
  for (let k = Math.floor(from / period); k * period < to; k++) {
    const start = Math.max(from, k * period);
    const end = Math.min(to, k * period + dash);
    if (end > start) pieces.push([start, end]);
  }
  return pieces;
}

/** A band along the road between two distances to the left of the lane's centre, as a closed polygon. */
function ribbon(road: Road, from: number, to: number, low: number, high: number): readonly number[] {
  const points = edgePoints(road, from, to, low);
  const back = edgePoints(road, from, to, high);
  for (let i = back.length - 2; i >= 0; i -= 2) points.push(back[i]!, back[i + 1]!);
  return points;
}

/** x, y of points that run along the road at a distance to the left of the lane's centre. */
function edgePoints(road: Road, from: number, to: number, left: number): number[] {
  const points: number[] = [];
  const numPieces = Math.max(1, Math.ceil((to - from) / PIECE));
  for (let k = 0; k <= numPieces; k++) {
    const station = from + ((to - from) * k) / numPieces;
    const i = road.indexAt(station);
    const part = station / road.spacing - Math.floor(station / road.spacing);
    const heading = road.heading[i]! + part * (road.heading[i + 1]! - road.heading[i]!);
    const x = road.x[i]! + part * (road.x[i + 1]! - road.x[i]!);
    const y = road.y[i]! + part * (road.y[i + 1]! - road.y[i]!);
    points.push(x - left * Math.sin(heading), y + left * Math.cos(heading));
  }
  return points;
}

/** Whether any part of a primitive can lie in view; dashes far off are left out. */
function isSeen(primitive: Primitive, { x, y, width, height }: Frame["view"]): boolean {
  if (primitive.kind !== "line" || primitive.points.length > 40) return true;
  const [px, py] = [primitive.points[0]!, primitive.points[1]!];
  return px > x - 8 && px < x + width + 8 && py > y - 8 && py < y + height + 8;
}
