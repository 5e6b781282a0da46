// W2: one training update from small frames. 10 x 10 x 4 bytes, conv 16 3x3 ReLU, dense 128, CfC-NCP 48 units / 6 motors, B = 32 x T = 32.
import { minatarEncoder } from "../src/engine/index.ts";
import { benchFrames } from "./helpers/bench-frames.ts";

await benchFrames({
  bench: "w2",
  peer: "w2_torch",
  spec: minatarEncoder,
  size: 10,
  channels: 4,
  units: 48,
  motors: 6,
  T: 32,
  B: 32,
});
