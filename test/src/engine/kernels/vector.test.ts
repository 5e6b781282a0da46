import { expect, test } from "vitest";
import { engineWith, fill, randomArray } from "../fixtures.ts";

const lengths = [0, 1, 3, 4, 5, 8, 27, 1000];
const make = (n: number) =>
  engineWith((p) => ({ x: p.tensor("x", 1, n), y: p.tensor("y", 1, n), m: p.tensor("m", 1, n) }));

test.each(lengths)("addScaled and maskInto on %i numbers: float32 exact", (n) => {
  const { plan, tensors } = make(n);
  const { x, y, m } = tensors;
  const [a, b, c] = [randomArray(n, 1), randomArray(n, 2), randomArray(n, 3)];
  const values = (): number[] => [...y.data.subarray(0, n)];
  x.data.set(a);
  m.data.set(c);
  y.data.set(b);
  const f = Math.fround;
  plan.kernels.addScaled(y.ptr, x.ptr, n, 0.5);
  expect(values()).toEqual([...b].map((v, i) => f(v + f(a[i]! * 0.5))));
  plan.kernels.maskInto(y.ptr, x.ptr, m.ptr, n);
  expect(values()).toEqual([...a].map((v, i) => f(v * c[i]!)));
});

test.each(lengths)("fill, addProduct and signFactors on %i numbers: float32 exact", (n) => {
  const { plan, tensors } = make(n);
  const { x, y, m } = tensors;
  const [a, b, c] = [randomArray(n, 1), randomArray(n, 2), randomArray(n, 3)];
  const values = (): number[] => [...y.data.subarray(0, n)];
  plan.kernels.fill(y.ptr, n, 2.5);
  expect(values()).toEqual(new Array<number>(n).fill(2.5));
  [x, y, m].forEach((tensor, i) => tensor.data.set([a, b, c][i]!));
  plan.kernels.addProduct(y.ptr, x.ptr, m.ptr, n);
  expect(values()).toEqual([...b].map((v, i) => Math.fround(v + Math.fround(a[i]! * c[i]!))));
  // m is the mask; polarities -1, 0, 1 in turn lie in x, weights in y
  x.data.forEach((_, i) => (x.data[i] = (i % 3) - 1));
  y.data.set(b);
  plan.kernels.signFactors(y.ptr, y.ptr, m.ptr, x.ptr, n);
  expect(values()).toEqual([...b].map((w, i) => c[i]! * (i % 3 === 1 ? 1 : ((i % 3) - 1) * (w < 0 ? -1 : 1))));
});

test.each(lengths)("sumSquares of %i numbers: within 1e-12 of float64", (n) => {
  const { plan, tensors } = make(n);
  const a = randomArray(n, 1, 100);
  tensors.x.data.set(a);
  const squares = a.reduce((total, v) => total + (v - 0.25) ** 2, 0);
  expect(Math.abs(plan.kernels.sumSquares(tensors.x.ptr, n, 0.25) - squares)).toBeLessThanOrEqual(1e-12 * squares);
});

test.each(lengths)("allFinite on %i numbers: finds a NaN or infinity anywhere", (n) => {
  const { plan, tensors } = make(n);
  const { x } = tensors;
  x.data.set(randomArray(n, 1));
  expect(plan.kernels.allFinite(x.ptr, n)).toBe(1);
  for (let i = 0; i < Math.min(n, 9); i++)
    for (const bad of [NaN, Infinity, -Infinity]) {
      const kept = x.data[i]!;
      x.data[i] = bad;
      expect(plan.kernels.allFinite(x.ptr, n)).toBe(0);
      x.data[i] = kept;
    }
});

test("gatherColumns and scatterColumns move columns by id and undo each other", () => {
  const { plan, tensors } = engineWith((p) => ({
    wide: p.tensor("wide", 3, 7),
    picked: p.tensor("picked", 3, 3),
    back: p.tensor("back", 3, 7),
    ids: p.ints("ids", 3),
  }));
  const { wide, picked, back, ids } = tensors;
  fill(
    wide,
    Float32Array.from({ length: 21 }, (_, i) => i),
  );
  ids.data.set([6, 0, 3]);
  const k = plan.kernels;
  k.gatherColumns(wide.ptr, wide.stride, picked.ptr, picked.stride, ids.ptr, 3, 3, 0);
  expect([...picked.data]).toEqual([6, 0, 3, 0, 13, 7, 10, 0, 20, 14, 17, 0]);
  k.gatherColumns(wide.ptr, wide.stride, picked.ptr, picked.stride, ids.ptr, 3, 3, 1);
  expect(picked.data[4]).toBe(26);
  k.scatterColumns(picked.ptr, picked.stride, back.ptr, back.stride, ids.ptr, 3, 3);
  expect([...back.data.subarray(0, 8)]).toEqual([0, 0, 0, 6, 0, 0, 12, 0]);
});
