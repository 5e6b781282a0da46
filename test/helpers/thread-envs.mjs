// Environments for worker threads: one with diagnostics of every kind, one whose observations hold text, and one that goes wrong on request.
import { Box, Dict, Discrete, make, register, Text, Wrapper } from "gymnasium-js";

class InfoEnv extends Wrapper {
  resets = 0;
  t = 0;
  reset(options) {
    this.t = 0;
    return [this.env.reset(options)[0], { resets: ++this.resets, options: options?.options?.tag ?? "none" }];
  }
  step(action) {
    const [obs, reward, terminated, truncated] = this.env.step(action);
    const t = ++this.t;
    const info = { t, right: action === 1, nested: t % 2 === 0 ? { theta: obs[2] } : { odd: t } };
    if (t % 3 === 0) info.vec = Int32Array.of(t, -t);
    if (t % 4 === 0) info.tag = `t${t}`;
    return [obs, reward, terminated, truncated, info];
  }
}

class Bare {
  metadata = { renderFps: 30 };
  spec = null;
  actionSpace = new Discrete(2);
  render() {
    return null;
  }
  snapshot() {
    return new Uint8Array();
  }
  restore() {}
  close() {}
}

class TextEnv extends Bare {
  observationSpace = new Dict({ word: new Text(8), t: new Box(0, 100) });
  t = 0;
  #observe() {
    return { word: `step${this.t}`, t: Float32Array.of(this.t) };
  }
  reset() {
    this.t = 0;
    return [this.#observe(), {}];
  }
  step() {
    this.t++;
    return [this.#observe(), 1, this.t === 4, false, {}];
  }
}

class OddError extends Error {}

class FaultyEnv extends Bare {
  gate = null;
  observationSpace = new Box(-1, 1);
  constructor({ fault = "none", limits = 1 }) {
    super();
    this.fault = fault;
    if (fault === "make") throw new RangeError("it cannot be made");
    if (fault === "space") this.observationSpace = new Box(-limits, limits, { shape: [2] });
  }
  reset() {
    return [new Float32Array(this.observationSpace.size), this.fault === "info" ? { draw: () => 1 } : {}];
  }
  step() {
    if (this.fault === "error") throw new TypeError("the wheel came off");
    if (this.fault === "odd") throw new OddError("very odd");
    if (this.fault === "exit") process.exit(3);
    if (this.fault === "later") {
      setTimeout(() => {
        throw new OddError("out of nowhere");
      });
      const until = Date.now() + 5;
      while (Date.now() < until);
    }
    if (this.fault === "hang") for (;;);
    if (this.fault === "held") Atomics.wait(this.gate, 0, 0); // until the test opens it
    return [new Float32Array(this.observationSpace.size), 1, false, false, {}];
  }
  close() {
    if (this.fault === "close") throw new Error("it does not close");
  }
}

register({
  id: "threads/Info-v0",
  entryPoint: (kwargs) => new InfoEnv(make("CartPole-v1", kwargs)),
  maxEpisodeSteps: 12,
});
register({ id: "threads/Text-v0", entryPoint: () => new TextEnv() });
register({ id: "threads/Faulty-v0", entryPoint: (kwargs) => new FaultyEnv(kwargs), disableEnvChecker: true });
