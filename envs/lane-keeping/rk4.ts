/** Writes the time derivative of `state` into `out`. */
export type Derivative = (out: Float64Array, state: Float64Array) => void;

/** The classical fourth-order Runge–Kutta method for states of one size. Allocates once. */
export class Rk4 {
  readonly #derivative: Derivative;
  readonly #k1: Float64Array;
  readonly #k2: Float64Array;
  readonly #k3: Float64Array;
  readonly #k4: Float64Array;
  readonly #probe: Float64Array;

  constructor(size: number, derivative: Derivative) {
    this.#derivative = derivative;
    this.#k1 = new Float64Array(size);
    this.#k2 = new Float64Array(size);
    this.#k3 = new Float64Array(size);
    this.#k4 = new Float64Array(size);
    this.#probe = new Float64Array(size);
  }

  /** Moves `state` on by one step of `seconds`. */
  step(state: Float64Array, seconds: number): void {
    const k1 = this.#k1;
    const k2 = this.#k2;
    const k3 = this.#k3;
    const k4 = this.#k4;
    this.#derivative(k1, state);
    this.#derivative(k2, this.#at(state, k1, seconds / 2));
    this.#derivative(k3, this.#at(state, k2, seconds / 2));
    this.#derivative(k4, this.#at(state, k3, seconds));
    for (let i = 0; i < state.length; i++) state[i]! += (seconds / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!);
  }

  #at(state: Float64Array, rate: Float64Array, seconds: number): Float64Array {
    const probe = this.#probe;
    for (let i = 0; i < state.length; i++) probe[i] = state[i]! + seconds * rate[i]!;
    return probe;
  }
}
