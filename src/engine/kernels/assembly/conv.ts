// Direct convolution of a few images, channels last: matrix products whose rows of A, the patches, are packed block by block from where they lie.
//
// The patch of an output pixel is `numSeg` segments (kernel rows) of `segLen` = kernelWidth * channels neighbouring numbers, `segPitch` numbers
// (one image row) apart. `offsets[p]` is where output pixel p's patch starts, in bytes from the image; images are `imagePitch` numbers apart.
// So C[images * pixels, N] = patches[images * pixels, numSeg * segLen] · W[numSeg * segLen, N].
import { KC, MC, NC, PANELS, STRIPS } from "./blocks";
import { interleave, packColumns, packRowStrips, spread4 } from "./pack";
import { backTile2x16, backTile2x8 } from "./back-tile";
import { blockOfTiles, NO_FLOOR } from "./tile";

/** Where the patch of row r (image r / numPixels, pixel r % numPixels) starts, as an address. */
// @ts-ignore: decorator
@inline
function patch(x: usize, imagePitch: i32, offsets: usize, numPixels: i32, r: i32): usize {
  const image = r / numPixels;
  const pixel = r - image * numPixels;
  return x + (<usize>(image * imagePitch) << 2) + <usize>load<i32>(offsets + (<usize>pixel << 2));
}

/** y[rows, N] <- bias + patches · packed, rows = images * pixels; with isRelu negative numbers become 0. packed: as gemm's. */
export function convForward(
  x: usize, imagePitch: i32, y: usize, packed: usize, bias: usize, offsets: usize, numPixels: i32, rows: i32,
  segLen: i32, segPitch: i32, numSeg: i32, N: i32, isRelu: i32,
): void {
  const K = segLen * numSeg;
  const rowBytes = <usize>N << 2;
  for (let m0 = 0; m0 < rows; m0 += MC) {
    const count = min(MC, rows - m0);
    for (let k0 = 0; k0 < K; k0 += KC) {
      const depth = min(KC, K - k0);
      packPatches(x, imagePitch, offsets, numPixels, m0, count, k0, depth, segLen, segPitch);
      const floor = f32x4.splat(isRelu && k0 + depth == K ? 0 : NO_FLOOR);
      const panels = packed + (<usize>k0 << 5);
      blockOfTiles(panels, <usize>K << 5, y + <usize>m0 * rowBytes, rowBytes, count, N, depth, k0 == 0 ? 2 : 1, bias, floor);
    }
  }
}

/** Strips of the numbers k0 … k0 + depth of the patches of `count` rows from row m0 on. */
function packPatches(
  x: usize, imagePitch: i32, offsets: usize, numPixels: i32, m0: i32, count: i32, k0: i32, depth: i32, segLen: i32, segPitch: i32,
): void {
  const firstSeg = k0 / segLen;
  const firstAt = k0 - firstSeg * segLen;
  let out = STRIPS;
  for (let m = 0; m < count; m += 2) {
    const a = patch(x, imagePitch, offsets, numPixels, m0 + m);
    const b = m + 1 < count ? patch(x, imagePitch, offsets, numPixels, m0 + m + 1) : a;
    let from = <usize>(firstSeg * segPitch + firstAt) << 2;
    let n = min(depth, segLen - firstAt);
    let left = depth;
    let start = <usize>(firstSeg * segPitch) << 2;
    while (true) {
      out = interleave(a + from, b + from, n, out);
      left -= n;
      if (left == 0) break;
      start += <usize>segPitch << 2;
      from = start;
      n = min(left, segLen);
    }
  }
}

/** dW[numSeg * segLen, N] += transpose(patches) · dz[rows, N]. */
export function convWeightGradient(
  x: usize, imagePitch: i32, dz: usize, dW: usize, offsets: usize, numPixels: i32, rows: i32,
  segLen: i32, segPitch: i32, numSeg: i32, N: i32,
): void {
  const rowBytes = <usize>N << 2;
  const floor = f32x4.splat(NO_FLOOR);
  for (let r0 = 0; r0 < rows; r0 += KC) {
    const depth = min(KC, rows - r0);
    for (let n0 = 0; n0 < N; n0 += NC) {
      const cols = min(NC, N - n0);
      packColumns(dz + <usize>r0 * rowBytes + (<usize>n0 << 2), N, depth, cols, PANELS);
      let to = dW + (<usize>n0 << 2);
      for (let seg = 0; seg < numSeg; seg++)
        for (let j0 = 0; j0 < segLen; j0 += MC) {
          const width = min(MC, segLen - j0);
          packPatchColumns(x + (<usize>(seg * segPitch + j0) << 2), imagePitch, offsets, numPixels, r0, depth, width);
          blockOfTiles(PANELS, <usize>depth << 5, to, rowBytes, width, cols, depth, 1, 0, floor);
          to += rowBytes * width;
        }
    }
  }
}

/** Strips of `width` neighbouring numbers of every patch, rows r0 … r0 + depth. */
function packPatchColumns(
  x: usize, imagePitch: i32, offsets: usize, numPixels: i32, r0: i32, depth: i32, width: i32,
): void {
  const stripBytes = <usize>depth << 3;
  const pair = stripBytes << 1;
  let image = r0 / numPixels;
  let pixel = r0 - image * numPixels;
  let base = x + (<usize>(image * imagePitch) << 2);
  const fours = (width + 3) >> 2;
  for (let k = 0; k < depth; k++) {
    let from = base + <usize>load<i32>(offsets + (<usize>pixel << 2));
    let out = STRIPS + (<usize>k << 3);
    for (let i = 0; i < fours; i++) {
      spread4(from, out, stripBytes);
      from += 16;
      out += pair;
    }
    pixel++;
    if (pixel == numPixels) {
      pixel = 0;
      base += <usize>imagePitch << 2;
    }
  }
}

/**
 * dx += what every patch gives back: dz[rows, N] · transpose(W), added where the patch was read.
 * packedT: for each segment panels of 8 of its columns, [numSeg][ceil(segLen / 8)][N][8].
 */
export function convInputGradient(
  dz: usize, dx: usize, imagePitch: i32, packedT: usize, offsets: usize, numPixels: i32, rows: i32,
  segLen: i32, segPitch: i32, numSeg: i32, N: i32,
): void {
  for (let m0 = 0; m0 < rows; m0 += MC) {
    const count = min(MC, rows - m0);
    for (let m = 0; m < count; m++)
      store<u32>(PANELS + (<usize>m << 2), <u32>patch(dx, imagePitch, offsets, numPixels, m0 + m));
    for (let n0 = 0; n0 < N; n0 += KC) {
      const depth = min(KC, N - n0);
      packRowStrips(dz + ((<usize>m0 * N + n0) << 2), <usize>N << 2, count, depth);
      spreadBack(packedT + (<usize>n0 << 5), <usize>N << 5, depth, count, segLen, segPitch, numSeg);
    }
  }
}

/** One block: the strips times all panels, added to `count` patches whose addresses are the table at PANELS. */
function spreadBack(panel: usize, panelBytes: usize, depth: i32, count: i32, segLen: i32, segPitch: i32, numSeg: i32): void {
  const stripBytes = <usize>depth << 3;
  for (let seg = 0; seg < numSeg; seg++) {
    let j = 0;
    while (j < segLen) {
      const at = <usize>(seg * segPitch + j) << 2;
      const isWide = j + 16 <= segLen;
      let strip = STRIPS;
      for (let m = 0; m < count; m += 2) {
        const table = PANELS + (<usize>m << 2);
        const d0 = at + <usize>load<u32>(table);
        const d1 = m + 1 < count ? at + <usize>load<u32>(table, 4) : 0;
        if (isWide) backTile2x16(strip, panel, panelBytes, depth, d0, d1);
        else backTile2x8(strip, panel, depth, d0, d1, min(8, segLen - j));
        strip += stripBytes;
      }
      j += isWide ? 16 : 8;
      panel += isWide ? panelBytes << 1 : panelBytes;
    }
  }
}
