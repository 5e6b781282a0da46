// Winograd's products to output pixels, and the gradients of those back. What the numbers mean: winograd-lines.ts.
//
// Whole tiles have code of their own per kind: asking inside the loops which kind it is keeps V8 from holding a tile in registers (docs/performance.md).
import { at, HALF_WAY, outputLine, outputLineBack, ROW, sizeM, sizeN } from "./winograd-lines";

/** A whole tile of 2 x 2 outputs of 3 x 3 products: both axes in registers. */
// @ts-ignore: decorator
@inline
function outputTileOf3(from: usize, step: usize, bias: v128, floor: v128, to: usize, rowStep: usize, pixel: usize): void {
  const second = from + 3 * step, third = second + 3 * step;
  let middle = v128.load(second);
  const top0 = f32x4.add(v128.load(from), middle), bottom0 = f32x4.add(middle, v128.load(third));
  middle = v128.load(second + step);
  const top1 = f32x4.add(v128.load(from + step), middle), bottom1 = f32x4.add(middle, v128.load(third + step));
  middle = v128.load(second + 2 * step);
  const top2 = f32x4.add(v128.load(from + 2 * step), middle), bottom2 = f32x4.add(middle, v128.load(third + 2 * step));
  v128.store(to, f32x4.pmax(f32x4.add(f32x4.add(top0, top1), bias), floor));
  v128.store(to + pixel, f32x4.pmax(f32x4.add(f32x4.add(top1, top2), bias), floor));
  v128.store(to + rowStep, f32x4.pmax(f32x4.add(f32x4.add(bottom0, bottom1), bias), floor));
  v128.store(to + rowStep + pixel, f32x4.pmax(f32x4.add(f32x4.add(bottom1, bottom2), bias), floor));
}

/** A whole tile of y <- (ReLU of) bias + what its products give. */
// @ts-ignore: decorator
@inline
function outputTile(kind: i32, from: usize, step: usize, bias: v128, floor: v128, to: usize, rowStep: usize, pixel: usize): void {
  const n: usize = sizeN(kind), m: usize = sizeM(kind), whole = HALF_WAY + 4 * ROW;
  for (let b: usize = 0; b < n; b++) {
    const p = from + b * step, down = n * step;
    const last = kind == 0 ? f32x4.splat(0) : v128.load(p + 3 * down);
    outputLine(kind, v128.load(p), v128.load(p + down), v128.load(p + 2 * down), last, HALF_WAY + (b << 4), ROW);
  }
  for (let a: usize = 0; a < m; a++) {
    const half = HALF_WAY + a * ROW, row = to + a * rowStep;
    outputLine(kind, v128.load(half), v128.load(half, 16), v128.load(half, 32), v128.load(half, 48), whole, 16);
    for (let b: usize = 0; b < m; b++)
      v128.store(row + b * pixel, f32x4.pmax(f32x4.add(v128.load(whole + (b << 4)), bias), floor));
  }
}

/** The same of a tile of which only so many rows and columns are there. */
function outputTileAtBorder(
  kind: i32, from: usize, step: usize, bias: v128, floor: v128, to: usize, rowStep: usize, pixel: usize, rows: i32, columns: i32,
): void {
  const n = sizeN(kind), m = sizeM(kind), whole = HALF_WAY + 4 * ROW;
  for (let b = 0; b < n; b++) {
    const p = from + <usize>b * step, down = <usize>n * step;
    outputLine(
      kind, v128.load(p), v128.load(p + down), v128.load(p + 2 * down), at(p, down, 3, n), HALF_WAY + (<usize>b << 4), ROW,
    );
  }
  for (let a = 0; a < min(m, rows); a++) {
    const half = HALF_WAY + <usize>a * ROW, row = to + <usize>a * rowStep;
    outputLine(kind, v128.load(half), v128.load(half, 16), v128.load(half, 32), v128.load(half, 48), whole, 16);
    for (let b = 0; b < min(m, columns); b++)
      v128.store(row + <usize>b * pixel, f32x4.pmax(f32x4.add(v128.load(whole + (<usize>b << 4)), bias), floor));
  }
}

/** y [images, outY, outX, N] <- (ReLU of) bias + what the products, n * n matrices [images * tiles, N], give. */
export function winogradOutput(
  kind: i32, products: usize, pitch: i32, y: usize, imagePitch: i32, outY: i32, outX: i32, tilesY: i32, tilesX: i32, images: i32, N: i32,
  bias: usize, isRelu: i32,
): void {
  const m = sizeM(kind);
  const pixel = <usize>N << 2, rowStep = <usize>outX * pixel, step = <usize>pitch << 2;
  const floor = f32x4.splat(isRelu ? 0 : -f32.MAX_VALUE * 2);
  for (let image = 0; image < images; image++)
    for (let ty = 0; ty < tilesY; ty++)
      for (let tx = 0; tx < tilesX; tx++) {
        const to = y + (<usize>(image * imagePitch) << 2) + <usize>(ty * m * outX + tx * m) * pixel;
        const rows = outY - ty * m, columns = outX - tx * m;
        const isWhole = rows >= m && columns >= m;
        for (let i: usize = 0; i < pixel; i += 16) {
          const start = v128.load(bias + i);
          if (!isWhole) outputTileAtBorder(kind, products + i, step, start, floor, to + i, rowStep, pixel, rows, columns);
          else if (kind == 0) outputTileOf3(products + i, step, start, floor, to + i, rowStep, pixel);
          else if (kind == 1) outputTile(1, products + i, step, start, floor, to + i, rowStep, pixel);
          else outputTile(2, products + i, step, start, floor, to + i, rowStep, pixel);
        }
        products += pixel;
      }
}

/** The products' gradients of a whole tile of dy. */
// @ts-ignore: decorator
@inline
function outputGradientTile(kind: i32, from: usize, rowStep: usize, pixel: usize, to: usize, step: usize): void {
  const n: usize = sizeN(kind), m: usize = sizeM(kind);
  for (let b: usize = 0; b < m; b++) {
    const column = from + b * pixel;
    const last = kind == 1 ? v128.load(column + 2 * rowStep) : f32x4.splat(0);
    outputLineBack(kind, v128.load(column), v128.load(column + rowStep), last, HALF_WAY + (b << 4), ROW);
  }
  for (let a: usize = 0; a < n; a++) {
    const half = HALF_WAY + a * ROW;
    outputLineBack(kind, v128.load(half), v128.load(half, 16), v128.load(half, 32), to + n * a * step, step);
  }
}

/** The same of a tile of which only so many rows and columns are there. */
function outputGradientTileAtBorder(
  kind: i32, from: usize, rowStep: usize, pixel: usize, to: usize, step: usize, rows: i32, columns: i32,
): void {
  const n = sizeN(kind), m = sizeM(kind);
  for (let b = 0; b < m; b++) {
    const column = from + <usize>b * pixel;
    const count = b < columns ? min(m, rows) : 0;
    outputLineBack(
      kind, at(column, rowStep, 0, count), at(column, rowStep, 1, count), at(column, rowStep, 2, count), HALF_WAY + (<usize>b << 4), ROW,
    );
  }
  for (let a = 0; a < n; a++) {
    const half = HALF_WAY + <usize>a * ROW;
    outputLineBack(kind, v128.load(half), v128.load(half, 16), v128.load(half, 32), to + <usize>(a * n) * step, step);
  }
}

/** products <- the transpose of winogradOutput, of dy. */
export function winogradOutputGradient(
  kind: i32, products: usize, pitch: i32, dy: usize, imagePitch: i32, outY: i32, outX: i32, tilesY: i32, tilesX: i32, images: i32, N: i32,
): void {
  const m = sizeM(kind);
  const pixel = <usize>N << 2, rowStep = <usize>outX * pixel, step = <usize>pitch << 2;
  for (let image = 0; image < images; image++)
    for (let ty = 0; ty < tilesY; ty++)
      for (let tx = 0; tx < tilesX; tx++) {
        const from = dy + (<usize>(image * imagePitch) << 2) + <usize>(ty * m * outX + tx * m) * pixel;
        const rows = outY - ty * m, columns = outX - tx * m;
        const isWhole = rows >= m && columns >= m;
        for (let i: usize = 0; i < pixel; i += 16) {
          if (!isWhole) outputGradientTileAtBorder(kind, from + i, rowStep, pixel, products + i, step, rows, columns);
          else if (kind == 0) outputGradientTile(0, from + i, rowStep, pixel, products + i, step);
          else if (kind == 1) outputGradientTile(1, from + i, rowStep, pixel, products + i, step);
          else outputGradientTile(2, from + i, rowStep, pixel, products + i, step);
        }
        products += pixel;
      }
}
