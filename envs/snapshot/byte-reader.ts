import type { ObsArray } from "../batch-env.ts";
import { InvalidSnapshot } from "../errors.ts";
import type { RandomStream } from "../world/random-stream.ts";

/** Reads what a ByteWriter wrote. Every method throws InvalidSnapshot past the end or on a value that cannot be. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A byte of at most `max`. */
  uint8(max = 255): number {
    const value = this.#view.getUint8(this.#advance(1));
    if (value > max)
      throw new InvalidSnapshot(`snapshot: got ${value} at byte ${this.#at - 1}, expected at most ${max}`);
    return value;
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  /** A float32 that is neither NaN nor infinite. */
  float32(): number {
    const value = this.#view.getFloat32(this.#advance(4), true);
    if (!Number.isFinite(value))
      throw new InvalidSnapshot(`snapshot: got ${value} at byte ${this.#at - 4}, expected a finite number`);
    return value;
  }

  /** A double that is neither NaN nor infinite. */
  float64(): number {
    const value = this.#view.getFloat64(this.#advance(8), true);
    if (!Number.isFinite(value))
      throw new InvalidSnapshot(`snapshot: got ${value} at byte ${this.#at - 8}, expected a finite number`);
    return value;
  }

  /** Fills an array with finite doubles. */
  float64s(into: { readonly length: number; [index: number]: number }): void {
    for (let i = 0; i < into.length; i++) into[i] = this.float64();
  }

  /** Fills an observation: bytes, or finite float32 numbers. */
  obs(into: ObsArray): void {
    if (into instanceof Uint8Array) into.set(this.bytes(into.length));
    else for (let i = 0; i < into.length; i++) into[i] = this.float32();
  }

  /** A copy of the next `size` bytes. */
  bytes(size: number): Uint8Array {
    const at = this.#advance(size);
    return this.#bytes.slice(at, at + size);
  }

  /** Gives a random stream the state that was written. */
  random(stream: RandomStream): void {
    const words = Uint32Array.from({ length: stream.numStateWords }, () => this.uint32());
    try {
      stream.loadState(words);
    } catch (cause) {
      throw new InvalidSnapshot("snapshot: the random stream is damaged", { cause });
    }
  }

  /** Throws unless everything was read. */
  end(): void {
    const left = this.#bytes.length - this.#at;
    if (left > 0) throw new InvalidSnapshot(`snapshot: ${left} bytes left over`);
  }

  #advance(size: number): number {
    const at = this.#at;
    if (at + size > this.#bytes.length) {
      throw new InvalidSnapshot(`snapshot: ends at byte ${this.#bytes.length}, expected at least ${at + size} bytes`);
    }
    this.#at = at + size;
    return at;
  }
}
