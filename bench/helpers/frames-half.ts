import { Barrier, barrierLength } from "../../agents/workers/barrier.ts";
import { type FramesWorkload, makeUpdate } from "./frames-workload.ts";

const NUM_THREADS = 2;
/** Gradients of two updates in a row lie in different places: a slow thread may still read those of the one before. */
const NUM_TURNS = 2;

/** What two threads share. */
export interface SharedHalves {
  readonly workload: FramesWorkload;
  readonly cells: SharedArrayBuffer;
  readonly gradients: SharedArrayBuffer;
}

/** Memory for the halves of a workload with so many weights. */
export const shareHalves = (workload: FramesWorkload, numWeights: number): SharedHalves => ({
  workload,
  cells: new SharedArrayBuffer(4 * barrierLength),
  gradients: new SharedArrayBuffer(4 * NUM_TURNS * NUM_THREADS * numWeights),
});

/** Half the batch of every update. Both threads sum the gradients in the same order and take the same step, as in training. */
export class FramesHalf {
  readonly #update: ReturnType<typeof makeUpdate>;
  readonly #barrier: Barrier;
  readonly #slots: readonly Float32Array[];
  readonly #thread: number;
  #turn = 0;

  constructor({ workload, cells, gradients }: SharedHalves, thread: number) {
    this.#update = makeUpdate({ ...workload, B: workload.B / NUM_THREADS }, undefined, 1 + thread);
    this.#barrier = new Barrier(new Int32Array(cells), NUM_THREADS);
    const { length } = this.#update.block.values;
    this.#slots = Array.from(
      { length: NUM_TURNS * NUM_THREADS },
      (_, i) => new Float32Array(gradients, 4 * i * length, length),
    );
    this.#thread = thread;
  }

  update(): void {
    const { block, gradient, step } = this.#update;
    const first = (this.#turn++ % NUM_TURNS) * NUM_THREADS;
    gradient();
    this.#slots[first + this.#thread]!.set(block.gradients);
    this.#barrier.wait();
    const [a, b] = [this.#slots[first]!, this.#slots[first + 1]!];
    const sum = block.gradients;
    for (let i = 0; i < sum.length; i++) sum[i] = a[i]! + b[i]!;
    step();
  }

  /** Lets the other thread's wait fail: it would wait for ever. */
  abort(): void {
    this.#barrier.abort();
  }

  /** The weights as they are now. */
  weights(): Float32Array {
    return this.#update.block.values.slice();
  }
}
