import { barrierLength } from "./barrier.ts";

/** What fixes the size of the memory that workers share. */
export interface SharedSizes {
  readonly numShards: number;
  /** numbers of the flat parameter vector */
  readonly vectorLength: number;
  /** float64 numbers that each shard reports about its rollout */
  readonly rolloutSums: number;
  /** float64 numbers that each shard reports about each minibatch */
  readonly minibatchSums: number;
}

/**
 * Where workers meet: one slot per shard, written by whoever computes the shard, read by all after the barrier.
 *
 * Minibatch slots exist twice and are used in turn: a fast worker may write the next minibatch while a slow one still reads this one, and
 * one barrier per minibatch is enough. Memory: [barrier, command | rollout sums | minibatch sums × 2 | gradients × 2].
 */
export class SharedMemory {
  readonly barrier: Int32Array;
  /** [1] counts commands; workers sleep on it */
  readonly command: Int32Array;
  readonly #rollout: readonly Float64Array[];
  readonly #minibatch: readonly (readonly Float64Array[])[];
  readonly #gradients: readonly (readonly Float32Array[])[];

  constructor(buffer: ArrayBufferLike, sizes: SharedSizes) {
    const { numShards, rolloutSums, minibatchSums, vectorLength } = sizes;
    this.barrier = new Int32Array(buffer, 0, barrierLength);
    this.command = new Int32Array(buffer, 4 * barrierLength, 1);
    let at = HEADER_BYTES;
    const slots = <V>(bytes: number, view: (at: number) => V): V[] =>
      Array.from({ length: numShards }, () => {
        const slot = view(at);
        at += align(bytes);
        return slot;
      });
    const doubles = (n: number): Float64Array[] => slots(8 * n, (o) => new Float64Array(buffer, o, n));
    const floats = (n: number): Float32Array[] => slots(4 * n, (o) => new Float32Array(buffer, o, n));
    this.#rollout = doubles(rolloutSums);
    this.#minibatch = [doubles(minibatchSums), doubles(minibatchSums)];
    this.#gradients = [floats(vectorLength), floats(vectorLength)];
  }

  /** Bytes a buffer for these sizes needs. */
  static byteLength({ numShards, rolloutSums, minibatchSums, vectorLength }: SharedSizes): number {
    return (
      HEADER_BYTES + numShards * (align(8 * rolloutSums) + 2 * align(8 * minibatchSums) + 2 * align(4 * vectorLength))
    );
  }

  /** What a shard says about its rollout. */
  rollout(shard: number): Float64Array {
    return this.#rollout[shard]!;
  }

  /** What a shard says about a minibatch; `turn` counts minibatches. */
  minibatch(turn: number, shard: number): Float64Array {
    return this.#minibatch[turn & 1]![shard]!;
  }

  /** A shard's gradient of a minibatch. */
  gradients(turn: number, shard: number): Float32Array {
    return this.#gradients[turn & 1]![shard]!;
  }
}

const HEADER_BYTES = 64;
const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;
