import type { Frame, Primitive } from "../frame.ts";

// Sizes in metres. The pole of the physics is 1 m long (twice HALF_LENGTH).
const POLE_LENGTH = 1.0;
const WHEEL_RADIUS = 0.07;
const BODY = { width: 0.56, bottom: 0.06, height: 0.2 };
const JOINT_Y = BODY.bottom + BODY.height;
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

/** CartPole seen from the side: the cart at `x` [m] on its rail between stops at ±`xLimit`, the pole at `theta` [rad, right positive]. */
export function drawCartPole(x: number, theta: number, xLimit: number): Frame {
  return {
    view: { x: -3, y: -0.55, width: 6, height: 2.25 },
    yAxis: "up",
    background: COLORS.background,
    primitives: [...track(xLimit), ...cart(x), ...pole(x, theta)],
  };
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

function cart(x: number): Primitive[] {
  const { width, bottom, height } = BODY;
  const bevel = 0.05;
  const [left, right, top] = [x - width / 2, x + width / 2, bottom + height];
  const body: Primitive = {
    kind: "polygon",
    points: [left, bottom, right, bottom, right, top - bevel, right - bevel, top, left + bevel, top, left, top - bevel],
    fill: COLORS.body,
    stroke: COLORS.bodyEdge,
    strokeWidth: 0.02,
  };
  const wheels = [x - 0.17, x + 0.17].flatMap((wheelX): Primitive[] => [
    { kind: "circle", x: wheelX, y: 0, radius: WHEEL_RADIUS, fill: COLORS.wheel },
    { kind: "circle", x: wheelX, y: 0, radius: 0.028, fill: COLORS.hub },
  ]);
  return [body, ...wheels];
}

function pole(x: number, theta: number): Primitive[] {
  const half = 0.04;
  const [sin, cos] = [Math.sin(theta), Math.cos(theta)];
  const corner = (along: number, across: number): [number, number] => [
    x + along * sin + across * cos,
    JOINT_Y + along * cos - across * sin,
  ];
  const bar: Primitive = {
    kind: "polygon",
    points: [
      corner(0, -half),
      corner(0, half),
      corner(POLE_LENGTH - 0.02, half),
      corner(POLE_LENGTH, 0.6 * half),
      corner(POLE_LENGTH, -0.6 * half),
      corner(POLE_LENGTH - 0.02, -half),
    ].flat(),
    fill: COLORS.pole,
    stroke: COLORS.poleEdge,
    strokeWidth: 0.012,
  };
  const joint: Primitive = { kind: "circle", x, y: JOINT_Y, radius: 0.045, fill: COLORS.joint };
  return [bar, joint];
}
