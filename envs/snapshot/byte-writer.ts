import type { ObsArray } from "../batch-env.ts";
import type { RandomStream } from "../world/random-stream.ts";

/** Writes numbers as little-endian bytes. */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  /** `size`: bytes expected, so that nothing is copied where they are known. */
  constructor(size = 256) {
    this.#bytes = new Uint8Array(size);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** What was written so far: a view that the next write may leave behind. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  uint8(value: number): void {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
  }

  int32(value: number): void {
    const at = this.#grow(4);
    this.#view.setInt32(at, value, true);
  }

  uint32(value: number): void {
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
  }

  float32(value: number): void {
    const at = this.#grow(4);
    this.#view.setFloat32(at, value, true);
  }

  float64(value: number): void {
    const at = this.#grow(8);
    this.#view.setFloat64(at, value, true);
  }

  /** All elements of an array, without its length. */
  float64s(values: ArrayLike<number>): void {
    for (let i = 0; i < values.length; i++) this.float64(values[i]!);
  }

  /** An observation: bytes, or float32 numbers. */
  obs(values: ObsArray): void {
    if (values instanceof Uint8Array) this.bytes(values);
    else for (const value of values) this.float32(value);
  }

  /** Bytes, without their length. */
  bytes(values: Uint8Array): void {
    const at = this.#grow(values.length);
    this.#bytes.set(values, at);
  }

  /** The state of a random stream. */
  random(stream: RandomStream): void {
    const words = new Uint32Array(stream.numStateWords);
    stream.saveState(words);
    for (const word of words) this.uint32(word);
  }

  /** What was written, in an array of just that size. The writer is not to be used any more. */
  finish(): Uint8Array {
    return this.#length === this.#bytes.length ? this.#bytes : this.#bytes.slice(0, this.#length);
  }

  /** Makes room and returns where. Call it before reading `#view`, which growing replaces. */
  #grow(size: number): number {
    const at = this.#length;
    this.#length += size;
    if (this.#length > this.#bytes.length) {
      const bytes = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer);
    }
    return at;
  }
}
