// W3: one training update from Atari-size frames. 84 x 84 x 4 bytes, Nature CNN, CfC-NCP 64 units / 6 motors, 256 frames as B = 16 x T = 16.
import { natureEncoder } from "../src/engine/index.ts";
import { benchFrames } from "./helpers/bench-frames.ts";

await benchFrames({
  bench: "w3",
  peer: "w3_torch",
  spec: natureEncoder,
  size: 84,
  channels: 4,
  units: 64,
  motors: 6,
  T: 16,
  B: 16,
});
