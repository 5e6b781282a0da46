import { ConfigError } from "../../src/errors.ts";

/** Labelled sequences of equal padded length. Row-major; N sequences, T steps, D inputs, O outputs. */
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
  /** [N] steps that are real, from the first on; all when absent. Padded steps count for nothing */
  readonly lengths?: Int32Array;
}

/** Sizes that sequences are checked against. */
export interface SequenceSizes {
  readonly inputDim: number;
  readonly targetsPerStep: number;
}

/** Throws ConfigError naming the array that does not fit, or holds a number that is not finite. */
export function checkSequences(data: Sequences, { inputDim, targetsPerStep }: SequenceSizes): void {
  const { count, steps, inputs, targets, elapsed, lengths } = data;
  if (!(Number.isInteger(count) && count > 0 && Number.isInteger(steps) && steps > 0))
    throw new ConfigError("sequences", `sequences: count ${count} and steps ${steps}; expected positive integers`);
  checkArray("inputs", inputs, count * steps * inputDim, `[${count}, ${steps}, ${inputDim}]`);
  checkArray("targets", targets, count * steps * targetsPerStep, `[${count}, ${steps}, ${targetsPerStep}]`);
  if (elapsed) checkArray("elapsed", elapsed, count * steps, `[${count}, ${steps}]`);
  const wrongTime = elapsed?.findIndex((dt) => !(dt > 0)) ?? -1;
  if (wrongTime >= 0)
    throw new ConfigError(
      "sequences",
      `sequences.elapsed[${wrongTime}] is ${elapsed![wrongTime]}; elapsed time must be above 0`,
    );
  if (lengths && (lengths.length !== count || lengths.some((length) => length < 1 || length > steps)))
    throw new ConfigError("sequences", `sequences.lengths: expected ${count} lengths from 1 to ${steps}`);
}

function checkArray(name: string, values: Float32Array, expected: number, shape: string): void {
  if (values.length !== expected)
    throw new ConfigError(
      "sequences",
      `sequences.${name}: ${values.length} numbers, expected ${expected} for ${shape}`,
    );
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new ConfigError("sequences", `sequences.${name}[${at}] is ${values[at]}; expected finite numbers`);
}
