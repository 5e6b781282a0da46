import type { Frame, Primitive } from "../frame.ts";

const COLORS = {
  sky: 0xeaf1f6,
  hill: 0x8fb08c,
  edge: 0x54795a,
  body: 0xc8553d,
  bodyEdge: 0x7f3022,
  wheel: 0x2b2f38,
  flag: 0xe0b13c,
  pole: 0x4a4f5a,
};

const heightAt = (x: number): number => Math.sin(3 * x) * 0.45 + 0.55;

/** The hill from the side, the car at `position`, the flag at `goal`. */
export function drawMountainCar(position: number, goal: number, min: number, max: number): Frame {
  return {
    view: { x: min - 0.05, y: -0.05, width: max - min + 0.1, height: 1.3 },
    yAxis: "up",
    background: COLORS.sky,
    primitives: [hill(min - 0.05, max + 0.05), ...flag(goal), ...car(position)],
  };
}

function hill(from: number, to: number): Primitive {
  const numPoints = 100;
  const xs = Array.from({ length: numPoints }, (_, i) => from + ((to - from) * i) / (numPoints - 1));
  const points = [...xs.flatMap((x) => [x, heightAt(x)]), to, -0.1, from, -0.1];
  return { kind: "polygon", points, fill: COLORS.hill, stroke: COLORS.edge, strokeWidth: 0.012 };
}

function flag(x: number): Primitive[] {
  const y = heightAt(x);
  return [
    { kind: "line", points: [x, y, x, y + 0.16], stroke: COLORS.pole, width: 0.01 },
    { kind: "polygon", points: [x, y + 0.16, x + 0.07, y + 0.13, x, y + 0.1], fill: COLORS.flag },
  ];
}

function car(x: number): Primitive[] {
  const angle = Math.atan(3 * 0.45 * Math.cos(3 * x)); // the slope under the car
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const at = (along: number, up: number): [number, number] => [
    x + along * cos - up * sin,
    heightAt(x) + along * sin + up * cos,
  ];
  const wheel = (along: number): Primitive => {
    const [wx, wy] = at(along, 0.02);
    return { kind: "circle", x: wx, y: wy, radius: 0.02, fill: COLORS.wheel };
  };
  const points = [
    at(-0.065, 0.03),
    at(0.065, 0.03),
    at(0.065, 0.06),
    at(0.03, 0.065),
    at(0.015, 0.09),
    at(-0.035, 0.09),
    at(-0.06, 0.06),
  ].flat();
  return [
    { kind: "polygon", points, fill: COLORS.body, stroke: COLORS.bodyEdge, strokeWidth: 0.008 },
    wheel(-0.04),
    wheel(0.04),
  ];
}
