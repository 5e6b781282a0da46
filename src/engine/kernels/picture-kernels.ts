/** Arguments of a transform between an image's blocks and the products of its tiles. */
export type TileTransform = (
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
) => void;

/** The part of `Kernels` that encodes images. */
export interface PictureKernels {
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

  // --- winograd-input.ts, winograd-output.ts: tiles of blocks of an image to factors of products and back; kinds and layout: winograd-lines.ts
  /** n * n matrices [images * tiles, numSeg * segLen], `pitch` numbers apart, <- tiles; blocks beyond blocksY x blocksX are zero. */
  readonly winogradInput: TileTransform;
  /** dx += the transpose of it; dx in the place of x. */
  readonly winogradInputGradient: TileTransform;
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
}
