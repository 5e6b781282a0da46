import { expect, test } from "vitest";
import { activationKinds, type Activation } from "../../../../src/engine/index.ts";
import { activationReference } from "../../../../src/engine/kernels/activation.reference.ts";
import { engineWith } from "../fixtures.ts";

const n = 80_000;
const make = () => engineWith((p) => ({ x: p.tensor("x", 1, n), y: p.tensor("y", 1, n), d: p.tensor("d", 1, n) }));
const names = Object.keys(activationKinds) as Activation[];
const tolerance: Readonly<Partial<Record<Activation, number>>> = { lecun_tanh: 8e-7, silu: 2e-6, gelu: 2e-6 };

test.each(names)("%s: within 4e-7 (unbounded ones 2e-6) of float64 on [-8, 8]", (name) => {
  const { plan, tensors } = make();
  const { x, y } = tensors;
  x.data.forEach((_, i) => (x.data[i] = (16 * i) / n - 8));
  plan.kernels.activate(x.ptr, y.ptr, n, activationKinds[name]);
  let worst = 0;
  x.data.forEach((value, i) => (worst = Math.max(worst, Math.abs(y.data[i]! - activationReference[name](value)))));
  expect(worst).toBeLessThan(tolerance[name] ?? 4e-7);
});

test.each(names)("%s: derivative within 3e-6 of a float64 central difference", (name) => {
  const { plan, tensors } = make();
  const { x, y, d } = tensors;
  x.data.forEach((_, i) => (x.data[i] = (16 * (i + 0.3)) / n - 8));
  d.data.fill(1);
  plan.kernels.activate(x.ptr, y.ptr, n, activationKinds[name]);
  const saved = name === "silu" || name === "gelu" ? x : y;
  plan.kernels.activateBackward(d.ptr, saved.ptr, n, activationKinds[name]);
  const f = activationReference[name];
  let worst = 0;
  x.data.forEach((value, i) => {
    const slope = (f(value + 1e-5) - f(value - 1e-5)) / 2e-5;
    if (name !== "relu" || Math.abs(value) > 1e-4) worst = Math.max(worst, Math.abs(d.data[i]! - slope));
  });
  expect(worst).toBeLessThan(3e-6);
});

test("tanh and sigmoid: bounded by 1 on extreme inputs, NaN stays NaN", () => {
  const { plan, tensors } = make();
  const { x, y } = tensors;
  const extreme = [Infinity, -Infinity, 3e38, -3e38, 9, -9, 8.3, NaN];
  x.data.set(extreme);
  for (const name of ["tanh", "sigmoid"] as const) {
    plan.kernels.activate(x.ptr, y.ptr, 8, activationKinds[name]);
    for (let i = 0; i < 7; i++) {
      expect(Math.abs(y.data[i]!)).toBeLessThanOrEqual(1);
      expect(y.data[i]).toBeCloseTo(activationReference[name](extreme[i]!), 6);
    }
    expect(y.data[7]).toBeNaN();
  }
});

test("exp: relative error below 3e-7 on [-87, 88]; log: below 3e-7 on [1e-37, 1e37]; log of zero and negatives is NaN", () => {
  const { plan, tensors } = make();
  const { x, y } = tensors;
  x.data.forEach((_, i) => (x.data[i] = -87 + (175 * i) / n));
  plan.kernels.exp(x.ptr, y.ptr, n);
  let worst = 0;
  x.data.forEach((value, i) => (worst = Math.max(worst, Math.abs(y.data[i]! / Math.exp(value) - 1))));
  expect(worst).toBeLessThan(3e-7);
  x.data.forEach((_, i) => (x.data[i] = 10 ** (-37 + (74 * i) / n)));
  plan.kernels.log(x.ptr, y.ptr, n);
  worst = 0;
  x.data.forEach((value, i) => {
    const exact = Math.log(value);
    worst = Math.max(worst, Math.abs(y.data[i]! - exact) / Math.max(1e-1, Math.abs(exact)));
  });
  expect(worst).toBeLessThan(3e-7);
  x.data.set([0, -1, NaN, 1]);
  plan.kernels.log(x.ptr, y.ptr, 4);
  expect([...y.data.subarray(0, 4)]).toEqual([NaN, NaN, NaN, 0]);
});
