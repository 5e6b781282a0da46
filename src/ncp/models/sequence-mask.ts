import { configError } from "../checks.ts";
import { type SequenceLayout, stepsShape, toTimeMajor } from "./sequence-layout.ts";
import { type Tensor, requireShape } from "./tensor.ts";

/** Which steps are padding: at most one of the two. */
export interface Padding {
  /** 0 where a step is padding, [B, T], [T, B] or [T] as the input: the state stays and the output repeats */
  readonly mask?: Tensor | undefined;
  /** number of real steps of each sequence, at the start, [B]; instead of `mask` */
  readonly lengths?: readonly number[] | undefined;
}

/** Flags per step as [T, B]; undefined stays so. */
export function readFlags(name: string, flags: Tensor | undefined, layout: SequenceLayout): Float64Array | undefined {
  if (flags === undefined) return undefined;
  requireShape(name, flags, stepsShape(layout, null), "one per sample and step");
  return toTimeMajor(flags.data, layout);
}

/** A mask as [T, B] from a mask or from lengths; undefined without either. */
export function readMask({ mask, lengths }: Padding, layout: SequenceLayout): Float64Array | undefined {
  if (lengths === undefined) return readFlags("mask", mask, layout);
  if (mask !== undefined) throw configError("mask", "both mask and lengths were given; give one");
  const { T, B } = layout;
  if (lengths.length !== B) throw configError("mask", `${lengths.length} lengths were given for ${B} sequences`);
  const bad = lengths.find((length) => !(Number.isInteger(length) && length >= 0 && length <= T));
  if (bad !== undefined) throw configError("mask", `lengths holds ${bad}; expected integers in 0 .. ${T}`);
  return Float64Array.from({ length: T * B }, (_, k) => (Math.floor(k / B) < lengths[k % B]! ? 1 : 0));
}
