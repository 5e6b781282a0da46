import type { Generator } from "gymnasium-js";
import type { Initializer, ParameterSpec, Weights } from "../equations/weights.ts";
import { sizeOf } from "../equations/weights.ts";

/**
 * Starting weights of a model by ncps' rules, in the order of its parameters: same random stream, same weights (not those that torch
 * would draw from its seed). `random`: `defaultRng(seed)` of `gymnasium-js`.
 */
export function initializeWeights(parameters: readonly ParameterSpec[], random: Generator): Weights {
  return Object.fromEntries(parameters.map(({ name, shape, init }) => [name, draw(init, shape, random)]));
}

function draw(init: Initializer, shape: readonly number[], random: Generator): Float64Array {
  const count = sizeOf(shape);
  switch (init.kind) {
    case "uniform":
      return random.uniformArray(count, init.min, init.max);
    case "constant":
      return new Float64Array(count).fill(init.value);
    case "values":
      return init.values.slice();
    case "orthogonal":
      return orthogonal(shape[0]!, shape[1]!, random);
    default:
      return init satisfies never;
  }
}

/** A random [rows, columns] matrix, rows >= columns, whose columns are orthonormal (Gram-Schmidt on normal draws). */
function orthogonal(rows: number, columns: number, random: Generator): Float64Array {
  const matrix = random.standardNormalArray(rows * columns);
  for (let j = 0; j < columns; j++) {
    // twice is enough: the second pass removes what rounding left of the earlier columns
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++)
        addColumn(matrix, { rows, columns }, j, k, -dotColumns(matrix, { rows, columns }, j, k));
    }
    const norm = Math.sqrt(dotColumns(matrix, { rows, columns }, j, j));
    for (let i = 0; i < rows; i++) matrix[i * columns + j]! /= norm;
  }
  return matrix;
}

interface MatrixSize {
  readonly rows: number;
  readonly columns: number;
}

function dotColumns(m: Float64Array, { rows, columns }: MatrixSize, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += m[i * columns + a]! * m[i * columns + b]!;
  return sum;
}

function addColumn(m: Float64Array, { rows, columns }: MatrixSize, to: number, from: number, scale: number): void {
  for (let i = 0; i < rows; i++) m[i * columns + to]! += scale * m[i * columns + from]!;
}
