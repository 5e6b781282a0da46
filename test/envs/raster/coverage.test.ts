import fc from "fast-check";
import { expect, test } from "vitest";
import { Coverage } from "../../../envs/raster/coverage.ts";

/** Covered part of every pixel, as running sums of what a Coverage holds. */
function covered(coverage: Coverage): number[][] {
  return Array.from({ length: coverage.height }, (_, y) => {
    let sum = 0;
    return Array.from({ length: coverage.width }, (_column, x) => (sum += coverage.sums[y * coverage.stride + x]!));
  });
}

function polygon(coverage: Coverage, points: readonly (readonly [number, number])[]): void {
  points.forEach(([x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length]!;
    coverage.edge(x, y, nextX, nextY);
  });
}

test("a box off the pixel grid covers border pixels by their parts (within 1e-6)", () => {
  const coverage = new Coverage(4, 3);
  coverage.box(0.5, 0.25, 2.75, 2);
  const columns = [0.5, 1, 0.75, 0];
  const rows = [0.75, 1, 0];
  covered(coverage).forEach((row, y) => row.forEach((part, x) => expect(part).toBeCloseTo(columns[x]! * rows[y]!, 6)));
});

test("the diagonal of a square leaves half of each diagonal pixel", () => {
  const coverage = new Coverage(3, 3);
  polygon(coverage, [
    [0, 0],
    [0, 3],
    [3, 3],
  ]);
  expect(covered(coverage).map((row) => row.map((part) => Math.round(part * 1e6) / 1e6))).toEqual([
    [0.5, 0, 0],
    [1, 0.5, 0],
    [1, 1, 0.5],
  ]);
});

const inside = fc.double({ min: 0, max: 8, noNaN: true });
test("covered pixels sum to a triangle's area wherever it lies (within 1e-4)", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(inside, inside), { minLength: 3, maxLength: 3 }), (points) => {
      const coverage = new Coverage(8, 8);
      polygon(coverage, points);
      const [[ax, ay], [bx, by], [cx, cy]] = points as [[number, number], [number, number], [number, number]];
      const area = Math.abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2;
      const sum = covered(coverage)
        .flat()
        .reduce((total, part) => total + part, 0);
      expect(Math.abs(sum)).toBeCloseTo(area, 4);
    }),
  );
});

const anywhere = fc.double({ min: -50, max: 50, noNaN: true });
test("any polygon, even far outside, covers each pixel by -1..1 per winding and writes nothing outside", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anywhere, anywhere), { minLength: 3, maxLength: 3 }), (points) => {
      const coverage = new Coverage(8, 6);
      polygon(coverage, points);
      for (const part of covered(coverage).flat()) expect(Math.abs(part)).toBeLessThan(1 + 1e-4);
    }),
  );
});
