import { configError } from "../checks.ts";
import type { SequenceLayout } from "./sequence-layout.ts";
import { type Tensor, requireShape } from "./tensor.ts";

/** State of a model: h is [B, units] ([units] unbatched); c, the memory, of the same shape, only where the model has one. */
export interface ModelState {
  /** neurons; of a wired CfC in layer order (inter, command, motor), of an LTC by neuron id */
  readonly h: Tensor;
  /** memory of a mixed-memory model or an LSTM */
  readonly c?: Tensor | undefined;
}

/** What the state of a model consists of. */
export interface StateSizes {
  /** neurons of the cell */
  readonly units: number;
  /** whether there is a memory c beside h */
  readonly hasMemory: boolean;
}

/** The whole state [B, stateSize] of h and c, or undefined for zeros. */
export function readState(
  model: StateSizes,
  state: ModelState | undefined,
  { B, batched }: SequenceLayout,
): Float64Array | undefined {
  const { units, hasMemory } = model;
  if (state === undefined) return undefined;
  const shape = batched ? [B, units] : [units];
  requireShape("state h", state.h, shape, batched ? "sequences, units" : "units; the input has no batch axis");
  if (!hasMemory) {
    if (state.c !== undefined)
      throw configError("state", "state c was given, but this model has no memory; give h alone");
    return state.h.data;
  }
  if (state.c === undefined) throw configError("state", "this model has a memory: give the state as both h and c");
  requireShape("state c", state.c, shape, "as h");
  const whole = new Float64Array(B * 2 * units);
  for (let n = 0; n < B; n++) {
    whole.set(state.h.data.subarray(n * units, (n + 1) * units), n * 2 * units);
    whole.set(state.c.data.subarray(n * units, (n + 1) * units), n * 2 * units + units);
  }
  return whole;
}

/** Splits a whole state into h and, where there is a memory, c. */
export function writeState(
  { units, hasMemory }: StateSizes,
  whole: Float64Array,
  { B, batched }: SequenceLayout,
): ModelState {
  const shape = batched ? [B, units] : [units];
  const width = hasMemory ? 2 * units : units;
  const part = (first: number): Tensor => ({
    shape,
    data: Float64Array.from(
      { length: B * units },
      (_, k) => whole[Math.floor(k / units) * width + first + (k % units)]!,
    ),
  });
  return hasMemory ? { h: part(0), c: part(units) } : { h: part(0) };
}

/** Gradients of the final state, with zeros for what was not given. */
export function asState(
  { h, c }: { readonly h?: Tensor | undefined; readonly c?: Tensor | undefined },
  { units, hasMemory }: StateSizes,
  { B, batched }: SequenceLayout,
): ModelState | undefined {
  if (h === undefined && c === undefined) return undefined;
  const zero: Tensor = { shape: batched ? [B, units] : [units], data: new Float64Array(B * units) };
  return hasMemory ? { h: h ?? zero, c: c ?? zero } : { h: h ?? zero, c };
}
