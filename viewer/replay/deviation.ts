import type { Episode } from "../episode/episode.ts";

/**
 * How far two episodes are apart, step by step: root mean square over the motor neurons, or NaN where one of them is over.
 * Length: that of the longer episode.
 */
export function motorDeviation(a: Episode, b: Episode): Float32Array {
  const M = Math.min(a.shape.numMotor, b.shape.numMotor);
  const both = Math.min(a.length, b.length);
  const out = new Float32Array(Math.max(a.length, b.length)).fill(NaN);
  const [x, y] = [a.columns.motor, b.columns.motor];
  for (let t = 0; t < both; t++) {
    let sum = 0;
    for (let m = 0; m < M; m++) sum += ((x[t * a.shape.numMotor + m] ?? 0) - (y[t * b.shape.numMotor + m] ?? 0)) ** 2;
    out[t] = Math.sqrt(sum / Math.max(1, M));
  }
  return out;
}

/** First step at which two episodes chose different actions, or null. */
export function firstDifference(a: Episode, b: Episode): number | null {
  const [x, y] = [a.columns.action, b.columns.action];
  const size = a.shape.actionSize;
  for (let i = 0; i < Math.min(x.length, y.length); i++) if (x[i] !== y[i]) return Math.floor(i / size);
  return a.length === b.length ? null : Math.min(a.length, b.length);
}
