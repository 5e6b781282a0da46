import { linear, linearBackward } from "../equations/linear.ts";
import { type ParameterSpec, type Weights, torchLinearUniform } from "../equations/weights.ts";

/** Parameters of a projection of I outputs to O, or none. */
export function projectionParameters(I: number, O: number | undefined): ParameterSpec[] {
  if (O === undefined) return [];
  const init = torchLinearUniform(I);
  return [
    { name: "fc.weight", shape: [O, I], init },
    { name: "fc.bias", shape: [O], init },
  ];
}

/** Projected outputs [rows, O] and the backward pass: takes their gradient, gives that of the outputs. */
export interface Projected {
  readonly values: Float64Array;
  backward(dValues: Float64Array): Float64Array;
}

/** Projects outputs [rows, I] to [rows, projSize]; gives them as they are without a projection. */
export function project(
  output: Float64Array,
  { rows, projSize }: { readonly rows: number; readonly projSize: number | undefined },
  weights: Weights,
  grads: Weights,
): Projected {
  if (projSize === undefined) return { values: output, backward: (d) => d };
  const size = { B: rows, I: output.length / rows, O: projSize };
  const values = linear(output, weights["fc.weight"]!, weights["fc.bias"]!, size);
  const backward = (d: Float64Array): Float64Array => {
    const dx = new Float64Array(output.length);
    const into = { dx, dw: grads["fc.weight"]!, db: grads["fc.bias"]! };
    linearBackward(d, { x: output, w: weights["fc.weight"]! }, into, size);
    return dx;
  };
  return { values, backward };
}
