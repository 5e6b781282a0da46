import { KernelError } from "../../errors.ts";

/** Throws KernelError unless 0 <= rows <= maxRows. */
export function checkRows(layer: string, rows: number, maxRows: number): void {
  if (!Number.isInteger(rows) || rows < 0 || rows > maxRows)
    throw new KernelError("too-many-rows", `${layer}: ${rows} rows given, memory was planned for 0 to ${maxRows}`);
}

/** Throws KernelError unless T steps of B samples fit the planned memory. */
export function checkSequence(layer: string, T: number, B: number, maxRows: number, maxBatch: number): void {
  const fits = Number.isInteger(T) && Number.isInteger(B) && T >= 0 && B >= 0 && T * B <= maxRows && B <= maxBatch;
  if (!fits)
    throw new KernelError(
      "too-many-rows",
      `${layer}: ${T} steps of ${B} samples given, memory was planned for ${maxRows} rows and ${maxBatch} samples`,
    );
}
