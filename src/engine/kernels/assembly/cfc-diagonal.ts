// A gated CfC layer whose neurons see of their layer's state only their own: cfc.ts, with a product by a diagonal in place of the recurrent
// matrix, so that a step is one pass over its rows. Memory as in cfc.ts; diagonal [4 Hp], blocks as the gates. Definition: a matrix with that
// diagonal in ../cfc.reference.ts.
import { addTime, gate, gateGradient, keepOf, KERAS, signedTime } from "./cfc";

export function cfcDiagonalForward(
  gates: usize, states: usize, previous: usize, initial: usize, diagonal: usize, elapsed: usize, episodeStart: usize,
  T: i32, B: i32, H: i32, flags: i32,
): void {
  const bytes = <usize>((H + 3) & ~3) << 2;
  const keep = keepOf(flags);
  let from = initial;
  for (let t = 0; t < T; t++) {
    const stepStates = states;
    for (let b = 0; b < B; b++) {
      const dt = signedTime(elapsed, b, flags);
      const isStart = load<u8>(episodeStart + b) != 0;
      for (let i: usize = 0; i < bytes; i += 16) {
        const h = isStart ? f32x4.splat(0) : v128.load(from + i); // 1. state this step starts from
        v128.store(previous + i, h);
        const at = gates + i;
        const own = diagonal + i;
        const f1 = scaled(at, h, own), f2 = scaled(at + bytes, h, own + bytes); // 2. pre-activations
        const a = scaled(at + 2 * bytes, h, own + 2 * bytes), z = scaled(at + 3 * bytes, h, own + 3 * bytes);
        if (flags & KERAS) {
          v128.store(at, f1); // `gate` leaves linear heads as it finds them
          v128.store(at + bytes, f2);
        }
        v128.store(at + 2 * bytes, a);
        v128.store(states + i, gate(at, bytes, f1, f2, a, z, dt, keep, flags)); // 3. heads and gate
      }
      gates += bytes << 2;
      states += bytes;
      previous += bytes;
      from += bytes;
    }
    from = stepStates;
    elapsed += <usize>B << 2;
    episodeStart += B;
  }
}

/** z + h * own */
// @ts-ignore: decorator
@inline
function scaled(z: usize, h: v128, own: usize): v128 {
  return f32x4.add(v128.load(z), f32x4.mul(h, v128.load(own)));
}

export function cfcDiagonalBackward(
  gates: usize, dStates: usize, dState: usize, diagonal: usize, elapsed: usize, dElapsed: usize, episodeStart: usize,
  T: i32, B: i32, H: i32, flags: i32,
): void {
  const bytes = <usize>((H + 3) & ~3) << 2;
  const keep = keepOf(flags);
  for (let row = T * B - B; row >= 0; row -= B) {
    let at = gates + <usize>row * (bytes << 2);
    let dNext = dStates + <usize>row * bytes;
    let dCarry = dState;
    for (let b = 0; b < B; b++) {
      const dt = signedTime(elapsed, row + b, flags);
      const isStart = load<u8>(episodeStart + row + b) != 0;
      let dTime = f32x4.splat(0);
      for (let i: usize = 0; i < bytes; i += 16) {
        // 3. next = f1 + s (f2 - keep f1)
        const dh = f32x4.add(v128.load(dNext + i), v128.load(dCarry + i));
        dTime = f32x4.add(dTime, gateGradient(at + i, bytes, dh, dt, keep, flags));
        // 2. pre-activations += previous * diagonal; 1. previous = state unless an episode starts
        v128.store(dCarry + i, isStart ? f32x4.splat(0) : overHeads(at + i, diagonal + i, bytes));
      }
      addTime(dElapsed, row + b, dTime, flags);
      at += bytes << 2;
      dNext += bytes;
      dCarry += bytes;
    }
  }
}

/** Sum over the four heads of dz * own. */
// @ts-ignore: decorator
@inline
function overHeads(dz: usize, own: usize, bytes: usize): v128 {
  let sum = f32x4.mul(v128.load(dz), v128.load(own));
  sum = f32x4.add(sum, f32x4.mul(v128.load(dz + bytes), v128.load(own + bytes)));
  sum = f32x4.add(sum, f32x4.mul(v128.load(dz + 2 * bytes), v128.load(own + 2 * bytes)));
  return f32x4.add(sum, f32x4.mul(v128.load(dz + 3 * bytes), v128.load(own + 3 * bytes)));
}

/** dDiagonal[4 Hp] += sum over rows of h[row, Hp], in each of four blocks, times dz[row, 4 Hp]. */
export function addDiagonalGradient(h: usize, dz: usize, dDiagonal: usize, rows: i32, Hp: i32): void {
  const bytes = <usize>Hp << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const to = dDiagonal + i;
    let s1 = v128.load(to), s2 = v128.load(to + bytes), sa = v128.load(to + 2 * bytes), sb = v128.load(to + 3 * bytes);
    let x = h + i;
    let d = dz + i;
    for (let r = 0; r < rows; r++) {
      const own = v128.load(x);
      s1 = f32x4.add(s1, f32x4.mul(own, v128.load(d)));
      s2 = f32x4.add(s2, f32x4.mul(own, v128.load(d + bytes)));
      sa = f32x4.add(sa, f32x4.mul(own, v128.load(d + 2 * bytes)));
      sb = f32x4.add(sb, f32x4.mul(own, v128.load(d + 3 * bytes)));
      x += bytes;
      d += bytes << 2;
    }
    v128.store(to, s1);
    v128.store(to + bytes, s2);
    v128.store(to + 2 * bytes, sa);
    v128.store(to + 3 * bytes, sb);
  }
}
