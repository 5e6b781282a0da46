import type { ObsArray } from "../batch-env.ts";
import type { RandomStream } from "../world/random-stream.ts";

/** Writes numbers as little-endian bytes. */
export class ByteWriter {
  #bytes = new Uint8Array(128);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

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

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
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
