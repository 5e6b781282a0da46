import { ROAD_SPACING, type RandomSource, type RoadParameters, type RoadSamples } from "./road-parameters.ts";

/** The stretch that is being built. */
interface Stretch {
  /** Curvature it wants to reach [1/m]. */
  target: number;
  /** What is left of it [m]. */
  remaining: number;
}

/** Heading that is still added when curvature is wound back to 0 as fast as allowed: κ |κ| / (2 κ'). */
const headingToUnwind = (curvature: number, rate: number): number => (curvature * Math.abs(curvature)) / (2 * rate);

/** A stretch that turns across, from one end of the allowed headings to the other. */
function hairpin(heading: number, { maxCurvature, maxHeading }: RoadParameters): Stretch {
  const side = heading > 0 ? -1 : 1;
  return { target: side * maxCurvature, remaining: (maxHeading + Math.abs(heading)) / maxCurvature };
}

function drawStretch(source: RandomSource, heading: number, parameters: RoadParameters): Stretch {
  const kind = source.random();
  const share = source.random();
  const leftward = source.random() < 0.5;
  const strength = 0.25 + 0.75 * source.random();
  const { segmentLength, straightShare, hairpinShare, maxHeading, maxCurvature } = parameters;
  const remaining = segmentLength[0] + share * (segmentLength[1] - segmentLength[0]);
  if (kind < straightShare) return { target: 0, remaining };
  if (kind < straightShare + hairpinShare) return hairpin(heading, parameters);
  const isFarOut = Math.abs(heading) > 0.7 * maxHeading;
  const side = isFarOut ? -Math.sign(heading) : leftward ? 1 : -1;
  return { target: side * strength * maxCurvature, remaining };
}

/**
 * Fills `road` with an open curve of piecewise wanted curvature, joined by clothoids, starting at the origin along x.
 *
 * The heading never leaves ± maxHeading, so the curve always gains ground along x and cannot cross itself. Returns the spacing [m].
 */
export function openCurve(road: RoadSamples, source: RandomSource, parameters: RoadParameters): number {
  const { maxCurvatureRate, maxHeading } = parameters;
  const step = ROAD_SPACING;
  let stretch: Stretch = { target: 0, remaining: parameters.segmentLength[0] };
  let [x, y, heading, curvature] = [0, 0, 0, 0];
  for (let i = 0; i <= road.count; i++) {
    road.x[i] = x;
    road.y[i] = y;
    road.heading[i] = heading;
    road.curvature[i] = curvature;
    if (stretch.remaining <= 0) stretch = drawStretch(source, heading, parameters);
    const isTurningOut = stretch.target * heading > 0 || curvature * heading > 0;
    if (isTurningOut && Math.abs(heading + headingToUnwind(curvature, maxCurvatureRate)) > 0.95 * maxHeading) {
      stretch.target = 0;
    }
    const change = stretch.target - curvature;
    const limit = maxCurvatureRate * step;
    const next = curvature + Math.max(-limit, Math.min(limit, change));
    const middle = heading + (step / 6) * (2 * curvature + next); // mean heading of the interval
    x += step * Math.cos(middle);
    y += step * Math.sin(middle);
    heading += (step * (curvature + next)) / 2;
    curvature = next;
    stretch.remaining -= step;
  }
  return step;
}
