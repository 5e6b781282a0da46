// Winograd's transforms: convolutions with fewer multiplications. Definition and source: ../../layers/winograd-conv.ts.
//
// An image is a grid of blocks of stride x stride pixels: `numSeg` = stride segments of `segLen` neighbouring numbers, one image row apart. A tile
// is n x n blocks and gives m x m output pixels. A transform takes the n x n vectors of a tile to n x n products and back, along one axis and then
// along the other, four channels at once. Products lie as n * n matrices
// [rows, numbers], `pitch` numbers apart, a row per tile of every image.
//
// kind: what one axis does. 0: m = 2 outputs of r = 2 weights, n = 3; 1: m = 3, r = 2, n = 4; 2: m = 2, r = 3, n = 4.
import { PANELS } from "./blocks";

/** n x n or m x n vectors between the two axes, 64 bytes from one to the next row. */
const HALF_WAY: usize = PANELS;
const ROW: usize = 64;

// @ts-ignore: decorator
@inline
function sizeN(kind: i32): i32 {
  return kind == 0 ? 3 : 4;
}

// @ts-ignore: decorator
@inline
function sizeM(kind: i32): i32 {
  return kind == 1 ? 3 : 2;
}

/** n vectors to n: differences of blocks. */
// @ts-ignore: decorator
@inline
function inputLine(kind: i32, d0: v128, d1: v128, d2: v128, d3: v128, to: usize, step: usize): void {
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
function inputLineBack(kind: i32, v0: v128, v1: v128, v2: v128, v3: v128, to: usize, step: usize): void {
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
function outputLine(kind: i32, p0: v128, p1: v128, p2: v128, p3: v128, to: usize, step: usize): void {
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
function outputLineBack(kind: i32, y0: v128, y1: v128, y2: v128, to: usize, step: usize): void {
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
function at(from: usize, step: usize, i: i32, count: i32): v128 {
  return i < count ? v128.load(from + <usize>i * step) : f32x4.splat(0);
}

/** A whole tile of 3 x 3 vectors: both axes in registers. */
// @ts-ignore: decorator
@inline
function inputTileOf3(from: usize, rowStep: usize, columnStep: usize, to: usize, step: usize): void {
  const second = from + rowStep, third = second + rowStep;
  const last = columnStep + columnStep;
  let middle = v128.load(second);
  const top0 = f32x4.sub(v128.load(from), middle), middle0 = middle, bottom0 = f32x4.sub(v128.load(third), middle);
  middle = v128.load(second + columnStep);
  const top1 = f32x4.sub(v128.load(from + columnStep), middle), middle1 = middle;
  const bottom1 = f32x4.sub(v128.load(third + columnStep), middle);
  middle = v128.load(second + last);
  const top2 = f32x4.sub(v128.load(from + last), middle), middle2 = middle;
  const bottom2 = f32x4.sub(v128.load(third + last), middle);
  inputLine(0, top0, top1, top2, top2, to, step);
  inputLine(0, middle0, middle1, middle2, middle2, to + 3 * step, step);
  inputLine(0, bottom0, bottom1, bottom2, bottom2, to + 6 * step, step);
}

/** A whole tile of 4 x 4 vectors. */
// @ts-ignore: decorator
@inline
function inputTileOf4(from: usize, rowStep: usize, columnStep: usize, to: usize, step: usize): void {
  const rows2 = rowStep + rowStep, rows3 = rows2 + rowStep;
  for (let b: usize = 0; b < 4; b++) {
    const column = from + b * columnStep;
    inputLine(
      1, v128.load(column), v128.load(column + rowStep), v128.load(column + rows2), v128.load(column + rows3), HALF_WAY + (b << 4), ROW,
    );
  }
  for (let a: usize = 0; a < 4; a++) {
    const half = HALF_WAY + a * ROW;
    inputLine(1, v128.load(half), v128.load(half, 16), v128.load(half, 32), v128.load(half, 48), to + 4 * a * step, step);
  }
}

/** A tile of which only so many rows and columns are there. */
function inputTileAtBorder(
  kind: i32, from: usize, rowStep: usize, columnStep: usize, rows: i32, columns: i32, to: usize, step: usize,
): void {
  const n = sizeN(kind);
  for (let b = 0; b < n; b++) {
    const column = from + <usize>b * columnStep;
    const count = b < columns ? rows : 0;
    inputLine(
      kind, at(column, rowStep, 0, count), at(column, rowStep, 1, count), at(column, rowStep, 2, count), at(column, rowStep, 3, count),
      HALF_WAY + (<usize>b << 4), ROW,
    );
  }
  for (let a = 0; a < n; a++) {
    const half = HALF_WAY + <usize>a * ROW;
    inputLine(
      kind, v128.load(half), v128.load(half, 16), v128.load(half, 32), v128.load(half, 48), to + <usize>(a * n) * step, step,
    );
  }
}

/** n * n matrices [images * tiles, numSeg * segLen] <- the tiles of `images` images; blocks beyond blocksY x blocksX are zero. */
export function winogradInput(
  kind: i32, x: usize, imagePitch: i32, rowPitch: i32, numSeg: i32, segLen: i32, blocksY: i32, blocksX: i32,
  tilesY: i32, tilesX: i32, images: i32, products: usize, pitch: i32,
): void {
  const n = sizeN(kind), m = sizeM(kind);
  const depth = <usize>(numSeg * segLen) << 2;
  const step = <usize>pitch << 2;
  const rowStep = <usize>(rowPitch * numSeg) << 2, columnStep = <usize>segLen << 2;
  for (let image = 0; image < images; image++)
    for (let ty = 0; ty < tilesY; ty++)
      for (let tx = 0; tx < tilesX; tx++) {
        const tile = x + (<usize>(image * imagePitch) << 2) + <usize>(ty * m) * rowStep + <usize>(tx * m) * columnStep;
        const rows = blocksY - ty * m, columns = blocksX - tx * m;
        const isWhole = rows >= n && columns >= n;
        for (let seg = 0; seg < numSeg; seg++) {
          const from = tile + (<usize>(seg * rowPitch) << 2), to = products + <usize>seg * columnStep;
          if (isWhole && kind == 0)
            for (let i: usize = 0; i < columnStep; i += 16) inputTileOf3(from + i, rowStep, columnStep, to + i, step);
          else if (isWhole)
            for (let i: usize = 0; i < columnStep; i += 16) inputTileOf4(from + i, rowStep, columnStep, to + i, step);
          else
            for (let i: usize = 0; i < columnStep; i += 16)
              inputTileAtBorder(kind, from + i, rowStep, columnStep, rows, columns, to + i, step);
        }
        products += depth;
      }
}

/** dx += the transpose of a tile's transform, of a whole tile. */
// @ts-ignore: decorator
@inline
function inputGradientTile(kind: i32, from: usize, step: usize, to: usize, rowStep: usize, columnStep: usize): void {
  const n: usize = sizeN(kind), whole = HALF_WAY + 4 * ROW;
  for (let a: usize = 0; a < n; a++) {
    const line = from + n * a * step;
    const last = kind == 0 ? f32x4.splat(0) : v128.load(line + 3 * step);
    inputLineBack(kind, v128.load(line), v128.load(line + step), v128.load(line + 2 * step), last, HALF_WAY + a * ROW, 16);
  }
  for (let b: usize = 0; b < n; b++) {
    const half = HALF_WAY + (b << 4);
    inputLineBack(kind, v128.load(half), v128.load(half + ROW), v128.load(half + 2 * ROW), v128.load(half + 3 * ROW), whole, 16);
    const column = to + b * columnStep;
    for (let a: usize = 0; a < n; a++) {
      const d = column + a * rowStep;
      v128.store(d, f32x4.add(v128.load(d), v128.load(whole + (a << 4))));
    }
  }
}

/** The same of a tile of which only so many rows and columns are there. */
function inputGradientTileAtBorder(
  kind: i32, from: usize, step: usize, to: usize, rowStep: usize, columnStep: usize, rows: i32, columns: i32,
): void {
  const n = sizeN(kind), whole = HALF_WAY + 4 * ROW;
  for (let a = 0; a < n; a++) {
    const line = from + <usize>(a * n) * step;
    inputLineBack(
      kind, v128.load(line), v128.load(line + step), v128.load(line + 2 * step), at(line, step, 3, n), HALF_WAY + <usize>a * ROW, 16,
    );
  }
  for (let b = 0; b < min(n, columns); b++) {
    const half = HALF_WAY + (<usize>b << 4);
    inputLineBack(kind, v128.load(half), v128.load(half + ROW), v128.load(half + 2 * ROW), v128.load(half + 3 * ROW), whole, 16);
    const column = to + <usize>b * columnStep;
    for (let a = 0; a < min(n, rows); a++) {
      const d = column + <usize>a * rowStep;
      v128.store(d, f32x4.add(v128.load(d), v128.load(whole + (<usize>a << 4))));
    }
  }
}

/** dx += the transpose of winogradInput, of the gradients of its products. */
export function winogradInputGradient(
  kind: i32, dx: usize, imagePitch: i32, rowPitch: i32, numSeg: i32, segLen: i32, blocksY: i32, blocksX: i32,
  tilesY: i32, tilesX: i32, images: i32, products: usize, pitch: i32,
): void {
  const n = sizeN(kind), m = sizeM(kind);
  const depth = <usize>(numSeg * segLen) << 2;
  const step = <usize>pitch << 2;
  const rowStep = <usize>(rowPitch * numSeg) << 2, columnStep = <usize>segLen << 2;
  for (let image = 0; image < images; image++)
    for (let ty = 0; ty < tilesY; ty++)
      for (let tx = 0; tx < tilesX; tx++) {
        const tile = dx + (<usize>(image * imagePitch) << 2) + <usize>(ty * m) * rowStep + <usize>(tx * m) * columnStep;
        const rows = blocksY - ty * m, columns = blocksX - tx * m;
        const isWhole = rows >= n && columns >= n;
        for (let seg = 0; seg < numSeg; seg++) {
          const to = tile + (<usize>(seg * rowPitch) << 2), from = products + <usize>seg * columnStep;
          if (isWhole && kind == 0)
            for (let i: usize = 0; i < columnStep; i += 16) inputGradientTile(0, from + i, step, to + i, rowStep, columnStep);
          else if (isWhole)
            for (let i: usize = 0; i < columnStep; i += 16) inputGradientTile(1, from + i, step, to + i, rowStep, columnStep);
          else
            for (let i: usize = 0; i < columnStep; i += 16)
              inputGradientTileAtBorder(kind, from + i, step, to + i, rowStep, columnStep, rows, columns);
        }
        products += depth;
      }
}

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
