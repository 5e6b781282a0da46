/** The part of `Kernels` that steps circuits. */
export interface CellKernels {
  // --- cfc.ts: one gated CfC layer over a sequence. Hp is the padded width, gates [T*B, 4 Hp] are ff1 | ff2 | time_a | time_b.
  /**
   * gates hold bias + input part at the start, tanh(ff1) | tanh(ff2) | time_a | gate at the end. states [T*B, Hp] are written; previous
   * [T*B, Hp] receives the state each step started from (zero where episodeStart). `recurrent` is the packed [H, 4 Hp] matrix.
   * flags: 1 = no_gate instead of default, 2 = keras flavour (linear heads, minus time_a).
   */
  cfcForward(
    gates: number,
    states: number,
    previous: number,
    initial: number,
    recurrent: number,
    elapsed: number,
    episodeStart: number,
    T: number,
    B: number,
    H: number,
    flags: number,
  ): void;
  /**
   * gates become their gradients; dStates [T*B, Hp] is d loss / d state of each step (overwritten); dState [B, Hp] enters as the gradient of
   * the final state and leaves as that of the initial one; dElapsed [T*B] is added to. `recurrentT` is the packed transpose [4 Hp, Hp].
   */
  cfcBackward(
    gates: number,
    dStates: number,
    dState: number,
    recurrentT: number,
    elapsed: number,
    dElapsed: number,
    episodeStart: number,
    T: number,
    B: number,
    H: number,
    flags: number,
  ): void;

  // --- cfc-diagonal.ts: the same layer where its recurrent matrix is a diagonal in each of the four blocks, [4 Hp]
  cfcDiagonalForward(
    gates: number,
    states: number,
    previous: number,
    initial: number,
    diagonal: number,
    elapsed: number,
    episodeStart: number,
    T: number,
    B: number,
    H: number,
    flags: number,
  ): void;
  cfcDiagonalBackward(
    gates: number,
    dStates: number,
    dState: number,
    diagonal: number,
    elapsed: number,
    dElapsed: number,
    episodeStart: number,
    T: number,
    B: number,
    H: number,
    flags: number,
  ): void;
  /** dDiagonal[4 Hp] += sum over rows of h[row, Hp], in each of four blocks, times dz[row, 4 Hp]. */
  addDiagonalGradient(h: number, dz: number, dDiagonal: number, rows: number, Hp: number): void;

  /** One step of cfcForward for B samples, gates complete: heads, gate, next states. */
  gateForward(gates: number, states: number, elapsed: number, B: number, Hp: number, flags: number): void;
  /** d states = dNext + dCarry. */
  gateBackward(
    gates: number,
    dNext: number,
    dCarry: number,
    elapsed: number,
    dElapsed: number,
    B: number,
    Hp: number,
    flags: number,
  ): void;
  /** Pure mode, one step: states = A (1 - exp(-dt (|tau| + |f|)) f); f [B, Hp], tau and A [Hp]. */
  pureForward(f: number, states: number, elapsed: number, tau: number, A: number, B: number, Hp: number): void;
  /** f becomes its gradient; dTau, dA and dElapsed are added to. */
  pureBackward(
    f: number,
    dNext: number,
    dCarry: number,
    elapsed: number,
    dElapsed: number,
    tau: number,
    A: number,
    dTau: number,
    dA: number,
    B: number,
    Hp: number,
  ): void;

  // --- state.ts: rows of Hp numbers
  /** to[b] <- from[b], or zero where flag[b] is set. */
  copyUnlessStart(to: number, from: number, flag: number, B: number, Hp: number): void;
  /** x[b] <- 0 where flag[b] is set. */
  zeroWhereStart(x: number, flag: number, B: number, Hp: number): void;

  // --- lstm.ts
  /** gates [B, 4 Hp]: g | i | f | o (order 0) or i | f | g | o (order 1); c = previousC sigmoid(f + forgetBias) + tanh(g) sigmoid(i); h = tanh(c) sigmoid(o). */
  lstmForward(
    gates: number,
    previousC: number,
    c: number,
    h: number,
    B: number,
    Hp: number,
    forgetBias: number,
    order: number,
  ): void;
  /** gates become their gradients; dC: of c in, of previousC out. */
  lstmBackward(
    gates: number,
    previousC: number,
    c: number,
    dH: number,
    dC: number,
    B: number,
    Hp: number,
    order: number,
  ): void;
  /** x, h [B, 3 Hp]: r | z | n, input and recurrent part; next = n + z (previous - n), n = tanh(x + r h). */
  gruForward(x: number, h: number, previous: number, next: number, B: number, Hp: number): void;
  gruBackward(x: number, h: number, previous: number, dNext: number, dCarry: number, B: number, Hp: number): void;

  // --- ltc.ts: vectors over the batch lie in lanes, [n, Bp]; tables are described in assembly/ltc.ts
  /** numerator += sum of a reversal, denominator += sum of a, a = weight sigmoid(sigma (v[source] - mu)), per target neuron. */
  ltcCurrents(
    v: number,
    starts: number,
    sources: number,
    synapses: number,
    numSynapses: number,
    n: number,
    Bp: number,
    numerator: number,
    denominator: number,
  ): void;
  ltcCurrentsBackward(
    v: number,
    starts: number,
    sources: number,
    synapses: number,
    numSynapses: number,
    n: number,
    Bp: number,
    dTop: number,
    dBottom: number,
    dv: number,
    dSynapses: number,
  ): void;
  /** next = (c v + leak vleak + top) / (c + leak + bottom + epsilon), c = capacity * rate; bottom becomes the whole denominator. */
  ltcAdvance(
    v: number,
    next: number,
    top: number,
    bottom: number,
    rate: number,
    neurons: number,
    N: number,
    Bp: number,
    epsilon: number,
  ): void;
  ltcAdvanceBackward(
    v: number,
    next: number,
    whole: number,
    rate: number,
    neurons: number,
    N: number,
    Bp: number,
    dNext: number,
    dTop: number,
    dBottom: number,
    dv: number,
    dNeurons: number,
    dRate: number,
  ): void;
  /** to[c, b] <- from[b, c] * scale[c] + shift[c]; lanes from B on: repeat 1 the last sample, 0 zero. */
  toLanes(
    from: number,
    ld: number,
    to: number,
    B: number,
    Bp: number,
    C: number,
    scale: number,
    shift: number,
    repeat: number,
  ): void;
  /** to[b, c] <- (add: +=) from[c, b]. */
  fromLanes(from: number, to: number, ld: number, B: number, Bp: number, C: number, add: number): void;
}
