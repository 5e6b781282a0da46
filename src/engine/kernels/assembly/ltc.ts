// Liquid time-constant neurons: the fused (semi-implicit Euler) solver over the drawn synapses only, forward and backward.
// Definition in ../ltc.reference.ts. Samples lie in lanes: vectors over the batch are Bp = B padded to 4 long.
//
// Synapses are sorted by target: those of target j are starts[j] .. starts[j + 1] - 1. Per synapse: source (int32), and weight, sigma, mu,
// reversal in rows of one table [4][numSynapses]; its gradients the same way, four lanes each: [4][numSynapses][4].
// Per neuron: table [3][N] of leak, leak * vleak, capacity.
import { sigmoid4 } from "./math";

// @ts-ignore: decorator
@inline
function splatAt(table: usize, i: i32): v128 {
  return v128.load32_splat(table + (<usize>i << 2));
}

/** For each target j < n: numerator[j, :] += sum of a reversal, denominator[j, :] += sum of a, with a = weight sigmoid(sigma (v[source] - mu)). */
export function ltcCurrents(
  v: usize, starts: usize, sources: usize, synapses: usize, numSynapses: i32, n: i32, Bp: i32, numerator: usize, denominator: usize,
): void {
  const rowBytes = <usize>Bp << 2;
  const pitch = <usize>numSynapses << 2;
  for (let j = 0; j < n; j++) {
    const first = load<i32>(starts + (<usize>j << 2)), end = load<i32>(starts + (<usize>(j + 1) << 2));
    for (let b: usize = 0; b < rowBytes; b += 16) {
      const at = <usize>j * rowBytes + b;
      let top = v128.load(numerator + at), bottom = v128.load(denominator + at);
      for (let s = first; s < end; s++) {
        const from = v + <usize>load<i32>(sources + (<usize>s << 2)) * rowBytes + b;
        const z = f32x4.mul(splatAt(synapses + pitch, s), f32x4.sub(v128.load(from), splatAt(synapses + 2 * pitch, s)));
        const a = f32x4.mul(splatAt(synapses, s), sigmoid4(z));
        top = f32x4.add(top, f32x4.mul(a, splatAt(synapses + 3 * pitch, s)));
        bottom = f32x4.add(bottom, a);
      }
      v128.store(numerator + at, top);
      v128.store(denominator + at, bottom);
    }
  }
}

/** Gradients of ltcCurrents: dTop, dBottom [n, Bp] in; dv and the synapse gradients are added to. */
export function ltcCurrentsBackward(
  v: usize, starts: usize, sources: usize, synapses: usize, numSynapses: i32, n: i32, Bp: i32, dTop: usize, dBottom: usize, dv: usize,
  dSynapses: usize,
): void {
  const rowBytes = <usize>Bp << 2;
  const pitch = <usize>numSynapses << 2;
  const dPitch = <usize>numSynapses << 4;
  const one = f32x4.splat(1);
  for (let j = 0; j < n; j++) {
    const first = load<i32>(starts + (<usize>j << 2)), end = load<i32>(starts + (<usize>(j + 1) << 2));
    const top = dTop + <usize>j * rowBytes, bottom = dBottom + <usize>j * rowBytes;
    for (let s = first; s < end; s++) {
      const w = splatAt(synapses, s), sigma = splatAt(synapses + pitch, s);
      const mu = splatAt(synapses + 2 * pitch, s), reversal = splatAt(synapses + 3 * pitch, s);
      const source = <usize>load<i32>(sources + (<usize>s << 2)) * rowBytes;
      const out = dSynapses + (<usize>s << 4);
      let dW = v128.load(out), dSigma = v128.load(out + dPitch);
      let dMu = v128.load(out + 2 * dPitch), dReversal = v128.load(out + 3 * dPitch);
      for (let b: usize = 0; b < rowBytes; b += 16) {
        const offset = f32x4.sub(v128.load(v + source + b), mu);
        const p = sigmoid4(f32x4.mul(sigma, offset));
        const dT = v128.load(top + b);
        const dA = f32x4.add(f32x4.mul(dT, reversal), v128.load(bottom + b));
        dW = f32x4.add(dW, f32x4.mul(dA, p));
        dReversal = f32x4.add(dReversal, f32x4.mul(dT, f32x4.mul(w, p)));
        const dZ = f32x4.mul(f32x4.mul(dA, w), f32x4.mul(p, f32x4.sub(one, p)));
        dSigma = f32x4.add(dSigma, f32x4.mul(dZ, offset));
        const dOffset = f32x4.mul(dZ, sigma);
        dMu = f32x4.sub(dMu, dOffset);
        v128.store(dv + source + b, f32x4.add(v128.load(dv + source + b), dOffset));
      }
      v128.store(out, dW);
      v128.store(out + dPitch, dSigma);
      v128.store(out + 2 * dPitch, dMu);
      v128.store(out + 3 * dPitch, dReversal);
    }
  }
}

/**
 * One unfold for all neurons: next = (c v + leak vleak + top) / (c + leak + bottom + epsilon), c = capacity * rate (rate [Bp] = unfolds / elapsed).
 * top, bottom [N, Bp] hold the currents; bottom is left as the whole denominator.
 */
export function ltcAdvance(
  v: usize, next: usize, top: usize, bottom: usize, rate: usize, neurons: usize, N: i32, Bp: i32, epsilon: f32,
): void {
  const rowBytes = <usize>Bp << 2;
  const pitch = <usize>N << 2;
  for (let j = 0; j < N; j++) {
    const leak = splatAt(neurons, j), leakCurrent = splatAt(neurons + pitch, j), capacity = splatAt(neurons + 2 * pitch, j);
    const still = f32x4.add(leak, f32x4.splat(epsilon));
    for (let b: usize = 0; b < rowBytes; b += 16) {
      const at = <usize>j * rowBytes + b;
      const c = f32x4.mul(capacity, v128.load(rate + b));
      const whole = f32x4.add(f32x4.add(c, still), v128.load(bottom + at));
      const numerator = f32x4.add(f32x4.add(f32x4.mul(c, v128.load(v + at)), leakCurrent), v128.load(top + at));
      v128.store(bottom + at, whole);
      v128.store(next + at, f32x4.div(numerator, whole));
    }
  }
}

/**
 * dNext [N, Bp] in; dTop, dBottom [N, Bp] are written, dv [N, Bp] is written with its direct part; dNeurons [3][N][4 lanes] and dRate [Bp] are
 * added to. `whole` is the denominator that ltcAdvance left.
 */
export function ltcAdvanceBackward(
  v: usize, next: usize, whole: usize, rate: usize, neurons: usize, N: i32, Bp: i32, dNext: usize, dTop: usize, dBottom: usize, dv: usize,
  dNeurons: usize, dRate: usize,
): void {
  const rowBytes = <usize>Bp << 2;
  const pitch = <usize>N << 2;
  const dPitch = <usize>N << 4;
  for (let j = 0; j < N; j++) {
    const capacity = splatAt(neurons + 2 * pitch, j);
    const out = dNeurons + (<usize>j << 4);
    let dLeak = v128.load(out), dLeakCurrent = v128.load(out + dPitch), dCapacity = v128.load(out + 2 * dPitch);
    for (let b: usize = 0; b < rowBytes; b += 16) {
      const at = <usize>j * rowBytes + b;
      const r = v128.load(rate + b);
      const dT = f32x4.div(v128.load(dNext + at), v128.load(whole + at));
      const dB = f32x4.neg(f32x4.mul(dT, v128.load(next + at)));
      const dC = f32x4.add(f32x4.mul(dT, v128.load(v + at)), dB);
      v128.store(dTop + at, dT);
      v128.store(dBottom + at, dB);
      v128.store(dv + at, f32x4.mul(dT, f32x4.mul(capacity, r)));
      dLeak = f32x4.add(dLeak, dB);
      dLeakCurrent = f32x4.add(dLeakCurrent, dT);
      dCapacity = f32x4.add(dCapacity, f32x4.mul(dC, r));
      v128.store(dRate + b, f32x4.add(v128.load(dRate + b), f32x4.mul(dC, capacity)));
    }
    v128.store(out, dLeak);
    v128.store(out + dPitch, dLeakCurrent);
    v128.store(out + 2 * dPitch, dCapacity);
  }
}

/** to[c, b] <- from[b, c] * scale[c] + shift[c] for b < B, c < C; lanes from B to Bp: `repeat` 1 the last sample (usable numbers), 0 zero (gradients). */
export function toLanes(
  from: usize, ld: i32, to: usize, B: i32, Bp: i32, C: i32, scale: usize, shift: usize, repeat: i32,
): void {
  for (let c = 0; c < C; c++) {
    const factor = load<f32>(scale + (<usize>c << 2)), add = load<f32>(shift + (<usize>c << 2));
    for (let b = 0; b < Bp; b++) {
      const row = <usize>min(b, B - 1);
      const value = load<f32>(from + ((row * <usize>ld + c) << 2)) * factor + add;
      store<f32>(to + (<usize>(c * Bp + b) << 2), b < B || repeat ? value : 0);
    }
  }
}

/** to[b, c] <- (add: +=) from[c, b] for b < B, c < C. */
export function fromLanes(from: usize, to: usize, ld: i32, B: i32, Bp: i32, C: i32, add: i32): void {
  for (let b = 0; b < B; b++)
    for (let c = 0; c < C; c++) {
      const at = to + ((<usize>b * ld + c) << 2);
      const value = load<f32>(from + (<usize>(c * Bp + b) << 2));
      store<f32>(at, add ? load<f32>(at) + value : value);
    }
}
