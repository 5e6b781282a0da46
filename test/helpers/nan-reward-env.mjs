// A world whose reward turns NaN at the 40th step of an episode: what a bug in somebody's environment looks like.
import { Box, Discrete, register } from "gymnasium-js";

class NanReward {
  observationSpace = new Box(-1, 1, { shape: [2] });
  actionSpace = new Discrete(2);
  metadata = { renderModes: [] };
  renderMode = null;
  spec = null;
  #step = 0;

  reset() {
    this.#step = 0;
    return [Float32Array.of(0, 0), {}];
  }

  step() {
    this.#step++;
    return [Float32Array.of(this.#step / 100, 0), this.#step === 40 ? NaN : 1, this.#step === 100, false, {}];
  }

  render() {
    return null;
  }

  snapshot() {
    return Uint8Array.of(this.#step);
  }

  restore(bytes) {
    this.#step = bytes[0];
  }

  close() {}
}

register({ id: "NanReward-v0", entryPoint: () => new NanReward() });
