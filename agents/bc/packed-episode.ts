import type { DemonstrationEpisode, ObsBuffer } from "./demonstration-set.ts";
import { inflateSync } from "node:zlib";
import { decodePng, type PictureSize } from "../../src/recording/decode-png.ts";

/** One expert episode as plain data, T steps. Threads read the same bytes where its arrays lie in shared memory, and copies where not. */
export interface PackedEpisode {
  /** T */
  readonly numSteps: number;
  /** what the expert did. Box: [T, A]. Discrete: [T], counted from 0 */
  readonly labels: Float32Array;
  /** [T] since the observation before, in nominal control periods */
  readonly elapsed: Float32Array;
  /** [T] 1 where a human acted, 0 where the policy did that was being corrected; absent where nobody took over */
  readonly byHand?: Uint8Array;
  /** [T, D] as the environment gave them, or [T] pictures */
  readonly obs:
    | { readonly kind: "numbers"; readonly data: ObsBuffer }
    /** PNG files one after the other; file t ends before `ends[t]` */
    | { readonly kind: "png"; readonly bytes: Uint8Array; readonly ends: Float64Array };
}

/** A copy in memory that threads can share. */
export function shared<A extends Float32Array | Float64Array | Uint8Array>(values: A): A {
  const memory = new SharedArrayBuffer(Math.max(8, values.byteLength));
  const copy = new (values.constructor as new (m: SharedArrayBuffer, at: number, n: number) => A)(
    memory,
    0,
    values.length,
  );
  copy.set(values);
  return copy;
}

/** Opens a packed episode whose observations have a shape; steps that no human made weigh `policyWeight` where a human made others. */
export function openEpisode(
  { numSteps, labels, elapsed, byHand, obs }: PackedEpisode,
  shape: readonly number[],
  policyWeight: number,
): DemonstrationEpisode {
  const D = shape.reduce((a, b) => a * b, 1);
  const [height = 1, width = 1, channels = 1] = shape;
  const size: PictureSize = { height, width, channels: channels === 3 ? 3 : 1 };
  const writeObs = (t: number, out: ObsBuffer, at: number): void => {
    if (obs.kind === "numbers") {
      out.set(obs.data.subarray(t * D, (t + 1) * D), at);
      return;
    }
    const file = obs.bytes.slice(t === 0 ? 0 : obs.ends[t - 1]!, obs.ends[t]!); // zlib does not read shared memory
    decodePng(file, size, inflateSync, out as Uint8Array, at); // images are bytes
  };
  const weights =
    byHand === undefined || policyWeight === 1 ? null : Float32Array.from(byHand, (b) => (b === 1 ? 1 : policyWeight));
  return { numSteps, labels, elapsed, weights, writeObs };
}
