import { expect, test } from "vitest";
import { gemmReference, transposeReference } from "../../../../src/engine/kernels/gemm.reference.ts";
import { packedLength } from "../../../../src/engine/kernels/kernels.ts";
import { padded, type MemoryPlan } from "../../../../src/engine/index.ts";
import { dense, engineWith, fill, maxDifference, paddingIsZero, randomArray } from "../fixtures.ts";

const sizes = [0, 1, 3, 4, 5, 8, 27];
const large = [
  [70, 40, 300],
  [2, 80, 600],
  [129, 12, 257],
  [1, 132, 33],
  [3, 100, 7],
] as const;
const shapes = [...sizes.flatMap((M) => sizes.flatMap((N) => sizes.map((K) => [M, N, K] as const))), ...large];

function setUp(plan: MemoryPlan, M: number, N: number, K: number) {
  return {
    a: plan.tensor("a", M, K),
    aT: plan.tensor("a transposed", K, M),
    b: plan.tensor("b", K, N),
    bT: plan.tensor("b transposed", N, K),
    bias: plan.tensor("bias", 1, N),
    c: plan.tensor("c", M, N),
    packed: plan.tensor("packed", 1, packedLength(K, padded(N))),
  };
}

test("gemm: equals the plain sum bit for bit in every form, start and size, and keeps padding zero", () => {
  for (const [M, N, K] of shapes) {
    const { plan, tensors } = engineWith((p) => setUp(p, M, N, K));
    const { a, aT, b, bT, bias, c, packed } = tensors;
    const k = plan.kernels;
    const [A, B] = [randomArray(M * K, 1), randomArray(K * N, 2)];
    const [biasValues, before] = [randomArray(N, 3), randomArray(M * N, 4)];
    fill(a, A);
    fill(aT, transposeReference(A, M, K));
    fill(b, B);
    fill(bT, transposeReference(B, K, N));
    fill(bias, biasValues);
    const starts = [
      new Float32Array(M * N),
      before,
      Float32Array.from({ length: M * N }, (_, i) => biasValues[i % N]!),
    ];
    for (const [start, from] of starts.entries()) {
      const expected = from.slice();
      gemmReference(expected, A, B, M, N, K);
      for (const form of ["plain", "transposed B"]) {
        fill(c, before);
        if (form === "plain") k.packColumns(b.ptr, b.stride, K, padded(N), packed.ptr);
        else k.packRows(bT.ptr, bT.stride, K, N, packed.ptr);
        k.gemm(a.ptr, a.stride, packed.ptr, c.ptr, c.stride, M, c.stride, K, start, bias.ptr);
        expect(maxDifference(dense(c), expected), `${form} M=${M} N=${N} K=${K} start=${start}`).toBe(0);
        expect(paddingIsZero(c)).toBe(true);
      }
    }
    const expected = before.slice();
    gemmReference(expected, A, B, M, N, K);
    fill(c, before);
    k.gemmTransposed(aT.ptr, aT.stride, b.ptr, b.stride, c.ptr, c.stride, M, c.stride, K);
    expect(maxDifference(dense(c), expected), `transposed A M=${M} N=${N} K=${K}`).toBe(0);
    expect(paddingIsZero(c)).toBe(true);
  }
});

test("addColumnSums: adds every column in ascending row order, bit for bit", () => {
  for (const [rows, N] of [
    [0, 4],
    [1, 1],
    [5, 3],
    [33, 20],
    [64, 80],
  ] as const) {
    const { plan, tensors } = engineWith((p) => ({ x: p.tensor("x", rows, N), out: p.tensor("out", 1, N) }));
    const values = randomArray(rows * N, 7);
    const expected = randomArray(N, 8);
    fill(tensors.x, values);
    fill(tensors.out, expected);
    for (let i = 0; i < values.length; i++) expected[i % N] = expected[i % N]! + values[i]!;
    plan.kernels.addColumnSums(tensors.x.ptr, tensors.x.stride, rows, tensors.x.stride, tensors.out.ptr);
    expect(maxDifference(dense(tensors.out), expected)).toBe(0);
  }
});
