// Image sequences in TensorFlow.js: convolutions look at each frame, an NCP-wired CfC at their order, as a Keras user would write it.
// A bar moves over a noisy 20x20 picture; the model names its direction (right, left, down, up), which no single frame shows.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { AutoNCP, cfc, registerWasmTrainingKernels } from "elegans/tfjs";

const [T, SIZE, DIRECTIONS] = [3, 20, 4];
function clips(count: number, noiseSeed: number): { x: tf.Tensor5D; y: tf.Tensor2D } {
  const pixels = tf.buffer([count, T, SIZE, SIZE, 1]);
  const labels = Array.from({ length: count }, (_, n) => n % DIRECTIONS);
  for (let n = 0; n < count; n++)
    for (let t = 0; t < T; t++) {
      const step = labels[n]! % 2 === 0 ? 3 : -3;
      const place = (Math.floor(n / DIRECTIONS) + t * step + 2 * SIZE) % SIZE;
      for (let i = 0; i < SIZE; i++)
        if (labels[n]! < 2) pixels.set(1, n, t, i, place, 0);
        else pixels.set(1, n, t, place, i, 0);
    }
  const y = tf.oneHot(tf.tensor1d(labels, "int32"), DIRECTIONS) as tf.Tensor2D;
  const noise = tf.randomNormal([count, T, SIZE, SIZE, 1], 0, 0.05, "float32", noiseSeed);
  return { x: tf.add(pixels.toTensor(), noise) as tf.Tensor5D, y };
}

setWasmPaths(join(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")), "/"));
await tf.setBackend("wasm");
registerWasmTrainingKernels();
const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
const activation = "relu";
const perFrame = (layer: tf.layers.Layer, inputShape?: number[]) =>
  tf.layers.timeDistributed({ layer, ...(inputShape && { inputShape }) });
const conv = (filters: number) => tf.layers.conv2d({ filters, kernelSize: 5, activation, kernelInitializer });
const model = tf.sequential({
  layers: [
    perFrame(conv(8), [T, SIZE, SIZE, 1]),
    perFrame(tf.layers.maxPooling2d({ poolSize: 2 })),
    perFrame(conv(16)),
    perFrame(tf.layers.maxPooling2d({ poolSize: 2 })),
    perFrame(tf.layers.flatten()),
    perFrame(tf.layers.dense({ units: 32, activation, kernelInitializer })),
    cfc({ units: new AutoNCP(28, DIRECTIONS), seed: 1 }),
    tf.layers.activation({ activation: "softmax" }),
  ],
});
model.compile({ optimizer: tf.train.adam(0.005), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
const [train, test] = [clips(48, 1), clips(48, 2)];
await model.fit(train.x, train.y, { epochs: 12, batchSize: 12, shuffle: false, verbose: 0 });
const [, accuracy] = model.evaluate(test.x, test.y) as tf.Scalar[];
const share = accuracy!.dataSync()[0]!;
console.log(`${(100 * share).toFixed(0)} % of unseen clips named right`);
if (!(share > 0.8)) throw new Error("expected more than 80 %");
