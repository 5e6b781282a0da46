import * as tf from "@tensorflow/tfjs";

interface BackpropFilterInputs {
  readonly x: tf.Tensor4D;
  readonly dy: tf.Tensor4D;
}
interface BackpropFilterAttrs {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly filterShape: [number, number, number, number];
  readonly dataFormat: "NHWC" | "NCHW";
}

const wasmName = "wasm";
const missing = "Conv2DBackpropFilter";

/**
 * Registers what TensorFlow.js' wasm backend (4.22) lacks for training convolutions: the weight gradient of conv2d. Call it once after
 * importing `@tensorflow/tfjs-backend-wasm`; a backend that has the kernel keeps its own. NHWC only, as conv2d layers are by default.
 */
export function registerWasmTrainingKernels(): void {
  if (tf.getKernel(missing, wasmName) !== undefined) return;
  tf.registerKernel({
    kernelName: missing,
    backendName: wasmName,
    kernelFunc: ({ inputs, attrs }) =>
      conv2dBackpropFilter(inputs as unknown as BackpropFilterInputs, attrs as unknown as BackpropFilterAttrs),
  });
}

/**
 * dW[kh, kw] = Σ over samples and output places of xᵀ·dy, one matrix product per place in the kernel.
 * x [N, H, W, C], dy [N, OH, OW, F]; gives [KH, KW, C, F].
 */
function conv2dBackpropFilter({ x, dy }: BackpropFilterInputs, attrs: BackpropFilterAttrs): tf.Tensor {
  if (attrs.dataFormat !== "NHWC")
    throw new Error(`${missing} on the wasm backend takes NHWC data, got ${attrs.dataFormat}`);
  return tf.tidy(() => {
    const [rows, columns, C, F] = attrs.filterShape;
    const [strideY, strideX] = typeof attrs.strides === "number" ? [attrs.strides, attrs.strides] : attrs.strides;
    const [N, OH, OW] = dy.shape;
    const { top, left } = padding(x.shape, [OH, OW], [rows, columns], [strideY, strideX], attrs.pad);
    const needed = [(OH - 1) * strideY + rows, (OW - 1) * strideX + columns] as const;
    const below = Math.max(0, needed[0] - top - x.shape[1]);
    const right = Math.max(0, needed[1] - left - x.shape[2]);
    const padded = tf.pad(x, [
      [0, 0],
      [top, below],
      [left, right],
      [0, 0],
    ]);
    const dyRows = tf.reshape(dy, [N * OH * OW, F]) as tf.Tensor2D;
    const places: tf.Tensor[] = [];
    for (let kh = 0; kh < rows; kh++)
      for (let kw = 0; kw < columns; kw++) {
        const end = [N, kh + (OH - 1) * strideY + 1, kw + (OW - 1) * strideX + 1, C];
        const seen = tf.stridedSlice(padded, [0, kh, kw, 0], end, [1, strideY, strideX, 1]);
        // Transposing first is an order of magnitude faster here than a transposed product.
        const columnsOfX = tf.transpose(tf.reshape(seen, [N * OH * OW, C]) as tf.Tensor2D);
        places.push(tf.matMul(columnsOfX as tf.Tensor2D, dyRows));
      }
    return tf.reshape(tf.stack(places), [rows, columns, C, F]);
  });
}

/** Rows above and columns left of the image that the forward pass padded with zeros. */
function padding(
  [, H, W]: readonly number[],
  [OH, OW]: readonly [number, number],
  [rows, columns]: readonly [number, number],
  [strideY, strideX]: readonly [number, number],
  pad: BackpropFilterAttrs["pad"],
): { top: number; left: number } {
  if (pad === "valid") return { top: 0, left: 0 };
  if (typeof pad === "number") return { top: pad, left: pad };
  const before = (size: number, out: number, kernel: number, stride: number): number =>
    Math.max(0, Math.floor(((out - 1) * stride + kernel - size) / 2));
  return { top: before(H!, OH, rows, strideY), left: before(W!, OW, columns, strideX) };
}
