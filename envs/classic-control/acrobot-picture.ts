import type { Frame, Primitive } from "../frame.ts";

const COLORS = {
  background: 0xf6f4ef,
  goal: 0x9aa3b2,
  link: 0x2a9d8f,
  edge: 0x1c6a61,
  joint: 0xe0b13c,
  jointEdge: 0x8f6d17,
};

/** Acrobot seen from the front: `theta1` from hanging down, `theta2` relative to it [rad]; the dashed line is the goal height. */
export function drawAcrobot(theta1: number, theta2: number, length: number): Frame {
  const elbow = [length * Math.sin(theta1), -length * Math.cos(theta1)] as const;
  const tip = [elbow[0] + length * Math.sin(theta1 + theta2), elbow[1] - length * Math.cos(theta1 + theta2)] as const;
  return {
    view: { x: -2.3, y: -2.3, width: 4.6, height: 4.6 },
    yAxis: "up",
    background: COLORS.background,
    primitives: [...goalLine(length), link([0, 0], elbow), link(elbow, tip), joint(0, 0), joint(...elbow)],
  };
}

function goalLine(y: number): Primitive[] {
  return Array.from({ length: 15 }, (_, i) => -2.2 + 0.3 * i).map((x) => ({
    kind: "line",
    points: [x, y, x + 0.18, y],
    stroke: COLORS.goal,
    width: 0.025,
  }));
}

function link(from: readonly [number, number], to: readonly [number, number]): Primitive {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const scale = 0.1 / Math.hypot(dx, dy);
  const [nx, ny] = [-dy * scale, dx * scale];
  const points = [
    from[0] + nx,
    from[1] + ny,
    to[0] + nx,
    to[1] + ny,
    to[0] - nx,
    to[1] - ny,
    from[0] - nx,
    from[1] - ny,
  ];
  return { kind: "polygon", points, fill: COLORS.link, stroke: COLORS.edge, strokeWidth: 0.02 };
}

function joint(x: number, y: number): Primitive {
  return { kind: "circle", x, y, radius: 0.11, fill: COLORS.joint, stroke: COLORS.jointEdge, strokeWidth: 0.02 };
}
