import type { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { actionSize } from "../../src/policy/policy-spec.ts";
import type { Trajectory } from "../rollout/trajectory.ts";
import type { PpoBatch } from "./ppo-loss.ts";

/** What a shard's rollout says besides the trajectory. */
export interface Targets {
  /** [T, N] */
  readonly advantages: Float32Array;
  /** [T, N] */
  readonly returns: Float32Array;
}

/** Room for one shard's part of a minibatch: B whole env columns of T steps, time-major rows t * B + b. */
export class Minibatch implements PpoBatch {
  readonly actions: Int32Array | Float32Array;
  readonly oldLogProb: Float32Array;
  readonly advantages: Float32Array;
  readonly oldValue: Float32Array;
  readonly returns: Float32Array;
  readonly #network: PolicyNetwork;
  readonly #actionWidth: number;
  /** which row of the trajectory each row is */
  readonly #rows: Int32Array;

  constructor(network: PolicyNetwork, maxRows: number) {
    const { action } = network.spec;
    this.#network = network;
    this.#actionWidth = action.kind === "discrete" ? 1 : actionSize(network.spec);
    const actions = maxRows * this.#actionWidth;
    this.#rows = new Int32Array(maxRows);
    this.actions = action.kind === "discrete" ? new Int32Array(actions) : new Float32Array(actions);
    this.oldLogProb = new Float32Array(maxRows);
    this.advantages = new Float32Array(maxRows);
    this.oldValue = new Float32Array(maxRows);
    this.returns = new Float32Array(maxRows);
  }

  /** Hands B columns of a trajectory, numbered in `columns` from `o` on, to the network and to this. */
  gather(trajectory: Trajectory, targets: Targets, columns: Int32Array, o: number, B: number): void {
    const { T, N } = trajectory;
    const network = this.#network;
    const width = this.#actionWidth;
    for (let b = 0; b < B; b++) network.writeState(trajectory.initialState, columns[o + b]!, b);
    const rows = this.#rows;
    for (let row = 0, t = 0; t < T; t++) for (let b = 0; b < B; b++) rows[row++] = t * N + columns[o + b]!;
    network.writeRows(trajectory, rows, T * B);
    const { actions, oldLogProb, advantages, oldValue, returns } = this;
    for (let row = 0; row < T * B; row++) {
      const from = rows[row]!;
      for (let a = 0; a < width; a++) actions[row * width + a] = trajectory.actions[from * width + a]!;
      oldLogProb[row] = trajectory.logProb[from]!;
      advantages[row] = targets.advantages[from]!;
      oldValue[row] = trajectory.value[from]!;
      returns[row] = targets.returns[from]!;
    }
  }
}
