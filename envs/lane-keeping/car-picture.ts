import type { Color, Primitive } from "../frame.ts";
import { HEADING, X, Y, wheelbase } from "./bicycle.ts";
import { STEERING, type Vehicle } from "./vehicle.ts";

/** Size of the car's body [m]. */
const LENGTH = 4.4;
const WIDTH = 1.8;
const PAINT: Color = 0xd8402f;
const CRASHED: Color = 0x5a5a5a;
const GLASS: Color = 0x1c2a36;
/** Length of the drawn path that the wheels point along [m]. */
const PATH_LENGTH = 22;

/** The car from above, with its front wheels turned and a shadow. */
export function carPrimitives(vehicle: Vehicle, hasCrashed: boolean): Primitive[] {
  const { state } = vehicle;
  const place = (points: readonly number[]): readonly number[] =>
    moved(points, state[X]!, state[Y]!, Math.cos(state[HEADING]!), Math.sin(state[HEADING]!));
  const part = (points: readonly number[], fill: Color, alpha = 1): Primitive => ({
    kind: "polygon",
    points: place(points),
    fill,
    alpha,
  });
  const { lengthFront, lengthRear } = vehicle.car;
  const wheel = (x: number, y: number, angle: number): Primitive =>
    part(moved(rectangle(0, 0, 0.7, 0.26), x, y, Math.cos(angle), Math.sin(angle)), 0x141414);
  const paint = hasCrashed ? CRASHED : PAINT;
  const middle = (lengthFront - lengthRear) / 2;
  return [
    part(rounded(middle + 0.25, -0.3, LENGTH + 0.2, WIDTH + 0.1, 0.5), 0x000000, 0.3),
    wheel(lengthFront, 0.78, state[STEERING]!),
    wheel(lengthFront, -0.78, state[STEERING]!),
    wheel(-lengthRear, 0.78, 0),
    wheel(-lengthRear, -0.78, 0),
    part(rounded(middle, 0, LENGTH, WIDTH, 0.5), paint),
    part(rounded(middle - 0.25, 0, LENGTH * 0.52, WIDTH * 0.84, 0.35), GLASS),
    part(rounded(middle - 0.35, 0, LENGTH * 0.3, WIDTH * 0.74, 0.25), paint),
    part(rectangle(middle + LENGTH / 2 - 0.12, 0.58, 0.2, 0.36), 0xfff4c8),
    part(rectangle(middle + LENGTH / 2 - 0.12, -0.58, 0.2, 0.36), 0xfff4c8),
  ];
}

/** The arc that the front wheels point along. */
export function pathAhead(vehicle: Vehicle): Primitive[] {
  const { state, car } = vehicle;
  const curvature = Math.tan(state[STEERING]!) / wheelbase(car);
  const points: number[] = [];
  for (let s = 2; s <= PATH_LENGTH; s += 1) {
    const turn = curvature * s;
    const chord = Math.abs(turn) < 1e-6 ? s : (s * Math.sin(turn / 2)) / (turn / 2);
    const angle = state[HEADING]! + turn / 2;
    points.push(state[X]! + chord * Math.cos(angle), state[Y]! + chord * Math.sin(angle));
  }
  return [{ kind: "line", points, stroke: 0x58d0ff, width: 0.35, alpha: 0.75 }];
}

function rectangle(x: number, y: number, length: number, width: number): readonly number[] {
  const [l, w] = [length / 2, width / 2];
  return [x - l, y - w, x + l, y - w, x + l, y + w, x - l, y + w];
}

/** A rectangle whose corners are cut twice. */
function rounded(x: number, y: number, length: number, width: number, radius: number): readonly number[] {
  const points: number[] = [];
  for (let corner = 0; corner < 4; corner++) {
    const sideX = corner === 0 || corner === 3 ? 1 : -1;
    const sideY = corner < 2 ? 1 : -1;
    const cx = x + sideX * (length / 2 - radius);
    const cy = y + sideY * (width / 2 - radius);
    for (let k = 0; k <= 4; k++) {
      const angle = (Math.PI / 2) * (corner + k / 4);
      points.push(cx + radius * Math.cos(angle), cy + radius * Math.sin(angle));
    }
  }
  return points;
}

function moved(points: readonly number[], x: number, y: number, cos: number, sin: number): readonly number[] {
  const out: number[] = [];
  for (let i = 0; i < points.length; i += 2) {
    out.push(x + points[i]! * cos - points[i + 1]! * sin, y + points[i]! * sin + points[i + 1]! * cos);
  }
  return out;
}
