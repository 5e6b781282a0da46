import { Box, defaultRng, Discrete } from "../../envs/index.ts";
import type { Env, EnvSpec, Frame, Generator, Info, ResetOptions } from "../../envs/index.ts";

/** What the small test envs share: nothing to see and no snapshots. */
abstract class TestEnv {
  readonly spec: EnvSpec | null = null;
  readonly metadata = { renderFps: 30 };
  render(): Frame | null {
    return null;
  }
  snapshot(): Uint8Array {
    return new Uint8Array();
  }
  restore(): void {}
  close(): void {}
}

/** Observes its last action ([0.5, -1] after a reset); the reward is the action's sum. Never ends. */
export class EchoEnv extends TestEnv implements Env<Float32Array, Float32Array> {
  readonly observationSpace = new Box<Float32Array>(-2, 3, { shape: [2] });
  readonly actionSpace = new Box<Float32Array>(-2, 3, { shape: [2] });
  reset(): [Float32Array, Info] {
    return [Float32Array.of(0.5, -1), {}];
  }
  step(action: Float32Array): [Float32Array, number, boolean, boolean, Info] {
    const sum = action.reduce((a, b) => Math.fround(a + b), 0);
    return [Float32Array.from(action), sum, false, false, {}];
  }
}

/** Observes a new random picture [4, 3, 3] in every call; the reward is 1. Never ends. */
export class PictureEnv extends TestEnv implements Env<Uint8Array, number> {
  readonly observationSpace = new Box<Uint8Array>(0, 255, { shape: [4, 3, 3], dtype: "uint8" });
  readonly actionSpace = new Discrete(2);
  random: Generator = defaultRng(0);
  reset({ seed }: ResetOptions = {}): [Uint8Array, Info] {
    if (seed !== undefined) this.random = defaultRng(seed);
    return [this.#picture(), {}];
  }
  step(): [Uint8Array, number, boolean, boolean, Info] {
    return [this.#picture(), 1, false, false, {}];
  }
  #picture(): Uint8Array {
    return Uint8Array.from(this.random.integersArray(36, 0, 256, { dtype: "uint8" }));
  }
}
