/** A small dense matrix, row by row. */
export type Matrix = readonly (readonly number[])[];

/** rows × columns of `value(row, column)`. */
export const matrix = (rows: number, columns: number, value: (i: number, j: number) => number): Matrix =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: columns }, (__, j) => value(i, j)));

export const identity = (size: number): Matrix => matrix(size, size, (i, j) => (i === j ? 1 : 0));

export const transpose = (a: Matrix): Matrix => matrix(a[0]!.length, a.length, (i, j) => a[j]![i]!);

export const add = (a: Matrix, b: Matrix): Matrix => matrix(a.length, a[0]!.length, (i, j) => a[i]![j]! + b[i]![j]!);

export const scale = (a: Matrix, factor: number): Matrix =>
  matrix(a.length, a[0]!.length, (i, j) => factor * a[i]![j]!);

export const multiply = (a: Matrix, b: Matrix): Matrix =>
  matrix(a.length, b[0]!.length, (i, j) => a[i]!.reduce((sum, value, k) => sum + value * b[k]![j]!, 0));

/** e^A by scaling and squaring of its Taylor series. Source: Higham 2008, Functions of Matrices, section 10.3. */
export function exponential(a: Matrix): Matrix {
  const norm = Math.max(...a.map((row) => row.reduce((sum, value) => sum + Math.abs(value), 0)));
  const numSquarings = Math.max(0, Math.ceil(Math.log2(Math.max(norm, 1e-12))) + 2);
  const small = scale(a, 2 ** -numSquarings);
  const numTerms = 14; // the norm is at most 1/4, so the next term is below 1e-20
  let term = identity(a.length);
  let sum = term;
  for (let k = 1; k <= numTerms; k++) {
    term = scale(multiply(term, small), 1 / k);
    sum = add(sum, term);
  }
  for (let k = 0; k < numSquarings; k++) sum = multiply(sum, sum);
  return sum;
}
