// Runs a program of vector instructions over float32 memory: one step of an exported policy (src/export/js). A module of its own.
//
// An instruction is a number of int32 words: what to do, then addresses (bytes) and sizes, in the order of the arguments below; addresses of
// results come first. Vectors start on 16 bytes and are padded to whole groups of four, whose last numbers may be anything.
import { exp4, sigmoid4, tanh4 } from "./math";

/** Runs the instructions of [program, end). */
export function run(program: usize, end: usize): void {
  while (program < end) {
    const op = word(program, 0);
    if (op == 0) {
      dense(at(program, 1), at(program, 2), at(program, 3), at(program, 4), word(program, 5), word(program, 6));
      program += 28;
    } else if (op == 1) {
      sparse(
        at(program, 1), at(program, 2), at(program, 3), at(program, 4), at(program, 5), at(program, 6), word(program, 7),
      );
      program += 32;
    } else if (op == 2) {
      unary(at(program, 1), at(program, 2), word(program, 3), word(program, 4));
      program += 20;
    } else if (op == 3) {
      binary(at(program, 1), at(program, 2), at(program, 3), word(program, 4), word(program, 5), word(program, 6));
      program += 28;
    } else if (op == 4) {
      gather(at(program, 1), at(program, 2), at(program, 3), word(program, 4));
      program += 20;
    } else if (op == 5) {
      memory.copy(at(program, 1), at(program, 2), <usize>word(program, 3) << 2);
      program += 16;
    } else if (op == 6) {
      store<f32>(at(program, 1), mean(at(program, 2), word(program, 3)));
      program += 16;
    } else if (op == 7) {
      flatten(at(program, 1), at(program, 2), word(program, 3), word(program, 4), word(program, 5));
      program += 24;
    } else {
      conv(program);
      program += 64;
    }
  }
}

// @ts-ignore: decorator
@inline
function word(program: usize, index: i32): i32 {
  return load<i32>(program + (<usize>index << 2));
}

// @ts-ignore: decorator
@inline
function at(program: usize, index: i32): usize {
  return <usize>word(program, index);
}

/** y [O] <- w [O, I] x + b; b = 0: none. */
function dense(y: usize, x: usize, w: usize, b: usize, I: i32, O: i32): void {
  for (let o = 0; o < O; o++) {
    let lanes = f32x4.splat(0);
    let i = 0;
    for (; i + 4 <= I; i += 4) {
      lanes = f32x4.add(lanes, f32x4.mul(v128.load(x + (<usize>i << 2)), v128.load(w)));
      w += 16;
    }
    let sum = total(lanes);
    for (; i < I; i++) {
      sum += load<f32>(x + (<usize>i << 2)) * load<f32>(w);
      w += 4;
    }
    store<f32>(y + (<usize>o << 2), b == 0 ? sum : sum + load<f32>(b + (<usize>o << 2)));
  }
}

/** The same from the weights that are not zero: counts u16 [O] of each row, then columns u16 and values row after row. */
function sparse(y: usize, x: usize, counts: usize, columns: usize, values: usize, b: usize, O: i32): void {
  for (let o = 0; o < O; o++) {
    let sum: f32 = b == 0 ? 0 : load<f32>(b + (<usize>o << 2));
    const count = <i32>load<u16>(counts + (<usize>o << 1));
    for (let k = 0; k < count; k++) {
      sum += load<f32>(values) * load<f32>(x + (<usize>load<u16>(columns) << 2));
      values += 4;
      columns += 2;
    }
    store<f32>(y + (<usize>o << 2), sum);
  }
}

// @ts-ignore: decorator
@inline
function total(lanes: v128): f32 {
  return (
    f32x4.extract_lane(lanes, 0) + f32x4.extract_lane(lanes, 2) +
    (f32x4.extract_lane(lanes, 1) + f32x4.extract_lane(lanes, 3))
  );
}

/** y <- f(x); f: tanh, sigmoid, relu, exp, abs, sqrt */
function unary(y: usize, x: usize, n: i32, f: i32): void {
  for (let i: usize = 0; i < <usize>n << 2; i += 16) {
    const v = v128.load(x + i);
    let r: v128;
    if (f == 0) r = tanh4(v);
    else if (f == 1) r = sigmoid4(v);
    else if (f == 2) r = f32x4.pmax(v, f32x4.splat(0));
    else if (f == 3) r = exp4(v);
    else if (f == 4) r = f32x4.abs(v);
    else r = f32x4.sqrt(v);
    v128.store(y + i, r);
  }
}

/** y <- f(a, b); f: add, sub, mul, div, min, max; bit 0 of `single`: a is one number for all, bit 1: b is */
function binary(y: usize, a: usize, b: usize, n: i32, f: i32, single: i32): void {
  for (let i: usize = 0; i < <usize>n << 2; i += 16) {
    const v = single & 1 ? v128.load32_splat(a) : v128.load(a + i);
    const w = single & 2 ? v128.load32_splat(b) : v128.load(b + i);
    let r: v128;
    if (f == 0) r = f32x4.add(v, w);
    else if (f == 1) r = f32x4.sub(v, w);
    else if (f == 2) r = f32x4.mul(v, w);
    else if (f == 3) r = f32x4.div(v, w);
    else if (f == 4) r = f32x4.min(v, w);
    else r = f32x4.max(v, w);
    v128.store(y + i, r);
  }
}

/** y [n] <- x by indices u16 */
function gather(y: usize, x: usize, indices: usize, n: i32): void {
  for (let i = 0; i < n; i++)
    store<f32>(y + (<usize>i << 2), load<f32>(x + (<usize>load<u16>(indices + (<usize>i << 1)) << 2)));
}

function mean(x: usize, n: i32): f32 {
  let sum: f64 = 0;
  for (let i = 0; i < n; i++) sum += load<f32>(x + (<usize>i << 2));
  return <f32>(sum / n);
}

/** y [C, P] <- x [P, pitch], the first C of every pixel */
function flatten(y: usize, x: usize, P: i32, C: i32, pitch: i32): void {
  for (let c = 0; c < C; c++)
    for (let p = 0; p < P; p++) {
      store<f32>(y, load<f32>(x + (<usize>(p * pitch + c) << 2)));
      y += 4;
    }
}

/**
 * y [outH, outW, F] <- relu(b + x * w): words y, x, w, b, H, W, C, pitch of x, F (a multiple of 4), kernel, stride, rows and columns of zeros
 * before the image, outH, outW. x [H, W, pitch], w [kernel, kernel, C, F].
 */
function conv(program: usize): void {
  let y = at(program, 1);
  const x = at(program, 2), w = at(program, 3), b = at(program, 4);
  const H = word(program, 5), W = word(program, 6), C = word(program, 7), pitch = word(program, 8);
  const F = word(program, 9), K = word(program, 10), stride = word(program, 11);
  const top = word(program, 12), left = word(program, 13), outH = word(program, 14), outW = word(program, 15);
  const pixelBytes = <usize>F << 2;
  for (let row = 0; row < outH; row++)
    for (let column = 0; column < outW; column++) {
      memory.copy(y, b, pixelBytes);
      for (let ky = 0; ky < K; ky++) {
        const iy = row * stride + ky - top;
        if (iy < 0 || iy >= H) continue;
        for (let kx = 0; kx < K; kx++) {
          const ix = column * stride + kx - left;
          if (ix < 0 || ix >= W) continue;
          addPixel(y, x + (<usize>((iy * W + ix) * pitch) << 2), w + <usize>((ky * K + kx) * C) * pixelBytes, C, pixelBytes);
        }
      }
      for (let i: usize = 0; i < pixelBytes; i += 16) v128.store(y + i, f32x4.pmax(v128.load(y + i), f32x4.splat(0)));
      y += pixelBytes;
    }
}

/** y [F] += x [C] w [C, F] */
function addPixel(y: usize, x: usize, w: usize, C: i32, pixelBytes: usize): void {
  for (let c = 0; c < C; c++) {
    const value = v128.load32_splat(x + (<usize>c << 2));
    for (let i: usize = 0; i < pixelBytes; i += 16)
      v128.store(y + i, f32x4.add(v128.load(y + i), f32x4.mul(value, v128.load(w + i))));
    w += pixelBytes;
  }
}
