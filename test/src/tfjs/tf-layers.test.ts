import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { defaultRng } from "gymnasium-js";
import { type ModelConfigInput, createModel, initializeWeights } from "../../../src/ncp/index.ts";
import { ConfigError, FormatError } from "../../../src/errors.ts";
import {
  AutoNCP,
  type CfC,
  LTC,
  LTCCell,
  cfc,
  loadReferenceWeights,
  ltc,
  referenceWeights,
} from "../../../src/tfjs/index.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

/** Saves and loads a model through memory. */
async function reload(model: tf.LayersModel): Promise<tf.LayersModel> {
  let stored: tf.io.ModelArtifacts | null = null;
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      stored = artifacts;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } });
    }),
  );
  // Through JSON, as a file would: nothing but plain data survives.
  const { weightData, ...rest } = stored as unknown as tf.io.ModelArtifacts;
  return tf.loadLayersModel(
    tf.io.fromMemory({ ...(JSON.parse(JSON.stringify(rest)) as tf.io.ModelArtifacts), weightData: weightData! }),
  );
}

/** Sets the reference's starting weights with a fixed seed, so that a learning test is the same every time. */
function startFrom(layer: CfC | LTC, config: ModelConfigInput): void {
  const { parameters } = createModel(config);
  const weights = initializeWeights(parameters, defaultRng(0));
  const tensors = parameters.map(({ name, shape }) => [name, { shape, data: weights[name]! }] as const);
  loadReferenceWeights(layer, Object.fromEntries(tensors), "torch");
}

const difference = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
const one = (value: tf.Tensor | tf.Tensor[]): tf.Tensor => (Array.isArray(value) ? value[0]! : value);

describe("a circuit in a Keras-style model", () => {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  const imageModel = (): tf.Sequential =>
    tf.sequential({
      layers: [
        tf.layers.timeDistributed({
          layer: tf.layers.conv2d({ filters: 32, kernelSize: 5, activation: "relu", kernelInitializer }),
          inputShape: [null as unknown as number, 20, 20, 1],
        }),
        tf.layers.timeDistributed({ layer: tf.layers.maxPooling2d({ poolSize: 2 }) }),
        tf.layers.timeDistributed({
          layer: tf.layers.conv2d({ filters: 64, kernelSize: 5, activation: "relu", kernelInitializer }),
        }),
        tf.layers.timeDistributed({ layer: tf.layers.maxPooling2d({ poolSize: 2 }) }),
        tf.layers.timeDistributed({ layer: tf.layers.flatten() }),
        tf.layers.timeDistributed({ layer: tf.layers.dense({ units: 32, activation: "relu", kernelInitializer }) }),
        cfc({ units: new AutoNCP(28, 4), returnSequences: true, seed: 1 }),
        tf.layers.timeDistributed({ layer: tf.layers.activation({ activation: "softmax" }) }),
      ],
    });

  test("conv frames into an NCP-wired CfC: shapes, probabilities, save and load give the same output", async () => {
    const model = imageModel();
    const frames = tf.randomUniform([2, 3, 20, 20, 1], 0, 1, "float32", 7);
    const before = one(model.predict(frames) as tf.Tensor);
    expect(before.shape).toEqual([2, 3, 4]);
    expect(difference(tf.sum(before, -1), tf.ones([2, 3]))).toBeLessThan(1e-5);
    const loaded = await reload(model);
    expect(difference(one(loaded.predict(frames) as tf.Tensor), before)).toBeLessThan(1e-6);
  });

  test.each(["cfc", "ltc"] as const)("%s learns a sine sequence by model.fit", async (kind) => {
    const T = 12;
    const wiring = new AutoNCP(10, 1);
    const layer =
      kind === "cfc"
        ? cfc({ units: wiring, returnSequences: true, inputShape: [T, 2] })
        : ltc({ units: wiring, returnSequences: true, inputShape: [T, 2], odeUnfolds: 2 });
    const model = tf.sequential({ layers: [layer] });
    startFrom(layer, { kind, inputSize: 2, wiring: wiring.toConfig(), flavour: "keras" });
    model.compile({ optimizer: tf.train.adam(0.03), loss: "meanSquaredError" });
    const phase = Array.from({ length: T }, (_, t) => [
      Math.sin((2 * Math.PI * t) / T),
      Math.cos((2 * Math.PI * t) / T),
    ]);
    const x = tf.tensor3d([phase]);
    const y = tf.tensor3d([Array.from({ length: T }, (_, t) => [0.6 * Math.sin((4 * Math.PI * t) / T)])]);
    const before = tf.mean(tf.square(tf.sub(one(model.predict(x) as tf.Tensor), y))).dataSync()[0]!;
    await model.fit(x, y, { epochs: kind === "cfc" ? 25 : 40, verbose: 0 });
    const after = tf.mean(tf.square(tf.sub(one(model.predict(x) as tf.Tensor), y))).dataSync()[0]!;
    expect(after).toBeLessThan(before / 3);
  });
});

describe("time, masks and states", () => {
  test("[x, t] of all ones equals no elapsed time; other times change the output", () => {
    const layer = cfc({ units: new AutoNCP(16, 3), returnSequences: true, seed: 1 });
    const timed = cfc({ units: new AutoNCP(16, 3), returnSequences: true, seed: 2 });
    const x = tf.randomNormal([2, 5, 4], 0, 1, "float32", 3);
    const plain = layer.apply(x) as tf.Tensor;
    const ones = timed.apply([x, tf.ones([2, 5, 1])]) as tf.Tensor;
    loadReferenceWeights(timed, referenceWeights(layer), "torch");
    expect(difference(timed.apply([x, tf.ones([2, 5, 1])]) as tf.Tensor, plain)).toBe(0);
    expect(difference(timed.apply([x, tf.fill([2, 5, 1], 0.2)]) as tf.Tensor, plain)).toBeGreaterThan(1e-3);
    expect(ones.shape).toEqual([2, 5, 3]);
  });

  test("symbolic [x, t] inputs make a model that saves and loads", async () => {
    const x = tf.input({ shape: [6, 3] });
    const t = tf.input({ shape: [6, 1] });
    const model = tf.model({
      inputs: [x, t],
      outputs: ltc({ units: 5, returnSequences: false, seed: 1 }).apply([x, t]) as tf.SymbolicTensor,
    });
    const values = [tf.randomNormal([2, 6, 3], 0, 1, "float32", 5), tf.randomUniform([2, 6, 1], 0.2, 2, "float32", 6)];
    const loaded = await reload(model);
    expect(difference(one(loaded.predict(values) as tf.Tensor), one(model.predict(values) as tf.Tensor))).toBeLessThan(
      1e-6,
    );
  });

  test("masked steps leave state and output as they were", () => {
    const masked = tf.sequential({
      layers: [tf.layers.masking({ maskValue: 0, inputShape: [6, 3] }), cfc({ units: 7, name: "c", seed: 1 })],
    });
    const x = tf.randomNormal([2, 4, 3], 0, 1, "float32", 9) as tf.Tensor3D;
    const padded = tf.concat([x, tf.zeros([2, 2, 3])], 1);
    const short = one(masked.getLayer("c").call(x, {}));
    expect(difference(one(masked.predict(padded) as tf.Tensor), short)).toBeLessThan(1e-6);
  });

  test("returnState gives the state that initialState continues from: two halves equal the whole", () => {
    const layer = new LTC({ units: new AutoNCP(9, 2), returnSequences: true, returnState: true, seed: 1 });
    const x = tf.randomNormal([3, 8, 4], 0, 1, "float32", 11) as tf.Tensor3D;
    const [whole] = layer.apply(x) as tf.Tensor[];
    const [, state] = layer.apply(tf.slice(x, [0, 0, 0], [-1, 4, -1])) as tf.Tensor[];
    const [second] = layer.call(tf.slice(x, [0, 4, 0], [-1, 4, -1]), { initialState: [state!] }) as tf.Tensor[];
    expect(difference(second!, tf.slice(whole!, [0, 4, 0], [-1, 4, -1]))).toBeLessThan(1e-6);
  });

  test("a stateful layer carries its state to the next batch until it is reset", () => {
    const layer = cfc({ units: 6, stateful: true, batchInputShape: [2, 3, 4], seed: 1 });
    const model = tf.sequential({ layers: [layer] });
    const x = tf.randomNormal([2, 3, 4], 0, 1, "float32", 13);
    const first = one(model.predict(x) as tf.Tensor);
    const second = one(model.predict(x) as tf.Tensor);
    expect(difference(first, second)).toBeGreaterThan(1e-4);
    layer.resetStates();
    expect(difference(one(model.predict(x) as tf.Tensor), first)).toBe(0);
  });

  test("bidirectional: the backward half equals a layer that reads the reversed sequence", () => {
    const inner = cfc({ units: 5, returnSequences: true, seed: 1 }) as unknown as tf.RNN;
    const both = tf.layers.bidirectional({ layer: inner, mergeMode: "concat", inputShape: [4, 3] });
    const model = tf.sequential({ layers: [both] });
    const x = tf.randomNormal([2, 4, 3], 0, 1, "float32", 17);
    const output = one(model.predict(x) as tf.Tensor) as tf.Tensor3D;
    expect(output.shape).toEqual([2, 4, 10]);
    const { backwardLayer } = both as unknown as { backwardLayer: CfC };
    const forward = cfc({ units: 5, returnSequences: true, seed: 2 });
    forward.apply(x);
    loadReferenceWeights(forward, referenceWeights(backwardLayer), "torch");
    const reversed = tf.reverse(forward.apply(tf.reverse(x, 1)) as tf.Tensor, 1);
    expect(difference(tf.slice(output, [0, 0, 5], [-1, -1, 5]), reversed)).toBeLessThan(1e-6);
  });

  test("a seed decides the first weights", () => {
    const first = (seed: number): Record<string, unknown> => {
      const layer = cfc({ units: new AutoNCP(10, 2), mixedMemory: true, seed });
      layer.apply(tf.ones([1, 3, 2]));
      return referenceWeights(layer);
    };
    expect(first(3)).toEqual(first(3));
    expect(first(4)).not.toEqual(first(3));
  });

  test("a seed decides dropout, which differs from call to call and is off in evaluation", () => {
    const x = tf.ones([1, 3, 2]);
    const outputs = (training: boolean): Float32Array[] => {
      const layer = cfc({ units: 6, backboneUnits: 12, backboneDropout: 0.5, seed: 3 });
      layer.build([1, 3, 2]);
      return [0, 1].map(() => one(layer.call(x, { training })).dataSync<"float32">());
    };
    const [first, second] = outputs(true);
    expect(outputs(true)).toEqual([first, second]);
    expect(second).not.toEqual(first);
    const [plain, again] = outputs(false);
    expect(again).toEqual(plain);
    expect(plain).not.toEqual(first);
  });

  test("no tensor stays behind after a call", () => {
    const layer = cfc({ units: new AutoNCP(10, 2) });
    const x = tf.ones([1, 3, 2]);
    (layer.apply(x) as tf.Tensor).dispose();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) (layer.apply(x) as tf.Tensor).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("bad input is refused with one clear sentence", () => {
  const refused = (make: () => unknown): string => {
    try {
      make();
    } catch (error) {
      expect(error instanceof ConfigError || error instanceof FormatError, String(error)).toBe(true);
      return (error as Error).message;
    }
    throw new Error("nothing was refused");
  };

  test("unknown mode, activation and units", () => {
    expect(refused(() => cfc({ units: 4, mode: "defualt" as "default" }).apply(tf.ones([1, 2, 3])))).toMatch(
      /mode is "defualt"; expected one of default, pure, no_gate/,
    );
    expect(refused(() => cfc({ units: 4, activation: "swish" as "silu" }).apply(tf.ones([1, 2, 3])))).toMatch(
      /activation "swish" is unknown; there are lecun_tanh/,
    );
    expect(refused(() => cfc({ units: 0 }))).toMatch(/units is 0; expected a positive integer/);
    expect(refused(() => cfc({ units: new AutoNCP(8, 1), backboneUnits: 4 }).apply(tf.ones([1, 2, 3])))).toMatch(
      /do not go with a wiring/,
    );
  });

  test("initial state of the wrong width, ranges and ODE steps", () => {
    const layer = cfc({ units: 4 });
    layer.apply(tf.ones([1, 2, 3]));
    expect(refused(() => layer.call(tf.ones([1, 2, 3]), { initialState: [tf.ones([1, 5])] }))).toMatch(
      /initial state \[1, 5\]; expected \[1, 4\]/,
    );
    // a state of one sample is not broadcast over two
    expect(refused(() => layer.call(tf.ones([2, 2, 3]), { initialState: [tf.ones([1, 4])] }))).toMatch(
      /initial state \[1, 4\]; expected \[2, 4\]/,
    );
    expect(refused(() => ltc({ units: 4, odeUnfolds: 0 }).apply(tf.ones([1, 2, 3])))).toMatch(/odeUnfolds is 0/);
    expect(refused(() => ltc({ units: 4, initializationRanges: { w: [-1, 1] } }).apply(tf.ones([1, 2, 3])))).toMatch(
      /initializationRanges.w starts at -1/,
    );
  });

  test("elapsed times of the wrong shape, zero or negative ones for an LTC, and sequences without steps", () => {
    const x = tf.ones([2, 5, 3]);
    for (const shape of [
      [2, 5],
      [2, 4, 1],
      [1, 5, 1],
      [2, 5, 2],
    ])
      expect(refused(() => cfc({ units: 6 }).apply([x, tf.ones(shape)]))).toContain(
        `got elapsed time [${shape.join(", ")}] beside an input [2, 5, 3]; expected [2, 5, 1]`,
      );
    for (const [dt, text] of [
      [0, "0"],
      [-1, "-1"],
      [NaN, "NaN"],
    ] as const) {
      const times = tf.tensor3d([1, 1, dt, 1, 1, 1, 1, 1, 1, 1], [2, 5, 1]);
      const message = `got an elapsed time of ${text}; an LTC needs times above 0`;
      expect(refused(() => ltc({ units: 4 }).apply([x, times]))).toContain(message);
      const cell = new LTCCell({ units: 4, timeInput: true });
      cell.build([null, 4]);
      expect(refused(() => cell.call([tf.fill([2, 4], dt), tf.zeros([2, 4])], {}))).toContain(message);
    }
    expect((cfc({ units: 4 }).apply([x, tf.zeros([2, 5, 1])]) as tf.Tensor).dataSync().every(Number.isFinite)).toBe(
      true,
    );
    expect(refused(() => cfc({ units: 4 }).call(tf.zeros([2, 0, 3])))).toMatch(/\[2, 0, 3\]: no steps/);
  });

  test("a wiring that was built for another number of inputs", () => {
    const wiring = new AutoNCP(9, 2);
    wiring.build(7);
    for (const make of [cfc, ltc])
      expect(refused(() => make({ units: wiring }).apply(tf.ones([1, 2, 3])))).toMatch(
        /built for 7 inputs, but the layer gets 3; make one wiring per layer/,
      );
    expect((cfc({ units: wiring }).apply(tf.ones([1, 2, 7])) as tf.Tensor).shape).toEqual([1, 2]);
  });

  test("weights that are missing, left over or of another shape leave the layer as it was", () => {
    const layer = cfc({ units: 4, backboneLayers: 0 });
    layer.apply(tf.ones([1, 2, 3]));
    const weights = referenceWeights(layer);
    const { "rnn_cell.ff1.bias": bias, ...rest } = weights;
    expect(refused(() => loadReferenceWeights(layer, rest, "torch"))).toMatch(/weight ff1.bias .* is missing/);
    expect(refused(() => loadReferenceWeights(layer, { ...weights, other: bias! }, "torch"))).toMatch(
      /has no weight other/,
    );
    const wrong = { ...weights, "rnn_cell.ff1.bias": { shape: [5], data: new Float32Array(5) } };
    expect(refused(() => loadReferenceWeights(layer, wrong, "torch"))).toMatch(
      /rnn_cell.ff1.bias is \[5\]; expected \[4\]/,
    );
    const nan = { ...weights, "rnn_cell.ff1.bias": { shape: [4], data: Float32Array.of(0, NaN, 0, 0) } };
    expect(refused(() => loadReferenceWeights(layer, nan, "torch"))).toMatch(/rnn_cell.ff1.bias holds .* not finite/);
    expect(referenceWeights(layer)).toEqual(weights);
  });
});
