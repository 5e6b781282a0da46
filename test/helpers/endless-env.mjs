// A world that never ends its second episode, and says so on stderr.
import { Box, Discrete, register } from "gymnasium-js";

class Endless {
  observationSpace = new Box(-1, 1, { shape: [2] });
  actionSpace = new Discrete(2);
  metadata = { renderModes: [] };
  renderMode = null;
  spec = null;
  #episode = 0;
  #step = 0;

  reset() {
    this.#episode++;
    this.#step = 0;
    return [Float32Array.of(0, 0), {}];
  }

  step() {
    this.#step++;
    if (this.#step === 200) process.stderr.write("going on for ever\n");
    return [Float32Array.of(0, 0), 1, this.#episode === 1 && this.#step === 5, false, {}];
  }

  render() {
    return null;
  }

  snapshot() {
    return Uint8Array.of(this.#episode);
  }

  restore(bytes) {
    this.#episode = bytes[0];
  }

  close() {}
}

register({ id: "Endless-v0", entryPoint: () => new Endless() });
