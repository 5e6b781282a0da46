// LSTM and GRU steps for B samples. Hp = H padded to 4.
import { sigmoid4, tanh4 } from "./math";

/**
 * gates [B, 4 Hp] are g | i | f | o (order 0, the reference's memory) or i | f | g | o (order 1, PyTorch's LSTM) before their functions, and after
 * them when this returns.
 * c = previousC sigmoid(f + forgetBias) + tanh(g) sigmoid(i); h = tanh(c) sigmoid(o).
 */
export function lstmForward(gates: usize, previousC: usize, c: usize, h: usize, B: i32, Hp: i32, forgetBias: f32, order: i32): void {
  const bytes = <usize>Hp << 2;
  const toG = order ? 2 * bytes : 0, toI = order ? 0 : bytes, toF = order ? bytes : 2 * bytes;
  const extra = f32x4.splat(forgetBias);
  for (let b = 0; b < B; b++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const here = gates + at;
      const atG = here + toG, atI = here + toI, atF = here + toF, atO = here + 3 * bytes;
      const g = tanh4(v128.load(atG)), i = sigmoid4(v128.load(atI));
      const f = sigmoid4(f32x4.add(v128.load(atF), extra)), o = sigmoid4(v128.load(atO));
      const next = f32x4.add(f32x4.mul(v128.load(previousC + at), f), f32x4.mul(g, i));
      v128.store(atG, g);
      v128.store(atI, i);
      v128.store(atF, f);
      v128.store(atO, o);
      v128.store(c + at, next);
      v128.store(h + at, f32x4.mul(tanh4(next), o));
    }
    gates += bytes << 2;
    previousC += bytes;
    c += bytes;
    h += bytes;
  }
}

/** gates become their gradients; dC enters as the gradient of c from later steps and leaves as that of previousC. */
export function lstmBackward(gates: usize, previousC: usize, c: usize, dH: usize, dC: usize, B: i32, Hp: i32, order: i32): void {
  const bytes = <usize>Hp << 2;
  const toG = order ? 2 * bytes : 0, toI = order ? 0 : bytes, toF = order ? bytes : 2 * bytes;
  const one = f32x4.splat(1);
  for (let b = 0; b < B; b++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const here = gates + at;
      const atG = here + toG, atI = here + toI, atF = here + toF, atO = here + 3 * bytes;
      const g = v128.load(atG), i = v128.load(atI), f = v128.load(atF), o = v128.load(atO);
      const tc = tanh4(v128.load(c + at));
      const dh = v128.load(dH + at);
      const dc = f32x4.add(v128.load(dC + at), f32x4.mul(f32x4.mul(dh, o), f32x4.sub(one, f32x4.mul(tc, tc))));
      const dO = f32x4.mul(f32x4.mul(dh, tc), f32x4.mul(o, f32x4.sub(one, o)));
      const dF = f32x4.mul(f32x4.mul(dc, v128.load(previousC + at)), f32x4.mul(f, f32x4.sub(one, f)));
      const dI = f32x4.mul(f32x4.mul(dc, g), f32x4.mul(i, f32x4.sub(one, i)));
      const dG = f32x4.mul(f32x4.mul(dc, i), f32x4.sub(one, f32x4.mul(g, g)));
      v128.store(atG, dG);
      v128.store(atI, dI);
      v128.store(atF, dF);
      v128.store(atO, dO);
      v128.store(dC + at, f32x4.mul(dc, f));
    }
    gates += bytes << 2;
    previousC += bytes;
    c += bytes;
    dH += bytes;
    dC += bytes;
  }
}

/**
 * GRU as in PyTorch. x [B, 3 Hp] and h [B, 3 Hp] are the input and recurrent parts of r | z | n, biases included; x ends as r | z | n.
 * r = sigmoid(x + h), z likewise, n = tanh(x + r h); next = n + z (previous - n).
 */
export function gruForward(x: usize, h: usize, previous: usize, next: usize, B: i32, Hp: i32): void {
  const bytes = <usize>Hp << 2;
  for (let b = 0; b < B; b++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const atR = at, atZ = at + bytes, atN = atZ + bytes;
      const r = sigmoid4(f32x4.add(v128.load(x + atR), v128.load(h + atR)));
      const z = sigmoid4(f32x4.add(v128.load(x + atZ), v128.load(h + atZ)));
      const n = tanh4(f32x4.add(v128.load(x + atN), f32x4.mul(r, v128.load(h + atN))));
      v128.store(x + atR, r);
      v128.store(x + atZ, z);
      v128.store(x + atN, n);
      v128.store(next + at, f32x4.add(n, f32x4.mul(z, f32x4.sub(v128.load(previous + at), n))));
    }
    x += bytes * 3;
    h += bytes * 3;
    previous += bytes;
    next += bytes;
  }
}

/** x and h become their gradients; dNext + dCarry is the gradient of next; dCarry leaves as the direct part of d previous. */
export function gruBackward(x: usize, h: usize, previous: usize, dNext: usize, dCarry: usize, B: i32, Hp: i32): void {
  const bytes = <usize>Hp << 2;
  const one = f32x4.splat(1);
  for (let b = 0; b < B; b++) {
    for (let at: usize = 0; at < bytes; at += 16) {
      const atR = at, atZ = at + bytes, atN = atZ + bytes;
      const r = v128.load(x + atR), z = v128.load(x + atZ), n = v128.load(x + atN), hN = v128.load(h + atN);
      const d = f32x4.add(v128.load(dNext + at), v128.load(dCarry + at));
      const dN = f32x4.mul(f32x4.mul(d, f32x4.sub(one, z)), f32x4.sub(one, f32x4.mul(n, n)));
      const dZ = f32x4.mul(f32x4.mul(d, f32x4.sub(v128.load(previous + at), n)), f32x4.mul(z, f32x4.sub(one, z)));
      const dR = f32x4.mul(f32x4.mul(dN, hN), f32x4.mul(r, f32x4.sub(one, r)));
      v128.store(x + atR, dR);
      v128.store(x + atZ, dZ);
      v128.store(x + atN, dN);
      v128.store(h + atR, dR);
      v128.store(h + atZ, dZ);
      v128.store(h + atN, f32x4.mul(dN, r));
      v128.store(dCarry + at, f32x4.mul(d, z));
    }
    x += bytes * 3;
    h += bytes * 3;
    previous += bytes;
    dNext += bytes;
    dCarry += bytes;
  }
}
