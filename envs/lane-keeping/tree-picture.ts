import type { Frame, Primitive } from "../frame.ts";
import { laneBorders } from "./cross-section.ts";
import { hashUnit } from "./hash.ts";
import { toColor } from "./picture-color.ts";
import type { Road } from "./road.ts";
import type { Scene } from "./scene.ts";

/** Side of the grid cells that hold at most one tree or bush each [m]. */
const CELL = 7;
/** Share of cells with something in them. */
const DENSITY = 0.4;
/** Free space beside the lanes [m]. */
const CLEARANCE = 4;
/** Direction in which shadows fall, as an offset per metre of radius. */
const SHADOW = [0.35, -0.45] as const;

/** Trees and bushes beside the road, always the same ones at the same places of an episode's world. */
export function treePrimitives(scene: Scene, station: number, view: Frame["view"]): Primitive[] {
  const primitives: Primitive[] = [];
  const [right, left] = laneBorders(scene.layout);
  const free = Math.max(left, -right) + CLEARANCE;
  const firstColumn = Math.floor(view.x / CELL) - 1;
  const firstRow = Math.floor(view.y / CELL) - 1;
  for (let row = firstRow; row <= (view.y + view.height) / CELL; row++) {
    for (let column = firstColumn; column <= (view.x + view.width) / CELL; column++) {
      const at = (stream: number): number => hashUnit(scene.look.seed, row * 7919 + column, 60 + stream);
      if (at(0) > DENSITY) continue;
      const radius = 0.5 + 1.5 * at(1) ** 2;
      const x = (column + at(2)) * CELL;
      const y = (row + at(3)) * CELL;
      if (distanceToRoad(scene.road, station, x, y) < free + radius) continue;
      primitives.push(...tree(scene, x, y, radius, at(4)));
    }
  }
  return primitives;
}

function tree(scene: Scene, x: number, y: number, radius: number, shade: number): Primitive[] {
  const crown = toColor(scene.look.wood, 0.95 + 0.5 * shade);
  const light = toColor(scene.look.wood, 1.25 + 0.5 * shade);
  const circle = (dx: number, dy: number, size: number, fill: number, alpha = 1): Primitive => ({
    kind: "circle",
    x: x + dx * radius,
    y: y + dy * radius,
    radius: size * radius,
    fill,
    alpha,
  });
  return [
    circle(SHADOW[0], SHADOW[1], 1.02, 0x000000, 0.22),
    circle(0, 0, 1, crown),
    circle(-0.22, 0.26, 0.62, light, 0.7),
    circle(-0.32, 0.38, 0.28, light, 0.9),
  ];
}

/** Distance to the nearest sample of the lane's centre around a station [m], from every fourth sample. */
function distanceToRoad(road: Road, station: number, x: number, y: number): number {
  let least = Infinity;
  for (let s = station - 70; s < station + 110; s += 2) {
    if (!road.closed && (s < 0 || s > road.length)) continue;
    const i = road.indexAt(s);
    least = Math.min(least, (road.x[i]! - x) ** 2 + (road.y[i]! - y) ** 2);
  }
  return Math.sqrt(least);
}
