import * as tf from "@tensorflow/tfjs";
import { defaultRng } from "gymnasium-js";
import { beforeAll, describe, expect, test } from "vitest";
import { type ModelConfigInput, type Weights, createModel, initializeWeights } from "../../../src/ncp/index.ts";
import { type CfC, type LTC, type ReferenceTensor, cfc, loadReferenceWeights, ltc } from "../../../src/tfjs/index.ts";
import { expectClose, largest } from "../../helpers/expect-close.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const wiring = { kind: "AutoNCP", units: 11, outputSize: 2, sparsityLevel: 0.4, seed: 6 } as const;
const layered = {
  kind: "Layered",
  interLayers: [
    { neurons: 3, fanout: 2 },
    { neurons: 4, fanout: 2 },
  ],
  commandNeurons: 3,
  motorNeurons: 2,
  sensoryFanout: 2,
  recurrentCommandSynapses: 3,
  motorFanin: 2,
  seed: 9,
} as const;
const [B, T, D] = [2, 5, 3];

type Options = Omit<Parameters<typeof cfc>[0], "units">;
const cfcCases = (["torch", "keras"] as const).flatMap((flavour) =>
  (["default", "no_gate", "pure"] as const).flatMap((mode) =>
    (["ncps", "strict"] as const).flatMap((masking) =>
      (["free", "signed"] as const).map((polarity) => ({ flavour, mode, masking, polarity })),
    ),
  ),
);

const toTf = (data: Float64Array, width: number): tf.Tensor3D => tf.tensor3d(Float32Array.from(data), [B, T, width]);

/** Runs both on the same weights, inputs and times, and compares outputs and the gradients of sum(output * R). */
function compare(config: ModelConfigInput, layer: CfC | LTC): void {
  const model = createModel(config);
  const weights = initializeWeights(model.parameters, defaultRng(3));
  const random = defaultRng(4);
  const input = { shape: [B, T, D], data: random.standardNormalArray(B * T * D) };
  const elapsed = { shape: [B, T, 1], data: random.uniformArray(B * T, 0.3, 2) };
  const R = random.standardNormalArray(B * T * model.outputSize);

  const [x, t] = [toTf(input.data, D), toTf(elapsed.data, 1)];
  layer.apply([x, t]);
  loadReferenceWeights(layer, asTensors(model.parameters, weights), "torch");
  const loss = (): tf.Scalar => tf.sum(tf.mul(layer.apply([x, t]) as tf.Tensor, toTf(R, model.outputSize)));
  const { grads } = tf.variableGrads(loss);
  const output = layer.apply([x, t]) as tf.Tensor;

  const defined = model.forward(weights, { input, elapsed });
  expectClose("output", output.dataSync(), defined.output.data, 1e-5);
  const expected = defined.backward({ output: { shape: defined.output.shape, data: R } }).weights;
  const named = layer.circuitCell.equations.weights.map(
    (spec) => [spec, layer.circuitCell.variable(spec.name)] as const,
  );
  expect(named.length).toBe(Object.keys(expected).length);
  for (const [spec, variable] of named) {
    const gradient = grads[(variable as unknown as { val: tf.Variable }).val.name]!;
    const inTorch = spec.isKernel ? tf.transpose(gradient) : gradient;
    const reference = expected[`rnn_cell.${spec.name}`]!;
    expectClose(`d ${spec.name}`, inTorch.dataSync(), reference, 1e-4 * Math.max(largest(reference), 1e-3));
  }
}

const asTensors = (
  parameters: readonly { name: string; shape: readonly number[]; frozen?: boolean }[],
  weights: Weights,
): Record<string, ReferenceTensor> =>
  Object.fromEntries(
    parameters.filter((p) => p.frozen !== true).map(({ name, shape }) => [name, { shape, data: weights[name]! }]),
  );

describe("tf.layers agree with the definition: outputs within 1e-5, gradients within 1e-4 of the largest entry", () => {
  test.each(cfcCases.map((c) => [Object.values(c).join(" "), c] as const))("wired CfC, %s", (_, options) => {
    const config: ModelConfigInput = { kind: "cfc", inputSize: D, wiring, ...options };
    compare(config, cfc({ units: wiring, returnSequences: true, ...(options as Options) }));
  });

  test("a layered circuit with two inter layers, strict and signed", () => {
    const options = { flavour: "torch", masking: "strict", polarity: "signed" } as const;
    const config: ModelConfigInput = { kind: "cfc", inputSize: D, wiring: layered, ...options };
    compare(config, cfc({ units: layered, returnSequences: true, ...options }));
  });

  test.each(["free", "signed"] as const)("LTC, %s polarity", (polarity) => {
    const config: ModelConfigInput = { kind: "ltc", inputSize: D, wiring, polarity };
    compare(config, ltc({ units: wiring, returnSequences: true, flavour: "torch", polarity }));
  });
});

test("what padding holds does not matter: times of zero and NaN leave outputs and gradients finite", () => {
  const layer = ltc({ units: wiring, returnSequences: true });
  const x = tf.randomNormal([1, 4, D], 0, 1, "float32", 1) as tf.Tensor3D;
  const padding = (value: number, size: number): tf.Tensor3D => tf.fill([1, 2, size], value);
  const joined = tf.concat(
    [tf.concat([x, tf.ones([1, 4, 1])], -1), tf.concat([padding(NaN, D), padding(0, 1)], -1)],
    1,
  );
  layer.apply([x, tf.ones([1, 4, 1])]);
  const mask = tf.tensor2d([[1, 1, 1, 1, 0, 0]], [1, 6], "bool");
  const run = (): tf.Tensor => layer.call(joined, { mask }) as tf.Tensor;
  const { grads } = tf.variableGrads(() => tf.sum(run()));
  for (const gradient of [run(), ...Object.values(grads)])
    expect(gradient.dataSync().every(Number.isFinite)).toBe(true);
});
