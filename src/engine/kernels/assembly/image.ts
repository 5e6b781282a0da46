// Moving images between buffers whose rows lie differently far apart (borders), pitches in elements.

/** dst[r, i] <- src[r, i] * factor + shift */
export function placeFloats(
  src: usize, srcPitch: i32, dst: usize, dstPitch: i32, rows: i32, cols: i32, factor: f32, shift: f32,
): void {
  const f = f32x4.splat(factor), s = f32x4.splat(shift);
  for (let r = 0; r < rows; r++) {
    let i = 0;
    for (; i + 4 <= cols; i += 4) {
      const at = <usize>i << 2;
      v128.store(dst + at, f32x4.add(f32x4.mul(v128.load(src + at), f), s));
    }
    for (; i < cols; i++) {
      const at = <usize>i << 2;
      store<f32>(dst + at, load<f32>(src + at) * factor + shift);
    }
    src += <usize>srcPitch << 2;
    dst += <usize>dstPitch << 2;
  }
}

/** The same from bytes. */
export function placeBytes(
  src: usize, srcPitch: i32, dst: usize, dstPitch: i32, rows: i32, cols: i32, factor: f32, shift: f32,
): void {
  const f = f32x4.splat(factor), s = f32x4.splat(shift);
  for (let r = 0; r < rows; r++) {
    let i = 0;
    for (; i + 8 <= cols; i += 8) {
      const words = v128.load8x8_u(src + <usize>i);
      const low = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words));
      const high = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words));
      const to = dst + (<usize>i << 2);
      v128.store(to, f32x4.add(f32x4.mul(low, f), s));
      v128.store(to, f32x4.add(f32x4.mul(high, f), s), 16);
    }
    for (; i < cols; i++) store<f32>(dst + (<usize>i << 2), <f32>load<u8>(src + <usize>i) * factor + shift);
    src += <usize>srcPitch;
    dst += <usize>dstPitch << 2;
  }
}

/** Sum of n bytes, exact. */
export function sumBytes(src: usize, n: i32): f64 {
  let total: u64 = 0;
  for (let i = 0; i < n; i++) total += load<u8>(src + <usize>i);
  return <f64>total;
}

/** Sum of the squares of n bytes, exact. */
export function sumByteSquares(src: usize, n: i32): f64 {
  let total: u64 = 0;
  for (let i = 0; i < n; i++) {
    const value = <u64>load<u8>(src + <usize>i);
    total += value * value;
  }
  return <f64>total;
}
