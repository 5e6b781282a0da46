import { InvalidProbability } from "../errors.ts";

/** A probability. Throws InvalidProbability unless it is in [0, 1] (or [0, 1) where 1 makes no sense). */
export function checkProbability(name: string, value: number, isOneFine = true): number {
  if (value >= 0 && (value < 1 || (isOneFine && value === 1))) return value;
  throw new InvalidProbability(`${name}: got ${value}, expected a number in [0, 1${isOneFine ? "]" : ")"}`);
}
