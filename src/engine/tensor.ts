import { KernelError } from "../errors.ts";

/** Rows of a matrix start at multiples of this many numbers, so that every row is whole SIMD vectors. */
export const LANES = 4;

/** `n` rounded up to whole SIMD vectors. */
export const padded = (n: number): number => Math.ceil(n / LANES) * LANES;

/** A piece of engine memory: where it starts (bytes) once the engine exists, and the typed view of it. */
export abstract class Region<A extends ArrayBufferView> {
  readonly name: string;
  /** elements, padding included */
  readonly length: number;
  /** bytes from the start of memory; 0 until the engine exists */
  ptr = 0;
  #data: A | null = null;

  constructor(name: string, length: number) {
    this.name = name;
    this.length = length;
  }

  abstract readonly bytesPerElement: number;
  protected abstract view(buffer: ArrayBuffer, ptr: number): A;

  /** The numbers themselves: a view that stays valid as long as the engine. Throws KernelError before the engine exists. */
  get data(): A {
    if (this.#data === null)
      throw new KernelError("not-bound", `tensor ${this.name}: create the engine from its memory plan before using it`);
    return this.#data;
  }

  /** Called once by the memory plan. */
  bind(buffer: ArrayBuffer, ptr: number): void {
    this.ptr = ptr;
    this.#data = this.view(buffer, ptr);
  }
}

/**
 * A float32 matrix [rows, cols], row-major with row starts `stride` apart (cols padded to whole vectors).
 * Entry (r, c) is `data[r * stride + c]`. Padding entries are zero and must stay zero.
 */
export class Tensor extends Region<Float32Array> {
  readonly rows: number;
  readonly cols: number;
  readonly stride: number;
  readonly bytesPerElement = 4;

  constructor(name: string, rows: number, cols: number) {
    super(name, rows * padded(cols));
    this.rows = rows;
    this.cols = cols;
    this.stride = padded(cols);
  }

  protected view(buffer: ArrayBuffer, ptr: number): Float32Array {
    return new Float32Array(buffer, ptr, this.length);
  }
}

/** A vector of bytes: flags (0 or 1) and uint8 images. */
export class ByteTensor extends Region<Uint8Array> {
  readonly bytesPerElement = 1;
  protected view(buffer: ArrayBuffer, ptr: number): Uint8Array {
    return new Uint8Array(buffer, ptr, this.length);
  }
}

/** A vector of int32: action indices, neuron ids. */
export class IntTensor extends Region<Int32Array> {
  readonly bytesPerElement = 4;
  protected view(buffer: ArrayBuffer, ptr: number): Int32Array {
    return new Int32Array(buffer, ptr, this.length);
  }
}

/** A vector of float64: sums that need more digits than float32 has. */
export class DoubleTensor extends Region<Float64Array> {
  readonly bytesPerElement = 8;
  protected view(buffer: ArrayBuffer, ptr: number): Float64Array {
    return new Float64Array(buffer, ptr, this.length);
  }
}

/** A value and the place for its gradient; null where no gradient is wanted. Layers are chained by handing on signals. */
export interface Signal {
  readonly value: Tensor;
  readonly gradient: Tensor | null;
}

/** A signal whose gradient exists. */
export interface DifferentiableSignal extends Signal {
  readonly gradient: Tensor;
}
