import { InvalidBound, ValueError } from "../errors.ts";
import { Box } from "../spaces/box.ts";
import type { Bound } from "../spaces/box.ts";
import type { ValueArray } from "../spaces/dtype.ts";

/** A Box mapped affinely onto another: y = gradient * x + intercept, in the Box's own precision. */
export interface BoxAffine {
  readonly box: Box;
  forward(value: ArrayLike<number>): ValueArray;
  backward(value: ArrayLike<number>): ValueArray;
}

/** Maps a Box onto new bounds. Throws InvalidBound where the new bounds are equal, ValueError where one is infinite and the other not. */
export function rescaleBox(box: Box, newLow: Bound, newHigh: Bound): BoxAffine {
  const target = new Box(newLow, newHigh, { shape: box.shape, dtype: box.dtype });
  const r: (value: number) => number = box.dtype === "float32" ? Math.fround : (value) => value;
  const [gradient, intercept] = [new Float64Array(box.size), new Float64Array(box.size)];
  for (let i = 0; i < box.size; i++) {
    const [low, high] = [target.low[i]!, target.high[i]!];
    if (
      Number.isFinite(low) !== Number.isFinite(box.low[i]!) ||
      Number.isFinite(high) !== Number.isFinite(box.high[i]!)
    ) {
      throw new ValueError(
        `rescale: element ${i} goes from [${box.low[i]}, ${box.high[i]}] to [${low}, ${high}], but infinite bounds must stay`,
      );
    }
    const isBounded = Number.isFinite(low) && Number.isFinite(high);
    if (low === high)
      throw new InvalidBound(`rescale: the new bounds of element ${i} are both ${low}, so there is no way back`);
    gradient[i] = isBounded ? r((high - low) / (box.high[i]! - box.low[i]!)) : 1;
    if (Number.isFinite(high)) intercept[i] = r(high - box.high[i]!);
    if (Number.isFinite(low)) intercept[i] = r(r(gradient[i]! * -box.low[i]!) + low);
  }
  const map = (value: ArrayLike<number>, change: (x: number, i: number) => number): ValueArray => {
    const mapped = box.zeros();
    for (let i = 0; i < box.size; i++) mapped[i] = change(value[i]!, i);
    return mapped;
  };
  return {
    box: target,
    forward: (value) => map(value, (x, i) => r(r(gradient[i]! * x) + intercept[i]!)),
    backward: (value) => map(value, (x, i) => r(r(x - intercept[i]!) / gradient[i]!)),
  };
}
