// y = x * scale + bias, a scale and a bias per column. Rows are `ld` apart, N is a multiple of 4.

export function affineForward(x: usize, y: usize, ld: i32, scale: usize, bias: usize, rows: i32, N: i32): void {
  for (let r = 0; r < rows; r++) {
    for (let i: usize = 0; i < (<usize>N) << 2; i += 16)
      v128.store(y + i, f32x4.add(f32x4.mul(v128.load(x + i), v128.load(scale + i)), v128.load(bias + i)));
    x += (<usize>ld) << 2;
    y += (<usize>ld) << 2;
  }
}

/** dScale += x dy, dBias += dy, dx = dy * scale (dx 0: not wanted). */
export function affineBackward(
  x: usize,
  dy: usize,
  dx: usize,
  ld: i32,
  scale: usize,
  dScale: usize,
  dBias: usize,
  rows: i32,
  N: i32,
): void {
  const stride = (<usize>ld) << 2;
  for (let i: usize = 0; i < (<usize>N) << 2; i += 16) {
    const s = v128.load(scale + i);
    let sumScale = v128.load(dScale + i),
      sumBias = v128.load(dBias + i);
    for (let r: usize = 0; r < <usize>rows; r++) {
      const at = r * stride + i;
      const d = v128.load(dy + at);
      sumScale = f32x4.add(sumScale, f32x4.mul(v128.load(x + at), d));
      sumBias = f32x4.add(sumBias, d);
      if (dx) v128.store(dx + at, f32x4.mul(d, s));
    }
    v128.store(dScale + i, sumScale);
    v128.store(dBias + i, sumBias);
  }
}
