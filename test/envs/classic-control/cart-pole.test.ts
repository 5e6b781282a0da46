import { expect, test } from "vitest";
import { make } from "../../../envs/index.ts";

test("the picture shows cart, wheels, pole and joint where the state has them", () => {
  const env = make("CartPole-v1");
  env.reset({ seed: 1, options: { low: 0.05, high: 0.05 } }); // x = theta = 0.05
  const frame = env.render()!;
  const joint = frame.primitives.at(-1)!;
  expect(joint).toMatchObject({ kind: "circle", x: 0.05 });
  const pole = frame.primitives.at(-2)!;
  if (pole.kind !== "polygon") throw new Error("the pole is a polygon");
  const tipX = (pole.points[6]! + pole.points[8]!) / 2;
  const tipY = (pole.points[7]! + pole.points[9]!) / 2;
  const jointY = joint.kind === "circle" ? joint.y : NaN;
  expect(tipX).toBeCloseTo(0.05 + Math.sin(0.05), 12);
  expect(tipY - jointY).toBeCloseTo(Math.cos(0.05), 12);
  expect(frame.primitives.filter((p) => p.kind === "circle" && p.radius === 0.07)).toHaveLength(2);
});
