// Blocks of images to Winograd's first factors, and their gradients back. What the numbers mean: winograd-lines.ts.
//
// Whole tiles have code of their own per kind: asking inside the loops which kind it is keeps V8 from holding a tile in registers (docs/performance.md).
import { at, HALF_WAY, inputLine, inputLineBack, ROW, sizeM, sizeN } from "./winograd-lines";

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
