// Direct convolution of one image at a time, channels last, no copies of patches.
//
// The patch of an output pixel is `numSeg` segments (kernel rows) of `segLen` = kernelWidth * channels neighbouring numbers, `segPitch` numbers
// (one image row) apart. `offsets[p]` is where output pixel p's patch starts, in bytes from the image. So a convolution is a matrix product
// whose A rows are read where they lie: C[pixels, N] = patches[pixels, numSeg * segLen] · W[numSeg * segLen, N].

/** Output pixels summed into one pass over a weight gradient. */
const BLOCK: i32 = 256;

// @ts-ignore: decorator
@inline
function offset(table: usize, p: i32): usize {
  return <usize>load<i32>(table + (<usize>p << 2));
}

/** y[pixels, N] <- bias + patches · packed; with isRelu negative numbers become 0. packed: panels of 8 columns as in gemm. */
export function convForward(
  x: usize, y: usize, packed: usize, bias: usize, offsets: usize, numPixels: i32,
  segLen: i32, segPitch: i32, numSeg: i32, N: i32, isRelu: i32,
): void {
  const panelBytes = <usize>(segLen * numSeg) << 5;
  const rowBytes = <usize>N << 2;
  const floor = f32x4.splat(isRelu ? 0 : -f32.MAX_VALUE * 2);
  for (let n = 0; n < N; n += 8) {
    const isWide = n + 8 <= N;
    const biasAt = bias + (<usize>n << 2);
    let c = y + (<usize>n << 2);
    let p = 0;
    for (; p + 4 <= numPixels; p += 4) {
      tile4(
        x + offset(offsets, p), x + offset(offsets, p + 1), x + offset(offsets, p + 2), x + offset(offsets, p + 3),
        segLen, segPitch, numSeg, packed, c, rowBytes, biasAt, isWide, floor,
      );
      c += rowBytes << 2;
    }
    for (; p < numPixels; p++) {
      tile1(x + offset(offsets, p), segLen, segPitch, numSeg, packed, c, biasAt, isWide, floor);
      c += rowBytes;
    }
    packed += panelBytes;
  }
}

function tile4(
  a0: usize, a1: usize, a2: usize, a3: usize, segLen: i32, segPitch: i32, numSeg: i32, panel: usize, c: usize, rowBytes: usize,
  bias: usize, isWide: bool, floor: v128,
): void {
  const b = v128.load(bias), bWide = isWide ? v128.load(bias, 16) : b;
  let s00 = b, s10 = b, s20 = b, s30 = b;
  let s01 = bWide, s11 = bWide, s21 = bWide, s31 = bWide;
  const skip = <usize>(segPitch - segLen) << 2;
  for (let seg = 0; seg < numSeg; seg++) {
    const end = panel + (<usize>segLen << 5);
    while (panel < end) {
      const b0 = v128.load(panel), b1 = v128.load(panel, 16);
      let v = v128.load32_splat(a0);
      s00 = f32x4.add(s00, f32x4.mul(v, b0));
      s01 = f32x4.add(s01, f32x4.mul(v, b1));
      v = v128.load32_splat(a1);
      s10 = f32x4.add(s10, f32x4.mul(v, b0));
      s11 = f32x4.add(s11, f32x4.mul(v, b1));
      v = v128.load32_splat(a2);
      s20 = f32x4.add(s20, f32x4.mul(v, b0));
      s21 = f32x4.add(s21, f32x4.mul(v, b1));
      v = v128.load32_splat(a3);
      s30 = f32x4.add(s30, f32x4.mul(v, b0));
      s31 = f32x4.add(s31, f32x4.mul(v, b1));
      a0 += 4; a1 += 4; a2 += 4; a3 += 4;
      panel += 32;
    }
    a0 += skip; a1 += skip; a2 += skip; a3 += skip;
  }
  const c1 = c + rowBytes, c2 = c1 + rowBytes, c3 = c2 + rowBytes;
  v128.store(c, f32x4.pmax(s00, floor));
  v128.store(c1, f32x4.pmax(s10, floor));
  v128.store(c2, f32x4.pmax(s20, floor));
  v128.store(c3, f32x4.pmax(s30, floor));
  if (!isWide) return;
  v128.store(c, f32x4.pmax(s01, floor), 16);
  v128.store(c1, f32x4.pmax(s11, floor), 16);
  v128.store(c2, f32x4.pmax(s21, floor), 16);
  v128.store(c3, f32x4.pmax(s31, floor), 16);
}

function tile1(
  a: usize, segLen: i32, segPitch: i32, numSeg: i32, panel: usize, c: usize, bias: usize, isWide: bool, floor: v128,
): void {
  let s0 = v128.load(bias), s1 = isWide ? v128.load(bias, 16) : s0;
  const skip = <usize>(segPitch - segLen) << 2;
  for (let seg = 0; seg < numSeg; seg++) {
    const end = panel + (<usize>segLen << 5);
    while (panel < end) {
      const v = v128.load32_splat(a);
      s0 = f32x4.add(s0, f32x4.mul(v, v128.load(panel)));
      s1 = f32x4.add(s1, f32x4.mul(v, v128.load(panel, 16)));
      a += 4;
      panel += 32;
    }
    a += skip;
  }
  v128.store(c, f32x4.pmax(s0, floor));
  if (isWide) v128.store(c, f32x4.pmax(s1, floor), 16);
}

/** dW[numSeg * segLen, N] += transpose(patches) · dz[pixels, N]. scratch: BLOCK x 8 numbers. */
export function convWeightGradient(
  x: usize, dz: usize, dW: usize, offsets: usize, numPixels: i32, segLen: i32, segPitch: i32, numSeg: i32, N: i32, scratch: usize,
): void {
  const rowBytes = <usize>N << 2;
  for (let p0 = 0; p0 < numPixels; p0 += BLOCK) {
    const depth = min(BLOCK, numPixels - p0);
    const table = offsets + (<usize>p0 << 2);
    for (let n = 0; n < N; n += 8) {
      const isWide = n + 8 <= N;
      packPixels(dz + <usize>p0 * rowBytes + (<usize>n << 2), rowBytes, depth, isWide, scratch);
      let out = dW + (<usize>n << 2);
      for (let seg = 0; seg < numSeg; seg++) {
        const from = x + (<usize>(seg * segPitch) << 2);
        for (let m = 0; m < segLen; m += 4) {
          const rows = min(4, segLen - m);
          gradientTile(from + (<usize>m << 2), table, scratch, out, rowBytes, depth, rows, isWide);
          out += rowBytes * rows;
        }
      }
    }
  }
}

function packPixels(dz: usize, rowBytes: usize, depth: i32, isWide: bool, out: usize): void {
  for (let p = 0; p < depth; p++) {
    v128.store(out, v128.load(dz));
    v128.store(out, isWide ? v128.load(dz, 16) : f32x4.splat(0), 16);
    dz += rowBytes;
    out += 32;
  }
}

function gradientTile(
  x: usize, table: usize, panel: usize, c: usize, rowBytes: usize, depth: i32, rows: i32, isWide: bool,
): void {
  const zero = f32x4.splat(0);
  const c1 = c + rowBytes, c2 = c1 + rowBytes, c3 = c2 + rowBytes;
  let s00 = v128.load(c), s10 = rows > 1 ? v128.load(c1) : zero;
  let s20 = rows > 2 ? v128.load(c2) : zero, s30 = rows > 3 ? v128.load(c3) : zero;
  let s01 = zero, s11 = zero, s21 = zero, s31 = zero;
  if (isWide) {
    s01 = v128.load(c, 16);
    if (rows > 1) s11 = v128.load(c1, 16);
    if (rows > 2) s21 = v128.load(c2, 16);
    if (rows > 3) s31 = v128.load(c3, 16);
  }
  const end = panel + (<usize>depth << 5);
  while (panel < end) {
    const a = x + <usize>load<i32>(table);
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let v = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(v, b0));
    s01 = f32x4.add(s01, f32x4.mul(v, b1));
    v = v128.load32_splat(a, 4);
    s10 = f32x4.add(s10, f32x4.mul(v, b0));
    s11 = f32x4.add(s11, f32x4.mul(v, b1));
    v = v128.load32_splat(a, 8);
    s20 = f32x4.add(s20, f32x4.mul(v, b0));
    s21 = f32x4.add(s21, f32x4.mul(v, b1));
    v = v128.load32_splat(a, 12);
    s30 = f32x4.add(s30, f32x4.mul(v, b0));
    s31 = f32x4.add(s31, f32x4.mul(v, b1));
    table += 4;
    panel += 32;
  }
  v128.store(c, s00);
  if (rows > 1) v128.store(c1, s10);
  if (rows > 2) v128.store(c2, s20);
  if (rows > 3) v128.store(c3, s30);
  if (!isWide) return;
  v128.store(c, s01, 16);
  if (rows > 1) v128.store(c1, s11, 16);
  if (rows > 2) v128.store(c2, s21, 16);
  if (rows > 3) v128.store(c3, s31, 16);
}

/**
 * dx += what every patch gives back: dz[pixels, N] · transpose(W), added where the patch was read.
 * packedT: for each segment panels of 8 of its columns, [numSeg][ceil(segLen / 8)][N][8].
 */
export function convInputGradient(
  dz: usize, dx: usize, packedT: usize, offsets: usize, numPixels: i32, segLen: i32, segPitch: i32, numSeg: i32, N: i32,
): void {
  const rowBytes = <usize>N << 2;
  const panelBytes = <usize>N << 5;
  for (let seg = 0; seg < numSeg; seg++) {
    for (let j = 0; j < segLen; j += 8) {
      const to = dx + (<usize>(seg * segPitch + j) << 2);
      const width = min(8, segLen - j);
      let row = dz;
      let p = 0;
      for (; p + 4 <= numPixels; p += 4) {
        backTile4(
          row, rowBytes, packedT, panelBytes,
          to + offset(offsets, p), to + offset(offsets, p + 1), to + offset(offsets, p + 2), to + offset(offsets, p + 3), width,
        );
        row += rowBytes << 2;
      }
      for (; p < numPixels; p++) {
        backTile1(row, packedT, panelBytes, to + offset(offsets, p), width);
        row += rowBytes;
      }
      packedT += panelBytes;
    }
  }
}

function backTile4(
  a: usize, rowBytes: usize, panel: usize, panelBytes: usize, d0: usize, d1: usize, d2: usize, d3: usize, width: i32,
): void {
  const zero = f32x4.splat(0);
  let s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
  let a1 = a + rowBytes, a2 = a1 + rowBytes, a3 = a2 + rowBytes;
  const end = panel + panelBytes;
  while (panel < end) {
    const b0 = v128.load(panel), b1 = v128.load(panel, 16);
    let v = v128.load32_splat(a);
    s00 = f32x4.add(s00, f32x4.mul(v, b0));
    s01 = f32x4.add(s01, f32x4.mul(v, b1));
    v = v128.load32_splat(a1);
    s10 = f32x4.add(s10, f32x4.mul(v, b0));
    s11 = f32x4.add(s11, f32x4.mul(v, b1));
    v = v128.load32_splat(a2);
    s20 = f32x4.add(s20, f32x4.mul(v, b0));
    s21 = f32x4.add(s21, f32x4.mul(v, b1));
    v = v128.load32_splat(a3);
    s30 = f32x4.add(s30, f32x4.mul(v, b0));
    s31 = f32x4.add(s31, f32x4.mul(v, b1));
    a += 4; a1 += 4; a2 += 4; a3 += 4;
    panel += 32;
  }
  // one after another: neighbouring patches overlap
  addTo(d0, s00, s01, width);
  addTo(d1, s10, s11, width);
  addTo(d2, s20, s21, width);
  addTo(d3, s30, s31, width);
}

function backTile1(a: usize, panel: usize, panelBytes: usize, d: usize, width: i32): void {
  let s0 = f32x4.splat(0), s1 = s0;
  const end = panel + panelBytes;
  while (panel < end) {
    const v = v128.load32_splat(a);
    s0 = f32x4.add(s0, f32x4.mul(v, v128.load(panel)));
    s1 = f32x4.add(s1, f32x4.mul(v, v128.load(panel, 16)));
    a += 4;
    panel += 32;
  }
  addTo(d, s0, s1, width);
}

// @ts-ignore: decorator
@inline
function addTo(d: usize, low: v128, high: v128, width: i32): void {
  if (width == 8) {
    v128.store(d, f32x4.add(v128.load(d), low));
    v128.store(d, f32x4.add(v128.load(d, 16), high), 16);
  } else addPart(d, low, high, width);
}

function addPart(d: usize, low: v128, high: v128, width: i32): void {
  if (width >= 4) {
    v128.store(d, f32x4.add(v128.load(d), low));
    low = high;
    d += 16;
    width -= 4;
  }
  if (width > 0) store<f32>(d, load<f32>(d) + f32x4.extract_lane(low, 0));
  if (width > 1) store<f32>(d, load<f32>(d, 4) + f32x4.extract_lane(low, 1), 4);
  if (width > 2) store<f32>(d, load<f32>(d, 8) + f32x4.extract_lane(low, 2), 8);
}
