import type { Frame, Primitive } from "../frame.ts";

// Sizes in metres. The pole of the physics is 1 m long (twice HALF_LENGTH).
const POLE_LENGTH = 1.0;
const POLE_HALF_WIDTH = 0.04;
const WHEEL_RADIUS = 0.07;
const WHEEL_OFFSETS = [-0.17, 0.17] as const;
const BODY = { width: 0.56, bottom: 0.06, height: 0.2, bevel: 0.05 };
const JOINT_Y = BODY.bottom + BODY.height;
/** Corners of the pole: along it from the joint, across it. */
const POLE_CORNERS = [
  [0, -POLE_HALF_WIDTH],
  [0, POLE_HALF_WIDTH],
  [POLE_LENGTH - 0.02, POLE_HALF_WIDTH],
  [POLE_LENGTH, 0.6 * POLE_HALF_WIDTH],
  [POLE_LENGTH, -0.6 * POLE_HALF_WIDTH],
  [POLE_LENGTH - 0.02, -POLE_HALF_WIDTH],
] as const;
const COLORS = {
  background: 0xf6f4ef,
  rail: 0x3b4252,
  tick: 0xa3a9b5,
  stop: 0xc0392b,
  body: 0x2e4a62,
  bodyEdge: 0x1d3040,
  wheel: 0x20242c,
  hub: 0xd8dee9,
  pole: 0xc98b4a,
  poleEdge: 0x8a5a2b,
  joint: 0x6c7ae0,
};

type Polygon = Extract<Primitive, { kind: "polygon" }> & { readonly points: number[] };
type Circle = Extract<Primitive, { kind: "circle" }> & { x: number };

/** CartPole seen from the side, between stops at ±`xLimit` [m]. Its primitives are moved in place, so `pose` allocates nothing. */
export class CartPolePicture {
  readonly #frame: Frame;
  readonly #body: Polygon;
  /** Left rim and hub, right rim and hub. */
  readonly #wheels: readonly Circle[];
  readonly #bar: Polygon;
  readonly #joint: Circle;

  constructor(xLimit: number) {
    this.#body = polygon(6, COLORS.body, COLORS.bodyEdge, 0.02);
    this.#wheels = WHEEL_OFFSETS.flatMap(() => [circle(0, WHEEL_RADIUS, COLORS.wheel), circle(0, 0.028, COLORS.hub)]);
    this.#bar = polygon(POLE_CORNERS.length, COLORS.pole, COLORS.poleEdge, 0.012);
    this.#joint = circle(JOINT_Y, 0.045, COLORS.joint);
    this.#frame = {
      view: { x: -3, y: -0.55, width: 6, height: 2.25 },
      yAxis: "up",
      background: COLORS.background,
      primitives: [...track(xLimit), this.#body, ...this.#wheels, this.#bar, this.#joint],
    };
  }

  /** The picture with the cart at `x` [m] and the pole at `theta` [rad, right positive]; the next call changes it. */
  pose(x: number, theta: number): Frame {
    this.#placeBody(x);
    for (let i = 0; i < this.#wheels.length; i++) this.#wheels[i]!.x = x + WHEEL_OFFSETS[i >> 1]!;
    const { points } = this.#bar;
    const sin = Math.sin(theta);
    const cos = Math.cos(theta);
    for (let i = 0; i < POLE_CORNERS.length; i++) {
      const [along, across] = POLE_CORNERS[i]!;
      points[2 * i] = x + along * sin + across * cos;
      points[2 * i + 1] = JOINT_Y + along * cos - across * sin;
    }
    this.#joint.x = x;
    return this.#frame;
  }

  /** A box whose upper corners are cut. */
  #placeBody(x: number): void {
    const { points } = this.#body;
    const left = x - BODY.width / 2;
    const right = x + BODY.width / 2;
    const top = BODY.bottom + BODY.height;
    points[0] = points[10] = left;
    points[2] = points[4] = right;
    points[6] = right - BODY.bevel;
    points[8] = left + BODY.bevel;
    points[1] = points[3] = BODY.bottom;
    points[5] = points[11] = top - BODY.bevel;
    points[7] = points[9] = top;
  }
}

/** CartPole's picture as a frame of its own; see `CartPolePicture`. */
export function drawCartPole(x: number, theta: number, xLimit: number): Frame {
  return new CartPolePicture(xLimit).pose(x, theta);
}

function track(xLimit: number): Primitive[] {
  const rail: Primitive = {
    kind: "line",
    points: [-xLimit - 0.35, -WHEEL_RADIUS, xLimit + 0.35, -WHEEL_RADIUS],
    stroke: COLORS.rail,
    width: 0.035,
  };
  const ticks = Array.from({ length: 9 }, (_, i) => -2 + i / 2).map((x): Primitive => ({
    kind: "line",
    points: [x, -0.12, x, -0.17],
    stroke: COLORS.tick,
    width: 0.015,
  }));
  const stops = [-xLimit, xLimit].map((x): Primitive => ({
    kind: "line",
    points: [x, -0.16, x, 0.08],
    stroke: COLORS.stop,
    width: 0.03,
    alpha: 0.8,
  }));
  return [rail, ...ticks, ...stops];
}

function polygon(numCorners: number, fill: number, stroke: number, strokeWidth: number): Polygon {
  const points = Array.from({ length: 2 * numCorners }, () => 0.5); // doubles from the start, so that V8 keeps them unboxed
  return { kind: "polygon", points, fill, stroke, strokeWidth };
}

function circle(y: number, radius: number, fill: number): Circle {
  return { kind: "circle", x: 0.5, y, radius, fill }; // as above
}
