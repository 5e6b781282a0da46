// A small dense layer of its own for every channel of an image: O numbers from P pixels. C channels, a multiple of 4, ReLU.
// weights [P][O][C], bias and y [O][C], x [P][C].

export function perFilterForward(x: usize, weights: usize, bias: usize, y: usize, P: i32, O: i32, C: i32): void {
  const zero = f32x4.splat(0);
  const pixelBytes = <usize>C << 2;
  for (let o = 0; o < O; o++)
    for (let c = 0; c < C; c += 4) {
      const at = <usize>(o * C + c) << 2;
      let sum = v128.load(bias + at);
      let xAt = x + (<usize>c << 2);
      let wAt = weights + at;
      for (let p = 0; p < P; p++) {
        sum = f32x4.add(sum, f32x4.mul(v128.load(xAt), v128.load(wAt)));
        xAt += pixelBytes;
        wAt += pixelBytes * O;
      }
      v128.store(y + at, f32x4.pmax(sum, zero));
    }
}

/** dy becomes the gradient before ReLU; dWeights, dBias are added to; dx is written (0: not wanted). */
export function perFilterBackward(
  x: usize, weights: usize, y: usize, dy: usize, dx: usize, dWeights: usize, dBias: usize, P: i32, O: i32, C: i32,
): void {
  const zero = f32x4.splat(0);
  const pixelBytes = <usize>C << 2;
  for (let at: usize = 0; at < <usize>(O * C) << 2; at += 16) {
    const d = v128.and(v128.load(dy + at), f32x4.gt(v128.load(y + at), zero));
    v128.store(dy + at, d);
    v128.store(dBias + at, f32x4.add(v128.load(dBias + at), d));
  }
  for (let p = 0; p < P; p++) {
    const w = weights + <usize>p * pixelBytes * O;
    const dW = dWeights + <usize>p * pixelBytes * O;
    for (let c: usize = 0; c < pixelBytes; c += 16) {
      const value = v128.load(x + c);
      let sum = zero;
      for (let o: usize = 0; o < <usize>O; o++) {
        const at = o * pixelBytes + c;
        const d = v128.load(dy + at);
        sum = f32x4.add(sum, f32x4.mul(d, v128.load(w + at)));
        v128.store(dW + at, f32x4.add(v128.load(dW + at), f32x4.mul(d, value)));
      }
      if (dx) v128.store(dx + c, sum);
    }
    x += pixelBytes;
    if (dx) dx += pixelBytes;
  }
}
