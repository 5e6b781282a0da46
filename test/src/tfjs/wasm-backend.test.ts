import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { AutoNCP, cfc, registerWasmTrainingKernels } from "../../../src/tfjs/index.ts";

beforeAll(async () => {
  setWasmPaths(join(dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm")), "/"));
  await tf.setBackend("wasm");
  registerWasmTrainingKernels();
});

describe("conv2d's weight gradient on the wasm backend equals the cpu backend's within 1e-5 of the largest entry", () => {
  const cases = [
    { H: 7, W: 9, C: 3, F: 5, kernel: [3, 3], strides: 1, pad: "same" },
    { H: 8, W: 8, C: 1, F: 4, kernel: [5, 5], strides: 2, pad: "same" },
    { H: 10, W: 6, C: 4, F: 3, kernel: [4, 2], strides: [2, 1], pad: "valid" },
    { H: 9, W: 9, C: 2, F: 1, kernel: [3, 3], strides: 3, pad: 1 },
    { H: 5, W: 5, C: 2, F: 2, kernel: [1, 1], strides: 1, pad: "valid" },
  ] as const;
  test.each(cases)(
    "$H×$W×$C, kernel $kernel, strides $strides, pad $pad",
    async ({ H, W, C, F, kernel, strides, pad }) => {
      const gradient = async (backend: string): Promise<Float32Array> => {
        await tf.setBackend(backend);
        const x = tf.randomNormal([2, H, W, C], 0, 1, "float32", 1) as tf.Tensor4D;
        const filter = tf.randomNormal([...kernel, C, F], 0, 1, "float32", 2) as tf.Tensor4D;
        const rounding = typeof pad === "number" ? "floor" : undefined;
        const loss = (w: tf.Tensor): tf.Scalar =>
          tf.sum(
            tf.square(tf.conv2d(x, w as tf.Tensor4D, strides as number | [number, number], pad, "NHWC", 1, rounding)),
          );
        return Float32Array.from(tf.grad(loss)(filter).dataSync());
      };
      const [cpu, wasm] = [await gradient("cpu"), await gradient("wasm")];
      const scale = cpu.reduce((max, v) => Math.max(max, Math.abs(v)), 0);
      expect(scale).toBeGreaterThan(0);
      cpu.forEach((value, i) => expect(Math.abs(wasm[i]! - value)).toBeLessThanOrEqual(1e-5 * scale));
    },
  );
});

test("a conv + circuit classifier of image sequences trains with model.fit on the wasm backend", async () => {
  await tf.setBackend("wasm");
  // Moving bars: class 0 moves right, class 1 moves left; one frame alone cannot tell them apart.
  const T = 4;
  const clip = (direction: number, start: number): number[][][][] =>
    Array.from({ length: T }, (_, t) =>
      Array.from({ length: 12 }, () =>
        Array.from({ length: 12 }, (_, x) => [x === (((start + direction * 2 * t) % 12) + 12) % 12 ? 1 : 0]),
      ),
    );
  const clips = Array.from({ length: 12 }, (_, i) => clip(i % 2 === 0 ? 1 : -1, Math.floor(i / 2)));
  const x = tf.tensor5d(clips);
  const labels = tf.oneHot(
    tf.tensor1d(
      clips.map((_, i) => i % 2),
      "int32",
    ),
    2,
  );
  const seed = 3;
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.timeDistributed({
        layer: tf.layers.conv2d({ filters: 8, kernelSize: 5, activation: "relu", kernelInitializer }),
        inputShape: [T, 12, 12, 1],
      }),
      tf.layers.timeDistributed({ layer: tf.layers.maxPooling2d({ poolSize: 2 }) }),
      tf.layers.timeDistributed({ layer: tf.layers.flatten() }),
      tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 16, activation: "relu", kernelInitializer }) }),
      cfc({ units: new AutoNCP(14, 2), seed }),
      tf.layers.activation({ activation: "softmax" }),
    ],
  });
  model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  const history = await model.fit(x, labels, { epochs: 30, batchSize: 12, shuffle: false, verbose: 0 });
  expect(history.history["loss"]!.at(-1)).toBeLessThan(0.3);
});
