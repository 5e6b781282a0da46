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

/** n * n matrices [images * tiles, numSeg * segLen] <- the tiles of `images` images; blocks beyond blocksY x blocksX are zero. */
export function winogradInput(
  kind: i32, x: usize, imagePitch: i32, rowPitch: i32, numSeg: i32, segLen: i32, blocksY: i32, blocksX: i32,
  tilesY: i32, tilesX: i32, images: i32, products: usize, pitch: i32,
): void {
  const n = sizeN(kind), m = sizeM(kind);
  const depth = <usize>(numSeg * segLen) << 2;
  const productStep = <usize>pitch << 2;
  const rowStep = <usize>(rowPitch * numSeg) << 2, columnStep = <usize>segLen << 2;
  for (let image = 0; image < images; image++)
    for (let ty = 0; ty < tilesY; ty++)
      for (let tx = 0; tx < tilesX; tx++) {
        const tile = x + (<usize>(image * imagePitch) << 2) + <usize>(ty * m) * rowStep + <usize>(tx * m) * columnStep;
        const rows = min(n, blocksY - ty * m), columns = min(n, blocksX - tx * m);
        for (let seg = 0; seg < numSeg; seg++)
          for (let i: usize = 0; i < columnStep; i += 16) {
            const from = tile + (<usize>(seg * rowPitch) << 2) + i;
            const to = products + <usize>seg * columnStep + i;
            for (let b = 0; b < n; b++) {
              const column = from + <usize>b * columnStep;
              const count = b < columns ? rows : 0;
              const half = HALF_WAY + (<usize>b << 4);
              inputLine(
                kind, at(column, rowStep, 0, count), at(column, rowStep, 1, count), at(column, rowStep, 2, count),
                at(column, rowStep, 3, count), half, ROW,
              );
            }
            for (let a = 0; a < n; a++) {
              const half = HALF_WAY + <usize>a * ROW;
              inputLine(
                kind, v128.load(half), v128.load(half, 16), v128.load(half, 32), v128.load(half, 48),
                to + <usize>(a * n) * productStep, productStep,
              );
            }
          }
        products += depth;
      }
}

/** dx += the transpose of winogradInput, of the gradients of its products. */
export function winogradInputGradient(
  kind: i32, dx: usize, imagePitch: i32, rowPitch: i32, numSeg: i32, segLen: i32, blocksY: i32, blocksX: i32,
  tilesY: i32, tilesX: i32, images: i32, products: usize, pitch: i32,
): void {
  const n = sizeN(kind), m = sizeM(kind);
  const depth = <usize>(numSeg * segLen) << 2;
  const productStep = <usize>pitch << 2;
  const rowStep = <usize>(rowPitch * numSeg) << 2, columnStep = <usize>segLen << 2;
  for (let image = 0; image < images; image++)
    for (let ty = 0; ty < tilesY; ty++)
      for (let tx = 0; tx < tilesX; tx++) {
        const tile = dx + (<usize>(image * imagePitch) << 2) + <usize>(ty * m) * rowStep + <usize>(tx * m) * columnStep;
        const rows = min(n, blocksY - ty * m), columns = min(n, blocksX - tx * m);
        for (let seg = 0; seg < numSeg; seg++)
          for (let i: usize = 0; i < columnStep; i += 16) {
            const to = tile + (<usize>(seg * rowPitch) << 2) + i;
            const from = products + <usize>seg * columnStep + i;
            for (let a = 0; a < n; a++) {
              const line = from + <usize>(a * n) * productStep;
              inputLineBack(
                kind, v128.load(line), v128.load(line + productStep), v128.load(line + 2 * productStep),
                at(line, productStep, 3, n), HALF_WAY + <usize>a * ROW, 16,
              );
            }
            for (let b = 0; b < columns; b++) {
              const half = HALF_WAY + (<usize>b << 4), whole = HALF_WAY + 4 * ROW;
              inputLineBack(kind, v128.load(half), v128.load(half + ROW), v128.load(half + 2 * ROW), v128.load(half + 3 * ROW), whole, 16);
              const column = to + <usize>b * columnStep;
              for (let a = 0; a < rows; a++) {
                const d = column + <usize>a * rowStep;
                v128.store(d, f32x4.add(v128.load(d), v128.load(whole + (<usize>a << 4))));
              }
            }
          }
        products += depth;
      }
}

/** y [images, outY, outX, N] <- (ReLU of) bias + what the products, n * n matrices [images * tiles, N], give. */
export function winogradOutput(
  kind: i32, products: usize, pitch: i32, y: usize, imagePitch: i32, outY: i32, outX: i32, tilesY: i32, tilesX: i32, images: i32, N: i32,
  bias: usize, isRelu: i32,
): void {
  const n = sizeN(kind), m = sizeM(kind);
  const pixel = <usize>N << 2;
  const productStep = <usize>pitch << 2;
  const floor = f32x4.splat(isRelu ? 0 : -f32.MAX_VALUE * 2);
  for (let image = 0; image < images; image++)
    for (let ty = 0; ty < tilesY; ty++)
      for (let tx = 0; tx < tilesX; tx++) {
        const tile = y + (<usize>(image * imagePitch) << 2) + <usize>(ty * m * outX + tx * m) * pixel;
        const rows = min(m, outY - ty * m), columns = min(m, outX - tx * m);
        for (let i: usize = 0; i < pixel; i += 16) {
          const start = v128.load(bias + i);
          for (let b = 0; b < n; b++) {
            const from = products + i + <usize>b * productStep;
            const step = <usize>n * productStep;
            outputLine(
              kind, v128.load(from), v128.load(from + step), v128.load(from + 2 * step), at(from, step, 3, n),
              HALF_WAY + (<usize>b << 4), ROW,
            );
          }
          for (let a = 0; a < rows; a++) {
            const half = HALF_WAY + <usize>a * ROW, whole = HALF_WAY + 4 * ROW;
            outputLine(kind, v128.load(half), v128.load(half, 16), v128.load(half, 32), v128.load(half, 48), whole, 16);
            const to = tile + <usize>(a * outX) * pixel + i;
            for (let b = 0; b < columns; b++)
              v128.store(to + <usize>b * pixel, f32x4.pmax(f32x4.add(v128.load(whole + (<usize>b << 4)), start), floor));
          }
        }
        products += pixel;
      }
}

/** products <- the transpose of winogradOutput, of dy. */
export function winogradOutputGradient(
  kind: i32, products: usize, pitch: i32, dy: usize, imagePitch: i32, outY: i32, outX: i32, tilesY: i32, tilesX: i32, images: i32, N: i32,
): void {
  const n = sizeN(kind), m = sizeM(kind);
  const pixel = <usize>N << 2;
  const productStep = <usize>pitch << 2;
  const rowStep = <usize>outX * pixel;
  for (let image = 0; image < images; image++)
    for (let ty = 0; ty < tilesY; ty++)
      for (let tx = 0; tx < tilesX; tx++) {
        const tile = dy + (<usize>(image * imagePitch) << 2) + <usize>(ty * m * outX + tx * m) * pixel;
        const rows = min(m, outY - ty * m), columns = min(m, outX - tx * m);
        for (let i: usize = 0; i < pixel; i += 16) {
          for (let b = 0; b < m; b++) {
            const from = tile + <usize>b * pixel + i;
            const count = b < columns ? rows : 0;
            const half = HALF_WAY + (<usize>b << 4);
            outputLineBack(kind, at(from, rowStep, 0, count), at(from, rowStep, 1, count), at(from, rowStep, 2, count), half, ROW);
          }
          for (let a = 0; a < n; a++) {
            const half = HALF_WAY + <usize>a * ROW;
            outputLineBack(
              kind, v128.load(half), v128.load(half, 16), v128.load(half, 32),
              products + <usize>(a * n) * productStep + i, productStep,
            );
          }
        }
        products += pixel;
      }
}
