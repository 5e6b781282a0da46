// Flat vectors of any length n; whole vectors first, then single numbers.

export function fill(x: usize, n: i32, value: f32): void {
  const end = x + (<usize>n << 2);
  const whole = x + (<usize>(n & ~3) << 2);
  const v = f32x4.splat(value);
  for (; x < whole; x += 16) v128.store(x, v);
  for (; x < end; x += 4) store<f32>(x, value);
}

export function addScaled(y: usize, x: usize, n: i32, factor: f32): void {
  const end = x + (<usize>n << 2);
  const whole = x + (<usize>(n & ~3) << 2);
  const f = f32x4.splat(factor);
  for (; x < whole; x += 16, y += 16) v128.store(y, f32x4.add(v128.load(y), f32x4.mul(v128.load(x), f)));
  for (; x < end; x += 4, y += 4) store<f32>(y, load<f32>(y) + load<f32>(x) * factor);
}

/** y <- x * mask */
export function maskInto(y: usize, x: usize, mask: usize, n: i32): void {
  const end = x + (<usize>n << 2);
  const whole = x + (<usize>(n & ~3) << 2);
  for (; x < whole; x += 16, y += 16, mask += 16) v128.store(y, f32x4.mul(v128.load(x), v128.load(mask)));
  for (; x < end; x += 4, y += 4, mask += 4) store<f32>(y, load<f32>(x) * load<f32>(mask));
}

/** y <- y + x * factor, elementwise */
export function addProduct(y: usize, x: usize, factor: usize, n: i32): void {
  const end = x + (<usize>n << 2);
  const whole = x + (<usize>(n & ~3) << 2);
  for (; x < whole; x += 16, y += 16, factor += 16)
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(v128.load(x), v128.load(factor))));
  for (; x < end; x += 4, y += 4, factor += 4) store<f32>(y, load<f32>(y) + load<f32>(x) * load<f32>(factor));
}

/** factor <- mask where polarity is 0, else mask * polarity * sign(w), so that w * factor = mask * |w| * polarity. The sign of 0 is +. */
export function signFactors(factor: usize, w: usize, mask: usize, polarity: usize, n: i32): void {
  for (let i: usize = 0; i < <usize>n << 2; i += 4) {
    const p = load<f32>(polarity + i);
    const sign: f32 = p == 0 ? 1 : load<f32>(w + i) < 0 ? -p : p;
    store<f32>(factor + i, load<f32>(mask + i) * sign);
  }
}

/** Sum of (x - mean)². */
export function sumSquares(x: usize, n: i32, mean: f64): f64 {
  let total = f64x2.splat(0);
  const m = f64x2.splat(mean);
  const end = x + (<usize>n << 2);
  const whole = x + (<usize>(n & ~3) << 2);
  for (; x < whole; x += 16) {
    const v = v128.load(x);
    const low = f64x2.sub(f64x2.promote_low_f32x4(v), m);
    const high = f64x2.sub(f64x2.promote_low_f32x4(highHalf(v)), m);
    total = f64x2.add(total, f64x2.mul(low, low));
    total = f64x2.add(total, f64x2.mul(high, high));
  }
  let result = f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1);
  for (; x < end; x += 4) {
    const d = <f64>load<f32>(x) - mean;
    result += d * d;
  }
  return result;
}

// @ts-ignore: decorator
@inline
function highHalf(v: v128): v128 {
  return i64x2.shuffle(v, v, 1, 1);
}

/** x - x is zero for finite numbers and NaN for the others. */
export function allFinite(x: usize, n: i32): i32 {
  const end = x + (<usize>n << 2);
  const whole = x + (<usize>(n & ~3) << 2);
  const zero = f32x4.splat(0);
  let good = f32x4.eq(zero, zero);
  for (; x < whole; x += 16) {
    const v = v128.load(x);
    good = v128.and(good, f32x4.eq(f32x4.sub(v, v), zero));
  }
  let isGood = i32x4.all_true(good);
  for (; x < end; x += 4) {
    const v = load<f32>(x);
    isGood = isGood && v - v == 0;
  }
  return isGood ? 1 : 0;
}

/** dst[r, j] <- (add: +=) src[r, ids[j]] */
export function gatherColumns(src: usize, ldSrc: i32, dst: usize, ldDst: i32, ids: usize, rows: i32, n: i32, add: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let j: usize = 0; j < <usize>n << 2; j += 4) {
      const value = load<f32>(src + (<usize>load<i32>(ids + j) << 2));
      store<f32>(dst + j, add ? load<f32>(dst + j) + value : value);
    }
    src += <usize>ldSrc << 2;
    dst += <usize>ldDst << 2;
  }
}

/** dst[r, ids[j]] <- src[r, j] */
export function scatterColumns(src: usize, ldSrc: i32, dst: usize, ldDst: i32, ids: usize, rows: i32, n: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let j: usize = 0; j < <usize>n << 2; j += 4)
      store<f32>(dst + (<usize>load<i32>(ids + j) << 2), load<f32>(src + j));
    src += <usize>ldSrc << 2;
    dst += <usize>ldDst << 2;
  }
}
