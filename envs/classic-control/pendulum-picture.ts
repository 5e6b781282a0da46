import type { Frame, Primitive } from "../frame.ts";

const COLORS = { background: 0xf6f4ef, ring: 0xdedad0, rod: 0xb5524a, edge: 0x7a332d, hub: 0x2b2f38, torque: 0x6c7ae0 };

/** Pendulum seen from the front: the rod at `theta` [rad] from upright (counter-clockwise), and an arc as long as the torque. */
export function drawPendulum(theta: number, torque: number, length: number): Frame {
  const tip = [-Math.sin(theta) * length, Math.cos(theta) * length] as const;
  const side = [Math.cos(theta) * 0.08, Math.sin(theta) * 0.08] as const;
  const rod: Primitive = {
    kind: "polygon",
    points: [
      -side[0],
      -side[1],
      side[0],
      side[1],
      tip[0] + side[0],
      tip[1] + side[1],
      tip[0] - side[0],
      tip[1] - side[1],
    ],
    fill: COLORS.rod,
    stroke: COLORS.edge,
    strokeWidth: 0.015,
  };
  return {
    view: { x: -1.4, y: -1.4, width: 2.8, height: 2.8 },
    yAxis: "up",
    background: COLORS.background,
    primitives: [
      { kind: "circle", x: 0, y: 0, radius: 1.15 * length, stroke: COLORS.ring, strokeWidth: 0.02 },
      { kind: "circle", x: 0, y: 1.15 * length, radius: 0.04, fill: COLORS.ring },
      rod,
      { kind: "circle", x: tip[0], y: tip[1], radius: 0.08, fill: COLORS.rod, stroke: COLORS.edge, strokeWidth: 0.015 },
      { kind: "circle", x: 0, y: 0, radius: 0.09, fill: COLORS.hub },
      ...torqueArc(torque),
    ],
  };
}

/** An arc around the hub from straight up, half a turn for the largest torque (2 N m), to the side that the torque turns to. */
function torqueArc(torque: number): Primitive[] {
  const angle = (torque / 2) * Math.PI;
  if (Math.abs(angle) < 1e-3) return [];
  const numPoints = 2 + Math.ceil(Math.abs(angle) * 8);
  const points = Array.from({ length: numPoints }, (_, i) => {
    const a = (angle * i) / (numPoints - 1);
    return [-0.22 * Math.sin(a), 0.22 * Math.cos(a)];
  });
  return [{ kind: "line", points: points.flat(), stroke: COLORS.torque, width: 0.035 }];
}
