import type { RandomSource, RoadParameters, RoadSamples } from "./road-parameters.ts";

/** Number of waves around a lap: more make more bends. */
const NUM_HARMONICS = 6;
/** Points around a lap from which arc length is found. */
const NUM_POINTS = 1024;
/** Amplitudes are shrunk by this until no bend is too sharp. */
const SHRINK = 0.9;

/** r(φ) = 1 + Σ a_k cos(k φ + p_k), k = 2 … 7; k = 1 would only move the centre. */
interface RadialCurve {
  readonly amplitude: Float64Array;
  readonly phase: Float64Array;
}

/** Position and its first two derivatives by φ: x, y, x', y', x'', y''. */
type Jet = [number, number, number, number, number, number];

function jetAt(curve: RadialCurve, angle: number): Jet {
  let [r, dr, ddr] = [1, 0, 0];
  for (let i = 0; i < NUM_HARMONICS; i++) {
    const k = i + 2;
    const a = curve.amplitude[i]!;
    const at = k * angle + curve.phase[i]!;
    r += a * Math.cos(at);
    dr -= k * a * Math.sin(at);
    ddr -= k * k * a * Math.cos(at);
  }
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [r * c, r * s, dr * c - r * s, dr * s + r * c, ddr * c - 2 * dr * s - r * c, ddr * s + 2 * dr * c - r * s];
}

const speedOf = ([, , dx, dy]: Jet): number => Math.sqrt(dx * dx + dy * dy);
const curvatureOf = ([, , dx, dy, ddx, ddy]: Jet): number => (dx * ddy - dy * ddx) / (dx * dx + dy * dy) ** 1.5;

function drawCurve(source: RandomSource): RadialCurve {
  const amplitude = new Float64Array(NUM_HARMONICS);
  const phase = new Float64Array(NUM_HARMONICS);
  for (let i = 0; i < NUM_HARMONICS; i++) {
    amplitude[i] = (0.5 * source.random()) / (i + 2);
    phase[i] = 2 * Math.PI * source.random();
  }
  return { amplitude, phase };
}

/** Arc length up to each of NUM_POINTS + 1 angles, and the sharpest curvature, both for mean radius 1. */
function measure(curve: RadialCurve): { arc: Float64Array; sharpest: number } {
  const arc = new Float64Array(NUM_POINTS + 1);
  let sharpest = 0;
  let before = jetAt(curve, 0);
  for (let i = 1; i <= NUM_POINTS; i++) {
    const jet = jetAt(curve, (2 * Math.PI * i) / NUM_POINTS);
    const speed = (speedOf(before) + speedOf(jet)) / 2;
    arc[i] = arc[i - 1]! + (speed * 2 * Math.PI) / NUM_POINTS;
    sharpest = Math.max(sharpest, Math.abs(curvatureOf(jet)));
    before = jet;
  }
  return { arc, sharpest };
}

/**
 * Fills `road` with a closed curve r(φ) around the origin, driven counter-clockwise or, half of the time, clockwise.
 *
 * A radial curve cannot cross itself. Its waves are shrunk until no bend is sharper than allowed; a lap too short even for a
 * circle is made longer instead. Returns the spacing [m].
 */
export function closedCurve(road: RoadSamples, source: RandomSource, parameters: RoadParameters): number {
  const curve = drawCurve(source);
  const isClockwise = source.random() < 0.5;
  const { length, maxCurvature } = parameters;
  let { arc, sharpest } = measure(curve);
  const numTries = 60;
  for (let i = 0; i < numTries && (sharpest * arc[NUM_POINTS]!) / length > maxCurvature; i++) {
    for (let k = 0; k < NUM_HARMONICS; k++) curve.amplitude[k]! *= SHRINK;
    ({ arc, sharpest } = measure(curve));
  }
  const radius = Math.max(length / arc[NUM_POINTS]!, sharpest / maxCurvature);
  sampleByArcLength(road, curve, arc, radius, isClockwise ? -1 : 1);
  return (radius * arc[NUM_POINTS]!) / road.count;
}

/** Writes samples at equal distances; `side` -1 mirrors the lap, which makes it clockwise. */
function sampleByArcLength(
  road: RoadSamples,
  curve: RadialCurve,
  arc: Float64Array,
  radius: number,
  side: number,
): void {
  let point = 0;
  let heading = Math.PI / 2;
  for (let i = 0; i <= road.count; i++) {
    const wanted = (arc[NUM_POINTS]! * i) / road.count;
    while (point < NUM_POINTS - 1 && arc[point + 1]! < wanted) point++;
    const part = (wanted - arc[point]!) / (arc[point + 1]! - arc[point]!);
    const jet = jetAt(curve, (2 * Math.PI * (point + part)) / NUM_POINTS);
    const turn = Math.atan2(jet[3], jet[2]) - heading;
    heading += turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
    road.x[i] = radius * jet[0];
    road.y[i] = side * radius * jet[1];
    road.heading[i] = side * heading;
    road.curvature[i] = (side * curvatureOf(jet)) / radius;
  }
}
