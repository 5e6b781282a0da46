import type { DemonstrationEpisode, ObsBuffer } from "./demonstration-set.ts";
import { decodePng } from "./png-pixels.ts";

/** An episode as plain data over shared memory: all threads read the same bytes. */
export interface PackedEpisode {
  readonly numSteps: number;
  /** [T, A] or [T] */
  readonly labels: Float32Array;
  /** [T] */
  readonly elapsed: Float32Array;
  readonly obs:
    | { readonly kind: "numbers"; readonly data: ObsBuffer }
    /** PNG files one after the other; file t ends before `ends[t]` */
    | { readonly kind: "png"; readonly bytes: Uint8Array; readonly ends: Float64Array };
}

/** A copy in memory that threads can share. */
export function shared<A extends Float32Array | Float64Array | Uint8Array>(values: A): A {
  const memory = new SharedArrayBuffer(Math.max(8, values.byteLength));
  const copy = new (values.constructor as new (m: SharedArrayBuffer, at: number, n: number) => A)(memory, 0, values.length);
  copy.set(values);
  return copy;
}

/** Opens a packed episode whose observations have D numbers each. */
export function openEpisode({ numSteps, labels, elapsed, obs }: PackedEpisode, D: number): DemonstrationEpisode {
  const writeObs = (t: number, out: ObsBuffer, at: number): void => {
    if (obs.kind === "numbers") out.set(obs.data.subarray(t * D, (t + 1) * D), at);
    else decodePng(obs.bytes.slice(t === 0 ? 0 : obs.ends[t - 1]!, obs.ends[t]!), out as Uint8Array, at, D); // images are bytes
  };
  return { numSteps, labels, elapsed, writeObs };
}
