import { KernelError } from "../../errors.ts";

/** Version of the kernel interface this file describes; the compiled module says its own. */
const KERNEL_VERSION = 9;

/**
 * The compiled kernels. Arguments ending in nothing particular that name data (`a`, `c`, `gates`) are addresses in bytes; `ld…` are row
 * strides in numbers; `M`, `N`, `K`, `rows`, `cols`, `n`, `T`, `B` are counts. Matrices are row-major. Unless said otherwise, column counts
 * are padded to 4 by the caller and padding is zero. Nothing allocates. Every kernel has a plain-TypeScript twin in `*.reference.ts`.
 */
export interface Kernels {
  version(): number;

  // --- gemm.ts: matrix products. Every sum runs in ascending order of K, so results do not depend on the batch a row is in.
  /** packed <- B[K, N] in panels of 8 columns; `packedLength(K, N)` numbers. */
  packColumns(b: number, ldb: number, K: number, N: number, packed: number): void;
  /** packed <- transpose of B[N, K]. */
  packRows(b: number, ldb: number, K: number, N: number, packed: number): void;
  /** C[M, N] <- start + A[M, K] · packed; start: 0 zero, 1 what C holds, 2 `bias`[N]. N is a multiple of 4. */
  gemm(
    a: number,
    lda: number,
    packed: number,
    c: number,
    ldc: number,
    M: number,
    N: number,
    K: number,
    start: number,
    bias: number,
  ): void;
  /** C[M, N] += transpose(A[K, M]) · B[K, N]; columns of A up to the next multiple of 4 must be readable. */
  gemmTransposed(
    a: number,
    lda: number,
    b: number,
    ldb: number,
    c: number,
    ldc: number,
    M: number,
    N: number,
    K: number,
  ): void;
  /** out[N] += sum over rows of X[rows, N]. */
  addColumnSums(x: number, ldx: number, rows: number, N: number, out: number): void;

  // --- activation.ts: elementwise; kinds are in `activation-kind.ts`
  /** y[n] <- f(x[n]), n a multiple of 4; x may be y. */
  activate(x: number, y: number, n: number, kind: number): void;
  /** dy[n] <- dy * f'(x), from `saved`: the output y for identity, tanh, relu, sigmoid, lecun tanh; the input x for silu, gelu. */
  activateBackward(dy: number, saved: number, n: number, kind: number): void;
  /** y <- exp(x), log(x): any n that is a multiple of 4. */
  exp(x: number, y: number, n: number): void;
  log(x: number, y: number, n: number): void;
  softplus(x: number, y: number, n: number): void;

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

  // --- vector.ts: flat vectors of n float32, any n
  /** x <- value */
  fill(x: number, n: number, value: number): void;
  /** y <- y + x * factor */
  addScaled(y: number, x: number, n: number, factor: number): void;
  /** y <- x * mask, elementwise */
  maskInto(y: number, x: number, mask: number, n: number): void;
  /** y <- y + x * factor, elementwise */
  addProduct(y: number, x: number, factor: number, n: number): void;
  /** factor <- mask where polarity is 0, else mask * polarity * sign(w), sign(0) = +; so w * factor = mask * |w| * polarity. */
  signFactors(factor: number, w: number, mask: number, polarity: number, n: number): void;
  /** float64 sum of (x - mean)² */
  sumSquares(x: number, n: number, mean: number): number;
  /** 1 if all numbers are finite, else 0 */
  allFinite(x: number, n: number): number;
  /** dst[r, j] <- src[r, ids[j]] for j < n; add: += instead */
  gatherColumns(
    src: number,
    ldSrc: number,
    dst: number,
    ldDst: number,
    ids: number,
    rows: number,
    n: number,
    add: number,
  ): void;
  /** dst[r, ids[j]] <- src[r, j] for j < n */
  scatterColumns(src: number, ldSrc: number, dst: number, ldDst: number, ids: number, rows: number, n: number): void;

  // --- affine.ts: y = x * scale + bias per column
  affineForward(x: number, y: number, ld: number, scale: number, bias: number, rows: number, N: number): void;
  /** dScale, dBias are added to; dX is overwritten (0: not wanted). */
  affineBackward(
    x: number,
    dy: number,
    dx: number,
    ld: number,
    scale: number,
    dScale: number,
    dBias: number,
    rows: number,
    N: number,
  ): void;

  // --- adam.ts
  /** One Adam step on n numbers; correction1 = 1 - beta1^t, correction2 = 1 - beta2^t; gradients are multiplied by gradientScale first. */
  adam(
    values: number,
    gradients: number,
    first: number,
    second: number,
    n: number,
    gradientScale: number,
    learningRate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    correction1: number,
    correction2: number,
    weightDecay: number,
  ): void;

  // --- categorical.ts: logits [rows, ld], A of them real
  /** Clipped PPO loss and its gradient; stats and formula in `loss/ppo-stats.ts`. dLogits is overwritten. */
  categoricalPpo(
    logits: number,
    dLogits: number,
    ld: number,
    A: number,
    rows: number,
    actions: number,
    oldLogProbs: number,
    advantages: number,
    advantageMean: number,
    advantageScale: number,
    clipRange: number,
    entropyCoef: number,
    weight: number,
    stats: number,
  ): void;

  // --- gaussian.ts: diagonal Gaussian, means [rows, ld], logStd [A], actions [rows, ld]
  /** As categoricalPpo; dMeans is overwritten, dLogStd [A] added to. */
  gaussianPpo(
    means: number,
    dMeans: number,
    ld: number,
    A: number,
    rows: number,
    logStd: number,
    dLogStd: number,
    actions: number,
    oldLogProbs: number,
    advantages: number,
    advantageMean: number,
    advantageScale: number,
    clipRange: number,
    entropyCoef: number,
    weight: number,
    stats: number,
  ): void;

  // --- conv.ts: images channels last, `imagePitch` numbers apart; rows = images * numPixels; offsets [numPixels] int32: bytes from the image to
  // the patch of each output pixel
  /** y[rows, N] <- (ReLU of) bias + patches · packed [numSeg * segLen, N]. */
  convForward(
    x: number,
    imagePitch: number,
    y: number,
    packed: number,
    bias: number,
    offsets: number,
    numPixels: number,
    rows: number,
    segLen: number,
    segPitch: number,
    numSeg: number,
    N: number,
    isRelu: number,
  ): void;
  /** dW[numSeg * segLen, N] += transpose(patches) · dz[rows, N]; a segment's columns up to the next multiple of 4 must be readable. */
  convWeightGradient(
    x: number,
    imagePitch: number,
    dz: number,
    dW: number,
    offsets: number,
    numPixels: number,
    rows: number,
    segLen: number,
    segPitch: number,
    numSeg: number,
    N: number,
  ): void;
  /** dx += dz · transpose(W), where the patches were read; packedT [numSeg] times packRows of [N, segLen]. */
  convInputGradient(
    dz: number,
    dx: number,
    imagePitch: number,
    packedT: number,
    offsets: number,
    numPixels: number,
    rows: number,
    segLen: number,
    segPitch: number,
    numSeg: number,
    N: number,
  ): void;

  // --- winograd.ts: tiles of blocks of an image to factors of products and back; kinds and layout are described there
  /** n * n matrices [images * tiles, numSeg * segLen], `pitch` numbers apart, <- tiles; blocks beyond blocksY x blocksX are zero. */
  winogradInput(
    kind: number,
    x: number,
    imagePitch: number,
    rowPitch: number,
    numSeg: number,
    segLen: number,
    blocksY: number,
    blocksX: number,
    tilesY: number,
    tilesX: number,
    images: number,
    products: number,
    pitch: number,
  ): void;
  /** dx += the transpose of it. */
  winogradInputGradient(
    kind: number,
    dx: number,
    imagePitch: number,
    rowPitch: number,
    numSeg: number,
    segLen: number,
    blocksY: number,
    blocksX: number,
    tilesY: number,
    tilesX: number,
    images: number,
    products: number,
    pitch: number,
  ): void;
  /** y <- (ReLU of) bias + outputs of n * n products [images * tiles, N]. */
  winogradOutput(
    kind: number,
    products: number,
    pitch: number,
    y: number,
    imagePitch: number,
    outY: number,
    outX: number,
    tilesY: number,
    tilesX: number,
    images: number,
    N: number,
    bias: number,
    isRelu: number,
  ): void;
  /** products <- the transpose of it, of dy. */
  winogradOutputGradient(
    kind: number,
    products: number,
    pitch: number,
    dy: number,
    imagePitch: number,
    outY: number,
    outX: number,
    tilesY: number,
    tilesX: number,
    images: number,
    N: number,
  ): void;

  // --- image.ts: pitches in elements
  /** dst[r, i] <- src[r, i] * factor + shift */
  placeFloats(
    src: number,
    srcPitch: number,
    dst: number,
    dstPitch: number,
    rows: number,
    cols: number,
    factor: number,
    shift: number,
  ): void;
  placeBytes(
    src: number,
    srcPitch: number,
    dst: number,
    dstPitch: number,
    rows: number,
    cols: number,
    factor: number,
    shift: number,
  ): void;
  sumBytes(src: number, n: number): number;
  sumByteSquares(src: number, n: number): number;

  // --- per-filter.ts: for every channel its own dense layer with ReLU, [P, C] pixels to [O, C]
  perFilterForward(x: number, weights: number, bias: number, y: number, P: number, O: number, C: number): void;
  perFilterBackward(
    x: number,
    weights: number,
    y: number,
    dy: number,
    dx: number,
    dWeights: number,
    dBias: number,
    P: number,
    O: number,
    C: number,
  ): void;

  // --- value-loss.ts
  /**
   * values [rows, ld], first column. Returns the float64 sum of 0.5 * error² (with clipRange > 0: the larger of the plain and the clipped
   * error, max form); dValues[r] <- weight * d / d value.
   */
  valueLoss(
    values: number,
    dValues: number,
    ld: number,
    rows: number,
    returns: number,
    oldValues: number,
    clipRange: number,
    weight: number,
  ): number;
}

/** Numbers `packColumns` and `packRows` write for a [K, N] matrix. */
export const packedLength = (K: number, N: number): number => Math.ceil(N / 8) * 8 * K;

/** Says that the exports are the kernels this program was written for. Throws KernelError otherwise: a stale build. */
export function checkKernels(exports: Readonly<Record<string, unknown>>): Kernels {
  const kernels = exports as unknown as Kernels; // checked just below
  const version = typeof kernels.version === "function" ? kernels.version() : "none";
  if (version !== KERNEL_VERSION)
    throw new KernelError(
      "stale-kernels",
      `kernels: version ${version} was built, ${KERNEL_VERSION} is expected; run npm run build:kernels`,
    );
  return kernels;
}
