/** A point of the panel, in CSS pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * The curve of a synapse as a cubic Bézier's four points. Between columns it leaves and arrives level; within a column (recurrence) it
 * is an arc to the right; a synapse onto itself is a small loop there.
 */
export function edgeCurve(a: Point, b: Point, radius: number): readonly [Point, Point, Point, Point] {
  if (a.x === b.x && a.y === b.y) {
    const r = radius * 3.2;
    return [a, { x: a.x + r, y: a.y - r }, { x: a.x + r, y: a.y + r }, a];
  }
  const dx = b.x - a.x;
  if (Math.abs(dx) < radius * 6) {
    const bulge = Math.min(90, 18 + Math.abs(b.y - a.y) * 0.42);
    return [a, { x: a.x + bulge, y: a.y }, { x: b.x + bulge, y: b.y }, b];
  }
  const reach = dx * 0.42;
  return [a, { x: a.x + reach, y: a.y }, { x: b.x - reach, y: b.y }, b];
}

/** About how long a curve is: between its chord and its control points. */
export function curveLength([a, b, c, d]: readonly [Point, Point, Point, Point]): number {
  const distance = (p: Point, q: Point): number => Math.hypot(q.x - p.x, q.y - p.y);
  return (distance(a, d) + distance(a, b) + distance(b, c) + distance(c, d)) / 2;
}

/** Point of a cubic Bézier at t in [0, 1]. */
export function curvePoint([p, q, r, s]: readonly [Point, Point, Point, Point], t: number): Point {
  const u = 1 - t;
  const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return { x: a * p.x + b * q.x + c * r.x + d * s.x, y: a * p.y + b * q.y + c * r.y + d * s.y };
}
