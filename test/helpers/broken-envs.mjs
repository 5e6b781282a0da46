// Environments that break the contract, each in one way. For `check-env`.
import { Box, Dict, Discrete, register } from "gymnasium-js";

class Sound {
  observationSpace = new Box(-1, 1, { shape: [3] });
  actionSpace = new Discrete(2);
  metadata = { renderFps: 30 };
  spec = null;
  #t = 0;
  reset({ seed = 0 } = {}) {
    this.#t = Number(seed) % 7;
    return [this.observe(), {}];
  }
  step() {
    this.#t++;
    return [this.observe(), 1, false, false, {}];
  }
  observe() {
    return Float32Array.of(this.#t / 100, 0, 0);
  }
  render() {
    return null;
  }
  snapshot() {
    return Uint8Array.of(this.#t);
  }
  restore(bytes) {
    this.#t = bytes[0];
  }
  close() {}
}

const add = (id, change) => register({ id: `broken/${id}-v0`, entryPoint: () => Object.assign(new Sound(), change) });
add("None", {});
add("Obs", { observe: () => Float32Array.of(5, 0, NaN) });
add("Throws", {
  step() {
    throw new RangeError("the wheel came off");
  },
});
add("Space", { observationSpace: undefined });
add("Action", { actionSpace: new Dict({ push: new Discrete(2) }) });
