import * as tf from "@tensorflow/tfjs";
import { ConfigError } from "../errors.ts";
import type { CircuitCell } from "./circuit-cell.ts";

type Shape = (number | null)[];
type Tensors = tf.Tensor | tf.Tensor[];
type Symbolic = tf.SymbolicTensor | tf.SymbolicTensor[];

/** What `call` may be told. */
interface CallOptions {
  readonly mask?: Tensors | null;
  readonly training?: boolean;
  readonly initialState?: tf.Tensor[] | null;
}

const rankOf = (value: tf.Tensor | tf.SymbolicTensor): number => value.shape.length;

/**
 * Runs a circuit cell over [B, T, D], like tf.layers.RNN, for cells whose output is narrower than their state.
 *
 * `apply([x, t])` with t [B, T, 1] gives every step its elapsed time [control periods, > 0 for LTC]. On a masked step state and output stay
 * as they were (zeros before the first unmasked one), as in Keras.
 */
export abstract class CircuitRnn extends tf.layers.RNN {
  /** The layer's cell, with its own type. */
  get circuitCell(): CircuitCell {
    return this.cell as CircuitCell;
  }

  override apply(inputs: Tensors | Symbolic, kwargs?: Record<string, unknown>): Tensors | Symbolic {
    if (!Array.isArray(inputs) || inputs.length < 2 || !this.#isTime(inputs[1]!)) return super.apply(inputs, kwargs);
    this.#takeTime();
    const [x, t, ...states] = inputs;
    this.#checkTimeShape(x!.shape, t!.shape);
    const joined = isSymbolic(x!)
      ? (tf.layers.concatenate({ axis: -1 }).apply([x, t as tf.SymbolicTensor]) as tf.SymbolicTensor)
      : tf.concat([x as tf.Tensor, t as tf.Tensor], -1);
    return super.apply(states.length > 0 ? ([joined, ...states] as tf.Tensor[]) : (joined as tf.Tensor), kwargs);
  }

  /** States are [B, H]; what is not one of their widths was meant as elapsed time. */
  #isTime(second: tf.Tensor | tf.SymbolicTensor): boolean {
    return rankOf(second) !== 2 || !this.#stateSizes().includes(second.shape[1]!);
  }

  #checkTimeShape(x: Shape, t: Shape): void {
    const agrees = (axis: number): boolean => x[axis] === null || t[axis] === null || x[axis] === t[axis];
    if (t.length !== 3 || t[2] !== 1 || !agrees(0) || !agrees(1))
      throw new ConfigError(
        "time-shape",
        `layer ${this.name} got elapsed time [${t.join(", ")}] beside an input [${x.join(", ")}]; expected [${x[0]}, ${x[1]}, 1]`,
      );
  }

  #takeTime(): void {
    const cell = this.circuitCell;
    if (this.built && !cell.timeInput)
      throw new ConfigError(
        "time-input",
        `layer ${this.name} was built without elapsed time; make a new one for [x, t] inputs`,
      );
    cell.timeInput = true;
  }

  override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
    const [batch, steps] = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
    const { outputSize } = this.circuitCell;
    const output: Shape = this.returnSequences ? [batch!, steps!, outputSize] : [batch!, outputSize];
    return this.returnState ? [output, ...this.#stateSizes().map((size): Shape => [batch!, size])] : output;
  }

  override call(inputs: Tensors, kwargs: CallOptions = {}): Tensors {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor3D;
      if (x.shape[1] === 0)
        throw new ConfigError("no-steps", `layer ${this.name} got [${x.shape.join(", ")}]: no steps`);
      const states = kwargs.initialState ?? (this.stateful ? this.getStates() : this.getInitialState(x));
      this.#checkStates(states, x.shape[0]);
      const { outputs, finalStates } = this.#unroll(x, states, oneMask(kwargs.mask), kwargs.training ?? false);
      if (this.stateful) this.resetStates(finalStates, kwargs.training);
      const output = this.returnSequences ? tf.stack(outputs, 1) : outputs.at(-1)!;
      return this.returnState ? [output, ...finalStates] : output;
    });
  }

  #unroll(x: tf.Tensor3D, initial: readonly tf.Tensor[], mask: tf.Tensor | null, training: boolean) {
    const steps = unstackTime(x);
    const keeps = mask === null ? null : unstackTime(tf.expandDims(tf.cast(mask, "float32"), -1));
    if (this.goBackwards) {
      steps.reverse();
      keeps?.reverse();
    }
    this.#checkTimes(x, mask);
    const outputs: tf.Tensor[] = [];
    let states = initial;
    let last: tf.Tensor = tf.zeros([x.shape[0], this.circuitCell.outputSize]);
    steps.forEach((step, t) => {
      const keep = keeps?.[t];
      // padding may hold anything, a time of zero or a NaN too: the cell sees ones instead
      const input = keep === undefined ? step : tf.where(tf.cast(keep, "bool"), step, tf.onesLike(step));
      const [output, ...next] = this.circuitCell.call([input, ...states], { training, isTimeChecked: true });
      last = keep === undefined ? output! : blend(keep, output!, last);
      states = keep === undefined ? next : next.map((state, i) => blend(keep, state, states[i]!));
      outputs.push(last);
    });
    return { outputs, finalStates: [...states] };
  }

  /** Times of padded steps do not count. */
  #checkTimes(x: tf.Tensor3D, mask: tf.Tensor | null): void {
    if (!this.circuitCell.timeInput || !this.circuitCell.needsPositiveTime) return;
    const times = tf.slice(x, [0, 0, x.shape[2] - 1], [-1, -1, 1]);
    const counted =
      mask === null ? times : tf.where(tf.cast(tf.expandDims(mask, -1), "bool"), times, tf.onesLike(times));
    this.circuitCell.checkTime(counted);
  }

  #stateSizes(): number[] {
    const size = this.circuitCell.stateSize;
    return Array.isArray(size) ? size : [size];
  }

  #checkStates(states: readonly tf.Tensor[], B: number): void {
    const sizes = this.#stateSizes();
    const came = states.map((state) => `[${state.shape.join(", ")}]`).join(", ");
    if (states.length !== sizes.length || states.some((state, i) => state.shape.join() !== `${B},${sizes[i]}`))
      throw new ConfigError(
        "initial-state",
        `layer ${this.name} got initial state ${came}; expected ${sizes.map((size) => `[${B}, ${size}]`).join(", ")}`,
      );
  }
}

/** The T slices [B, ·]. The gradient of an unstack into one piece throws in TensorFlow.js 4.22. */
const unstackTime = (x: tf.Tensor): tf.Tensor[] => (x.shape[1] === 1 ? [tf.squeeze(x, [1])] : tf.unstack(x, 1));

const isSymbolic = (value: tf.Tensor | tf.SymbolicTensor): value is tf.SymbolicTensor =>
  value instanceof tf.SymbolicTensor;

const oneMask = (mask: Tensors | null | undefined): tf.Tensor | null => (Array.isArray(mask) ? mask[0] : mask) ?? null;

/** next where keep is 1, before where it is 0. */
const blend = (keep: tf.Tensor, next: tf.Tensor, before: tf.Tensor): tf.Tensor =>
  tf.add(tf.mul(keep, next), tf.mul(tf.sub(1, keep), before));
