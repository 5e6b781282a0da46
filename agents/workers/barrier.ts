/** Thrown at a barrier when another worker failed; that worker tells why. */
export class BarrierAborted extends Error {
  override readonly name = "BarrierAborted";
}

const ARRIVED = 0;
const GENERATION = 1;
const ABORTED = 2;

/** Number of int32 a barrier lives in. */
export const barrierLength = 3;

/** About 200 µs: nearly all waits are shorter, and sleeping and waking costs more. */
const SPINS = 20_000;
/** How often a sleeping worker looks whether training was aborted, ms. */
const PATIENCE_MS = 500;

/**
 * Where all of `numWorkers` threads meet: everything that one wrote into shared memory before `wait` is seen by all after it.
 *
 * Lives in `barrierLength` int32 of shared memory that start as zeros.
 */
export class Barrier {
  readonly #cells: Int32Array;
  readonly #numWorkers: number;
  /** milliseconds this thread has spent waiting */
  waitedMs = 0;

  constructor(cells: Int32Array, numWorkers: number) {
    this.#cells = cells;
    this.#numWorkers = numWorkers;
  }

  /** Returns once all workers have called it. Throws BarrierAborted after `abort`. */
  wait(): void {
    if (this.#numWorkers === 1) return;
    const startedAt = performance.now();
    this.#meet();
    this.waitedMs += performance.now() - startedAt;
  }

  /** Makes every present and later `wait` throw. May be called by any thread. */
  abort(): void {
    Atomics.store(this.#cells, ABORTED, 1);
    Atomics.notify(this.#cells, GENERATION);
  }

  #meet(): void {
    const cells = this.#cells;
    const generation = Atomics.load(cells, GENERATION);
    if (Atomics.add(cells, ARRIVED, 1) === this.#numWorkers - 1) {
      Atomics.store(cells, ARRIVED, 0);
      Atomics.add(cells, GENERATION, 1);
      Atomics.notify(cells, GENERATION);
    } else {
      for (let i = 0; i < SPINS && Atomics.load(cells, GENERATION) === generation; i++);
      while (Atomics.load(cells, GENERATION) === generation && Atomics.load(cells, ABORTED) === 0)
        Atomics.wait(cells, GENERATION, generation, PATIENCE_MS);
    }
    if (Atomics.load(cells, ABORTED) !== 0) throw new BarrierAborted("another worker stopped");
  }
}
