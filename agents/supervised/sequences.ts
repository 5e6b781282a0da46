import { ConfigError } from "../../src/errors.ts";

/** Labelled sequences of equal padded length: N sequences, T steps, D inputs, O outputs. */
export interface Sequences {
  /** [N, T, D] */
  readonly inputs: Float32Array;
  /** [N, T, O] values, or one class number per step [N, T] for `crossEntropy` */
  readonly targets: Float32Array;
  /** number of sequences (N) */
  readonly count: number;
  /** steps of each, padding included (T) */
  readonly steps: number;
  /** [N, T] elapsed time before each step, in nominal periods, > 0; 1 everywhere when absent */
  readonly elapsed?: Float32Array;
  /** [N] steps that are real, from the first on; all when absent. Padded steps count for nothing and may hold anything */
  readonly lengths?: Int32Array;
  /** [N, T] 0 where a step is padding, wherever it stands: the state stays as it was, the output repeats. Instead of `lengths` */
  readonly mask?: Uint8Array;
}

/** Sizes that sequences are checked against. */
export interface SequenceSizes {
  readonly inputDim: number;
  readonly targetsPerStep: number;
}

/** Whether step t of sequence n is real, not padding. */
export const isReal = ({ steps, lengths, mask }: Omit<Sequences, "targets">, n: number, t: number): boolean =>
  mask ? mask[n * steps + t] !== 0 : t < (lengths?.[n] ?? steps);

/** Throws ConfigError naming the array that does not fit, or holds a number that is not finite where a step is real. */
export function checkSequences(data: Sequences, { inputDim, targetsPerStep }: SequenceSizes): void {
  const { count, steps, inputs, targets, elapsed } = data;
  if (!(Number.isInteger(count) && count > 0 && Number.isInteger(steps) && steps > 0))
    throw refused(`sequences: count ${count} and steps ${steps}; expected positive integers`);
  checkPadding(data);
  checkArray(data, "inputs", inputs, inputDim);
  checkArray(data, "targets", targets, targetsPerStep);
  if (!elapsed) return;
  checkArray(data, "elapsed", elapsed, 1);
  const wrongTime = elapsed.findIndex((dt, at) => !(dt > 0) && isReal(data, Math.floor(at / steps), at % steps));
  if (wrongTime >= 0)
    throw refused(`sequences.elapsed[${wrongTime}] is ${elapsed[wrongTime]}; elapsed time must be above 0`);
}

function checkPadding({ count, steps, lengths, mask }: Sequences): void {
  if (lengths && mask) throw refused("sequences: lengths and mask both came; give one");
  if (lengths && (lengths.length !== count || lengths.some((length) => length < 1 || length > steps)))
    throw refused(`sequences.lengths: expected ${count} lengths from 1 to ${steps}`);
  if (!mask) return;
  if (mask.length !== count * steps)
    throw refused(`sequences.mask: ${mask.length} numbers, expected ${count * steps} for [${count}, ${steps}]`);
  for (let n = 0; n < count; n++)
    if (mask.subarray(n * steps, (n + 1) * steps).every((flag) => flag === 0))
      throw refused(`sequences.mask: sequence ${n} has no real step`);
}

function checkArray(data: Sequences, name: string, values: Float32Array, width: number): void {
  const { count, steps } = data;
  const expected = count * steps * width;
  if (values.length !== expected)
    throw refused(
      `sequences.${name}: ${values.length} numbers, expected ${expected} for [${[count, steps, ...(name === "elapsed" ? [] : [width])].join(", ")}]`,
    );
  const at = values.findIndex((value, i) => {
    const row = Math.floor(i / width);
    return !Number.isFinite(value) && isReal(data, Math.floor(row / steps), row % steps);
  });
  if (at >= 0) throw refused(`sequences.${name}[${at}] is ${values[at]}; expected finite numbers`);
}

const refused = (message: string): ConfigError => new ConfigError("sequences", message);
