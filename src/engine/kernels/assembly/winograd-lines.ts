// One axis of Winograd's transforms: convolutions with fewer multiplications. Definition and source: ../../layers/winograd-conv.ts.
//
// An image is a grid of blocks of stride x stride pixels: `numSeg` = stride segments of `segLen` neighbouring numbers, one image row apart. A tile
// is n x n blocks and gives m x m output pixels. A transform takes the n x n vectors of a tile to n x n products and back, along one axis and then
// along the other, four channels at once. Products lie as n * n matrices
// [rows, numbers], `pitch` numbers apart, a row per tile of every image.
//
// kind: what one axis does. 0: m = 2 outputs of r = 2 weights, n = 3; 1: m = 3, r = 2, n = 4; 2: m = 2, r = 3, n = 4.
import { PANELS } from "./blocks";

/** n x n or m x n vectors between the two axes, 64 bytes from one to the next row. */
export const HALF_WAY: usize = PANELS;
export const ROW: usize = 64;

// @ts-ignore: decorator
@inline
export function sizeN(kind: i32): i32 {
  return kind == 0 ? 3 : 4;
}

// @ts-ignore: decorator
@inline
export function sizeM(kind: i32): i32 {
  return kind == 1 ? 3 : 2;
}

/** n vectors to n: differences of blocks. */
// @ts-ignore: decorator
@inline
export function inputLine(kind: i32, d0: v128, d1: v128, d2: v128, d3: v128, to: usize, step: usize): void {
  if (kind == 0) {
    v128.store(to, f32x4.sub(d0, d1));
    v128.store(to + step, d1);
    v128.store(to + 2 * step, f32x4.sub(d2, d1));
    return;
  }
  v128.store(to, f32x4.sub(d0, d2));
  v128.store(to + step, f32x4.add(d1, d2));
  v128.store(to + 2 * step, f32x4.sub(d2, d1));
  v128.store(to + 3 * step, f32x4.sub(d3, d1));
}

/** Its transpose. */
// @ts-ignore: decorator
@inline
export function inputLineBack(kind: i32, v0: v128, v1: v128, v2: v128, v3: v128, to: usize, step: usize): void {
  v128.store(to, v0);
  if (kind == 0) {
    v128.store(to + step, f32x4.sub(f32x4.sub(v1, v0), v2));
    v128.store(to + 2 * step, v2);
    return;
  }
  v128.store(to + step, f32x4.sub(f32x4.sub(v1, v2), v3));
  v128.store(to + 2 * step, f32x4.sub(f32x4.add(v1, v2), v0));
  v128.store(to + 3 * step, v3);
}

/** n products to m outputs. */
// @ts-ignore: decorator
@inline
export function outputLine(kind: i32, p0: v128, p1: v128, p2: v128, p3: v128, to: usize, step: usize): void {
  if (kind == 0) {
    v128.store(to, f32x4.add(p0, p1));
    v128.store(to + step, f32x4.add(p1, p2));
    return;
  }
  const sum = f32x4.add(p1, p2), difference = f32x4.sub(p1, p2);
  v128.store(to, f32x4.add(p0, sum));
  v128.store(to + step, kind == 1 ? difference : f32x4.add(difference, p3));
  if (kind == 1) v128.store(to + 2 * step, f32x4.add(sum, p3));
}

/** Its transpose. */
// @ts-ignore: decorator
@inline
export function outputLineBack(kind: i32, y0: v128, y1: v128, y2: v128, to: usize, step: usize): void {
  v128.store(to, y0);
  if (kind == 0) {
    v128.store(to + step, f32x4.add(y0, y1));
    v128.store(to + 2 * step, y1);
    return;
  }
  const outer = kind == 1 ? f32x4.add(y0, y2) : y0;
  v128.store(to + step, f32x4.add(outer, y1));
  v128.store(to + 2 * step, f32x4.sub(outer, y1));
  v128.store(to + 3 * step, kind == 1 ? y2 : y1);
}

/** Vector i of a line of n or m vectors, zero where there is none. */
// @ts-ignore: decorator
@inline
export function at(from: usize, step: usize, i: i32, count: i32): v128 {
  return i < count ? v128.load(from + <usize>i * step) : f32x4.splat(0);
}
