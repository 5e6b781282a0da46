// One gated CfC layer over a sequence, forward and backward, definition in ../cfc.reference.ts.
//
// Memory, Hp = H padded to 4, row t * B + b:
//   gates    [T*B, 4 Hp]  ff1 | ff2 | time_a | time_b; forward leaves f1 | f2 | time_a | s, backward leaves their gradients
//   states   [T*B, Hp]    state after each step
//   previous [T*B, Hp]    state each step started from, zero where an episode starts
import { gemm } from "./gemm";
import { exp4, sigmoid4, sumLanes, tanh4 } from "./math";
import { copyUnlessStart, zeroWhereStart } from "./state";

const NO_GATE: i32 = 1;
export const KERAS: i32 = 2;

export function cfcForward(
  gates: usize,
  states: usize,
  previous: usize,
  initial: usize,
  recurrent: usize,
  elapsed: usize,
  episodeStart: usize,
  T: i32,
  B: i32,
  H: i32,
  flags: i32,
): void {
  const Hp = (H + 3) & ~3;
  const stateBytes = (<usize>(B * Hp)) << 2;
  const gateBytes = stateBytes << 2;
  let from = initial;
  for (let t = 0; t < T; t++) {
    copyUnlessStart(previous, from, episodeStart, B, Hp); // 1. state this step starts from
    gemm(previous, Hp, recurrent, gates, 4 * Hp, B, 4 * Hp, H, 1, 0); // 2. pre-activations
    gateForward(gates, states, elapsed, B, Hp, flags); // 3. heads and gate
    from = states;
    states += stateBytes;
    previous += stateBytes;
    gates += gateBytes;
    elapsed += (<usize>B) << 2;
    episodeStart += B;
  }
}

/** next = f1 + s (f2 - keep f1), s = sigmoid(sign a dt + b); keep is 1 in default mode, 0 in no_gate. */
export function gateForward(gates: usize, states: usize, elapsed: usize, B: i32, Hp: i32, flags: i32): void {
  const bytes = (<usize>Hp) << 2;
  const keep = keepOf(flags);
  for (let b = 0; b < B; b++) {
    const dt = signedTime(elapsed, b, flags);
    for (let i: usize = 0; i < bytes; i += 16) {
      const at = gates + i;
      const f1 = v128.load(at), f2 = v128.load(at + bytes), a = v128.load(at + 2 * bytes), z = v128.load(at + 3 * bytes);
      v128.store(states + i, gate(at, bytes, f1, f2, a, z, dt, keep, flags));
    }
    gates += bytes << 2;
    states += bytes;
  }
}

/** One group of neurons: pre-activations of the four heads in, next state out; leaves heads and gate at `at`, `bytes` apart. */
// @ts-ignore: decorator
@inline
export function gate(at: usize, bytes: usize, ff1: v128, ff2: v128, a: v128, b: v128, dt: v128, keep: v128, flags: i32): v128 {
  let f1 = ff1, f2 = ff2;
  if (!(flags & KERAS)) {
    f1 = tanh4(f1);
    f2 = tanh4(f2);
    v128.store(at, f1);
    v128.store(at + bytes, f2);
  }
  const s = sigmoid4(f32x4.add(f32x4.mul(a, dt), b));
  v128.store(at + 3 * bytes, s);
  return f32x4.add(f1, f32x4.mul(s, f32x4.sub(f2, f32x4.mul(keep, f1))));
}

// @ts-ignore: decorator
@inline
export function keepOf(flags: i32): v128 {
  return f32x4.splat(flags & NO_GATE ? 0 : 1);
}

/** Elapsed time of sample b; negative in the keras flavour, whose gate has minus time_a. */
// @ts-ignore: decorator
@inline
export function signedTime(elapsed: usize, b: i32, flags: i32): v128 {
  const dt = v128.load32_splat(elapsed + ((<usize>b) << 2));
  return flags & KERAS ? f32x4.neg(dt) : dt;
}

export function cfcBackward(
  gates: usize,
  dStates: usize,
  dState: usize,
  recurrentT: usize,
  elapsed: usize,
  dElapsed: usize,
  episodeStart: usize,
  T: i32,
  B: i32,
  H: i32,
  flags: i32,
): void {
  const Hp = (H + 3) & ~3;
  const stateBytes = (<usize>(B * Hp)) << 2;
  for (let t = T - 1; t >= 0; t--) {
    const row = <usize>t * B;
    const stepGates = gates + <usize>t * (stateBytes << 2);
    // 3. next = f1 + s (f2 - keep f1)
    gateBackward(
      stepGates,
      dStates + <usize>t * stateBytes,
      dState,
      elapsed + (row << 2),
      dElapsed + (row << 2),
      B,
      Hp,
      flags,
    );
    // 2. pre-activations += previous · recurrent
    gemm(stepGates, 4 * Hp, recurrentT, dState, Hp, B, Hp, 4 * Hp, 0, 0);
    // 1. previous = state unless an episode starts
    zeroWhereStart(dState, episodeStart + row, B, Hp);
  }
}

/** The gradient of the state is dNext (from outputs) plus dCarry (from the next step). */
export function gateBackward(
  gates: usize,
  dNext: usize,
  dCarry: usize,
  elapsed: usize,
  dElapsed: usize,
  B: i32,
  Hp: i32,
  flags: i32,
): void {
  const bytes = (<usize>Hp) << 2;
  const keep = keepOf(flags);
  for (let b = 0; b < B; b++) {
    const dt = signedTime(elapsed, b, flags);
    let dTime = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const dh = f32x4.add(v128.load(dNext + i), v128.load(dCarry + i));
      dTime = f32x4.add(dTime, gateGradient(gates + i, bytes, dh, dt, keep, flags));
    }
    addTime(dElapsed, b, dTime, flags);
    gates += bytes << 2;
    dNext += bytes;
    dCarry += bytes;
  }
}

/** One group of neurons: gradient of the next state in, that of the signed time out; heads and gate become their gradients. */
// @ts-ignore: decorator
@inline
export function gateGradient(at: usize, bytes: usize, dh: v128, dt: v128, keep: v128, flags: i32): v128 {
  const one = f32x4.splat(1);
  const f1 = v128.load(at), f2 = v128.load(at + bytes), a = v128.load(at + 2 * bytes), s = v128.load(at + 3 * bytes);
  let df1 = f32x4.mul(dh, f32x4.sub(one, f32x4.mul(keep, s)));
  let df2 = f32x4.mul(dh, s);
  const ds = f32x4.mul(dh, f32x4.sub(f2, f32x4.mul(keep, f1)));
  const dz = f32x4.mul(ds, f32x4.mul(s, f32x4.sub(one, s)));
  if (!(flags & KERAS)) {
    df1 = f32x4.mul(df1, f32x4.sub(one, f32x4.mul(f1, f1)));
    df2 = f32x4.mul(df2, f32x4.sub(one, f32x4.mul(f2, f2)));
  }
  v128.store(at, df1);
  v128.store(at + bytes, df2);
  v128.store(at + 2 * bytes, f32x4.mul(dz, dt));
  v128.store(at + 3 * bytes, dz);
  return f32x4.mul(dz, a);
}

// @ts-ignore: decorator
@inline
export function addTime(dElapsed: usize, b: i32, dTime: v128, flags: i32): void {
  const at = dElapsed + ((<usize>b) << 2);
  const sum = sumLanes(dTime);
  store<f32>(at, load<f32>(at) + (flags & KERAS ? -sum : sum));
}

/** Pure mode: next = A (1 - e f), e = exp(-dt (|tau| + |f|)), f the pre-activation ff1 [B, Hp]; tau, A [Hp]. */
export function pureForward(f: usize, states: usize, elapsed: usize, tau: usize, A: usize, B: i32, Hp: i32): void {
  const bytes = <usize>Hp << 2;
  const one = f32x4.splat(1);
  for (let b = 0; b < B; b++) {
    const minusDt = f32x4.splat(-load<f32>(elapsed + (<usize>b << 2)));
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = v128.load(f + i);
      const e = exp4(f32x4.mul(minusDt, f32x4.add(f32x4.abs(v128.load(tau + i)), f32x4.abs(x))));
      v128.store(states + i, f32x4.mul(v128.load(A + i), f32x4.sub(one, f32x4.mul(e, x))));
    }
    f += bytes;
    states += bytes;
  }
}

// @ts-ignore: decorator
@inline
function sign4(x: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1);
  return f32x4.sub(v128.and(f32x4.gt(x, zero), one), v128.and(f32x4.lt(x, zero), one));
}

/** f becomes its gradient; dTau, dA [Hp] and dElapsed [B] are added to. */
export function pureBackward(
  f: usize, dNext: usize, dCarry: usize, elapsed: usize, dElapsed: usize, tau: usize, A: usize, dTau: usize, dA: usize, B: i32, Hp: i32,
): void {
  const bytes = <usize>Hp << 2;
  const one = f32x4.splat(1);
  for (let b = 0; b < B; b++) {
    const minusDt = f32x4.splat(-load<f32>(elapsed + (<usize>b << 2)));
    let dTime = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = v128.load(f + i), t = v128.load(tau + i), a = v128.load(A + i);
      const rate = f32x4.add(f32x4.abs(t), f32x4.abs(x));
      const e = exp4(f32x4.mul(minusDt, rate));
      const dh = f32x4.add(v128.load(dNext + i), v128.load(dCarry + i));
      const dProduct = f32x4.neg(f32x4.mul(dh, a)); // of e f
      const dExponent = f32x4.mul(f32x4.mul(dProduct, x), e); // of -dt rate
      const dRate = f32x4.mul(dExponent, minusDt);
      v128.store(f + i, f32x4.add(f32x4.mul(dProduct, e), f32x4.mul(dRate, sign4(x))));
      v128.store(dA + i, f32x4.add(v128.load(dA + i), f32x4.mul(dh, f32x4.sub(one, f32x4.mul(e, x)))));
      v128.store(dTau + i, f32x4.add(v128.load(dTau + i), f32x4.mul(dRate, sign4(t))));
      dTime = f32x4.sub(dTime, f32x4.mul(dExponent, rate));
    }
    const at = dElapsed + (<usize>b << 2);
    store<f32>(at, load<f32>(at) + sumLanes(dTime));
    f += bytes;
    dNext += bytes;
    dCarry += bytes;
  }
}
