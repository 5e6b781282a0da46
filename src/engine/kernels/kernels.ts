import { KernelError } from "../../errors.ts";
import type { CellKernels } from "./cell-kernels.ts";
import type { PictureKernels } from "./picture-kernels.ts";

/** Version of the kernel interface this file describes; the compiled module says its own. */
const KERNEL_VERSION = 9;

/**
 * The compiled kernels. Arguments ending in nothing particular that name data (`a`, `c`, `gates`) are addresses in bytes; `ld…` are row
 * strides in numbers; `M`, `N`, `K`, `rows`, `cols`, `n`, `T`, `B` are counts. Matrices are row-major. Unless said otherwise, column counts
 * are padded to 4 by the caller and padding is zero. Nothing allocates. Every kernel has a plain-TypeScript twin in `*.reference.ts`.
 */
export interface Kernels extends CellKernels, PictureKernels {
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
