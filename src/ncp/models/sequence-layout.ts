import { configError } from "../checks.ts";
import { type Tensor, requireShape, showShape, swapLeadingAxes } from "./tensor.ts";

/** How a caller's arrays lie: [B, T, ·], [T, B, ·], or [T, ·] for one sequence without a batch axis. */
export interface SequenceLayout {
  readonly T: number;
  readonly B: number;
  readonly batchFirst: boolean;
  readonly batched: boolean;
}

/**
 * Time since the last step, in nominal control periods: one number for all, or a tensor with one per sample and step, [B, T] ([T, B] without
 * `batchFirst`), also with a last axis of 1; shared by all samples, [1, T] ([T, 1]); without a batch axis [T] or [T, 1].
 */
export type Elapsed = number | Tensor;

/** Reads the layout off an input. Throws ConfigError for another rank, another number of features, or no steps. */
export function readLayout({ shape, data }: Tensor, inputSize: number, batchFirst: boolean): SequenceLayout {
  const axes = batchFirst ? "[B, T, features] or [T, features]" : "[T, B, features] or [T, features]";
  if (shape.length !== 2 && shape.length !== 3) {
    throw configError("shape", `input has shape ${showShape(shape)}; expected ${axes}`);
  }
  const batched = shape.length === 3;
  const [first, second] = [shape[0]!, batched ? shape[1]! : 1];
  const features = shape[shape.length - 1]!;
  if (features !== inputSize)
    throw configError("shape", `input has ${features} features per step; this model was made for ${inputSize}`);
  requireShape("input", { shape, data }, shape, axes);
  const [T, B] = !batched || !batchFirst ? [first, second] : [second, first];
  if (T < 1 || B < 1)
    throw configError(
      "shape",
      `input has shape ${showShape(shape)}, which is ${T} steps of ${B} sequences; expected at least one of each`,
    );
  return { T, B, batchFirst, batched };
}

/** Shape of a per-step tensor with this many features in the caller's layout. */
export function stepsShape({ T, B, batchFirst, batched }: SequenceLayout, features: number | null): number[] {
  const axes = !batched ? [T] : batchFirst ? [B, T] : [T, B];
  return features === null ? axes : [...axes, features];
}

/** To time-major [T, B, ·]. */
export const toTimeMajor = (data: Float64Array, { T, B, batchFirst, batched }: SequenceLayout): Float64Array =>
  batched && batchFirst ? swapLeadingAxes(data, [B, T]) : data;

/** From time-major [T, B, ·]. */
export const fromTimeMajor = (data: Float64Array, { T, B, batchFirst, batched }: SequenceLayout): Float64Array =>
  batched && batchFirst ? swapLeadingAxes(data, [T, B]) : data;

/** Which elapsed times are allowed. */
export interface ElapsedRule {
  readonly mustBePositive: boolean;
  /** [T, B]: where it is 0 the step is padding and any time goes */
  readonly mask?: Float64Array | undefined;
}

/**
 * Elapsed times as [T, B]. Accepted: a number; one per (sample, step), [B, T] or [T, B] as the layout says, also with a
 * last axis of 1; shared by all samples, [1, T] or [T, 1]; unbatched [T] or [T, 1]. Anything else throws ConfigError.
 */
export function readElapsed(elapsed: Elapsed, layout: SequenceLayout, rule: ElapsedRule): Float64Array {
  const { T, B, batched, batchFirst } = layout;
  if (typeof elapsed === "number") return checkedTimes(new Float64Array(T * B).fill(elapsed), rule);
  const { shape, data } = elapsed;
  const perStep = stepsShape(layout, null);
  const shared = batchFirst ? [1, T] : [T, 1];
  const trimmed = shape.length === perStep.length + 1 && shape[shape.length - 1] === 1 ? shape.slice(0, -1) : shape;
  const same = (expected: readonly number[]): boolean =>
    trimmed.length === expected.length && trimmed.every((n, i) => n === expected[i]);
  const isShared = batched && same(shared);
  if (!same(perStep) && !isShared) {
    const also = batched ? ` or ${showShape(shared)} (shared)` : "";
    const expected = `a number, ${showShape(perStep)} (one per ${batched ? "sample and step" : "step"})${also}`;
    throw configError("elapsed", `elapsed has shape ${showShape(shape)}; expected ${expected}`);
  }
  requireShape("elapsed", elapsed, shape, "as given");
  const times = isShared
    ? Float64Array.from({ length: T * B }, (_, k) => data[Math.floor(k / B)]!)
    : toTimeMajor(data, layout);
  return checkedTimes(times, rule);
}

/** Reverse of `readElapsed`: the gradient in the caller's shape (shared times add up). */
export function elapsedGradient(dElapsed: Float64Array, elapsed: Tensor, layout: SequenceLayout): Tensor {
  const { B } = layout;
  if (elapsed.data.length === dElapsed.length) return { shape: elapsed.shape, data: fromTimeMajor(dElapsed, layout) };
  const data = new Float64Array(elapsed.data.length);
  dElapsed.forEach((d, k) => (data[Math.floor(k / B)]! += d));
  return { shape: elapsed.shape, data };
}

function checkedTimes(times: Float64Array, { mustBePositive, mask }: ElapsedRule): Float64Array {
  const isBad = (time: number): boolean => !(mustBePositive ? time > 0 : time >= 0) || time === Infinity;
  const bad = times.findIndex((time, k) => isBad(time) && mask?.[k] !== 0);
  if (bad === -1) return times;
  throw configError(
    "elapsed",
    `elapsed holds ${times[bad]}; expected finite times ${mustBePositive ? "> 0 (an LTC divides by them)" : ">= 0"}`,
  );
}
