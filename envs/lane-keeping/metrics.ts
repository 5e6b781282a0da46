import type { Info } from "../env.ts";

/** How well one episode was driven: `info.metrics` of its last step. */
export interface DrivingMetrics {
  readonly kind: "driving";
  /** Distance driven along the lane [km]. */
  readonly distanceKm: number;
  /** 1 if the car left its lane. */
  readonly crashes: number;
  /** Steps of the episode. */
  readonly numSteps: number;
  /** Distance from the lane's centre, mean over steps [m]. */
  readonly meanAbsLateralError: number;
  /** The same, maximum over steps [m]. */
  readonly maxAbsLateralError: number;
  /** Angle against the lane, mean over steps [rad]. */
  readonly meanAbsHeadingError: number;
  /** Mean change of the steered curvature per second [1/(m s)]: lower is smoother. */
  readonly steeringSmoothness: number;
}

/** Running sums of an episode. */
export class DrivingTally {
  distance = 0;
  crashes = 0;
  numSteps = 0;
  lateral = 0;
  maxLateral = 0;
  heading = 0;
  steering = 0;
  seconds = 0;

  reset(): void {
    this.distance = 0;
    this.crashes = 0;
    this.numSteps = 0;
    this.lateral = 0;
    this.maxLateral = 0;
    this.heading = 0;
    this.steering = 0;
    this.seconds = 0;
  }

  /** Adds a step: errors after it [m, rad], change of curvature [1/m], its duration [s]. */
  add(lateralError: number, headingError: number, curvatureChange: number, seconds: number): void {
    const lateral = Math.abs(lateralError);
    this.numSteps += 1;
    this.lateral += lateral;
    this.maxLateral = Math.max(this.maxLateral, lateral);
    this.heading += Math.abs(headingError);
    this.steering += Math.abs(curvatureChange);
    this.seconds += seconds;
  }

  /** The episode so far. */
  metrics(): DrivingMetrics {
    const steps = Math.max(1, this.numSteps);
    return {
      kind: "driving",
      distanceKm: this.distance / 1000,
      crashes: this.crashes,
      numSteps: this.numSteps,
      meanAbsLateralError: this.lateral / steps,
      maxAbsLateralError: this.maxLateral,
      meanAbsHeadingError: this.heading / steps,
      steeringSmoothness: this.seconds > 0 ? this.steering / this.seconds : 0,
    };
  }
}

function isDrivingMetrics(value: unknown): value is DrivingMetrics {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "driving";
}

/**
 * Sums up the `DrivingMetrics` of ended episodes, given the last `info` of each: distances and crashes add up, means weigh every step
 * alike; `crashesPerKm` [1/km] is added. Infos without metrics are left out; null if none has any.
 */
export function summarizeDriving(infos: readonly Info[]): Readonly<Record<string, number>> | null {
  const episodes = infos.map((info) => info["metrics"]).filter(isDrivingMetrics);
  if (episodes.length === 0) return null;
  const sum = (of: (m: DrivingMetrics) => number): number => episodes.reduce((total, m) => total + of(m), 0);
  const numSteps = Math.max(
    1,
    sum((m) => m.numSteps),
  );
  const distanceKm = sum((m) => m.distanceKm);
  const crashes = sum((m) => m.crashes);
  return {
    crashes,
    crashesPerKm: distanceKm > 0 ? crashes / distanceKm : crashes > 0 ? Infinity : 0,
    meanAbsLateralError: sum((m) => m.meanAbsLateralError * m.numSteps) / numSteps,
    maxAbsLateralError: Math.max(...episodes.map((m) => m.maxAbsLateralError)),
    meanAbsHeadingError: sum((m) => m.meanAbsHeadingError * m.numSteps) / numSteps,
    steeringSmoothness: sum((m) => m.steeringSmoothness * m.numSteps) / numSteps,
    distanceKm,
  };
}
