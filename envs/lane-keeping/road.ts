import { closedCurve } from "./closed-curve.ts";
import { openCurve } from "./open-curve.ts";
import { ROAD_SPACING, type RandomSource, type RoadParameters } from "./road-parameters.ts";

/** Road that an open road has before its start and after its end [m], so that there is something to see. */
export const ROAD_RUN_IN = 20;
export const ROAD_RUN_OUT = 150;

/** Speeds along a road [m/s] and the accelerations [m/s²] that bound them. */
export interface SpeedLimits {
  readonly speed: number;
  /** Slow down before bends so that lateral acceleration stays below this; null: constant speed. */
  readonly lateralAcceleration: number | null;
}

/** How fast a speed profile may rise and fall [m/s²]. */
const SPEED_UP = 1.5;
const SLOW_DOWN = 2.5;
/** No profile is slower than this [m/s]. */
const MIN_SPEED = 3;

/**
 * The centre of the lane to be driven, sampled by arc length. Left is positive, headings are continuous (never wrapped).
 *
 * Open roads run from station 0 (the start is at ROAD_RUN_IN) to `length`; closed ones repeat with period `length`, and their sample
 * `count` is sample 0 with a full turn added to the heading. Generating reuses the arrays, which grow only if a road is longer than
 * all before.
 */
export class Road {
  closed = false;
  /** Number of intervals; arrays hold one more sample. */
  count = 0;
  spacing = ROAD_SPACING;
  x = new Float64Array(0);
  y = new Float64Array(0);
  heading = new Float64Array(0);
  curvature = new Float64Array(0);
  /** Wanted speed [m/s] at each sample. */
  speed = new Float64Array(0);

  /** Arc length of all samples [m]: of a lap, if closed. */
  get length(): number {
    return this.count * this.spacing;
  }

  /** Station where driving starts [m]. */
  get start(): number {
    return this.closed ? 0 : ROAD_RUN_IN;
  }

  /** Draws a road. The same source state and parameters give the same road. */
  generate(source: RandomSource, parameters: RoadParameters, limits: SpeedLimits): void {
    this.closed = parameters.closed;
    const length = parameters.closed ? parameters.length : ROAD_RUN_IN + parameters.length + ROAD_RUN_OUT;
    this.count = Math.round(length / ROAD_SPACING);
    this.#reserve(this.count + 1);
    this.spacing = parameters.closed ? closedCurve(this, source, parameters) : openCurve(this, source, parameters);
    if (parameters.mirrored) this.#mirror();
    this.#setSpeeds(limits);
  }

  /** Index of the sample at or before `station`, wrapped (closed) or clamped (open). */
  indexAt(station: number): number {
    const index = Math.floor(station / this.spacing);
    if (this.closed) return index - Math.floor(index / this.count) * this.count;
    return Math.max(0, Math.min(this.count - 1, index));
  }

  /** Curvature [1/m] at a station, linear between samples. */
  curvatureAt(station: number): number {
    return this.#interpolate(this.curvature, station);
  }

  /** Wanted speed [m/s] at a station. */
  speedAt(station: number): number {
    return this.#interpolate(this.speed, station);
  }

  /** Place of the lane's centre at a station. */
  pointAt(station: number): { x: number; y: number } {
    return { x: this.#interpolate(this.x, station), y: this.#interpolate(this.y, station) };
  }

  #interpolate(values: Float64Array, station: number): number {
    const i = this.indexAt(station);
    const part = station / this.spacing - Math.floor(station / this.spacing);
    return values[i]! + part * (values[i + 1]! - values[i]!);
  }

  #reserve(size: number): void {
    if (this.x.length >= size) return;
    this.x = new Float64Array(size);
    this.y = new Float64Array(size);
    this.heading = new Float64Array(size);
    this.curvature = new Float64Array(size);
    this.speed = new Float64Array(size);
  }

  #mirror(): void {
    for (let i = 0; i <= this.count; i++) {
      this.y[i] = -this.y[i]!;
      this.heading[i] = -this.heading[i]!;
      this.curvature[i] = -this.curvature[i]!;
    }
  }

  /** Fastest profile below the wanted speed and the bends' limits that needs no harder braking or acceleration than allowed. */
  #setSpeeds({ speed, lateralAcceleration }: SpeedLimits): void {
    const { count, spacing, curvature } = this;
    this.speed.fill(speed);
    if (lateralAcceleration === null) return;
    for (let i = 0; i <= count; i++) {
      const bend = Math.sqrt(lateralAcceleration / Math.max(1e-9, Math.abs(curvature[i]!)));
      this.speed[i] = Math.max(MIN_SPEED, Math.min(speed, bend));
    }
    const laps = this.closed ? 2 : 1;
    for (let i = laps * count - 1; i >= 0; i--) this.#limit(i % count, (i % count) + 1, SLOW_DOWN * spacing);
    for (let i = 0; i < laps * count; i++) this.#limit((i % count) + 1, i % count, SPEED_UP * spacing);
  }

  /** v² may differ by at most 2 a Δs between neighbours. The last sample of a lap is the first of the next. */
  #limit(index: number, neighbour: number, work: number): void {
    const { speed } = this;
    speed[index] = Math.min(speed[index]!, Math.sqrt(speed[neighbour]! ** 2 + 2 * work));
    if (!this.closed) return;
    if (index === 0) speed[this.count] = speed[0]!;
    if (index === this.count) speed[0] = speed[this.count]!;
  }
}
