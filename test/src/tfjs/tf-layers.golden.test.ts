import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Flavour } from "../../../src/tfjs/options.ts";
import { toTorchLayout, torchName } from "../../../src/tfjs/reference-weights.ts";
import { type ModelCase, type ModelPack, readModelPack } from "../../helpers/golden-models.ts";
import { tfjsCase, toTensor } from "../../helpers/tfjs-cases.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const packs: readonly (readonly [name: string, flavour: Flavour])[] = [
  ["cfc_fc", "torch"],
  ["cfc_misc", "torch"],
  ["cfc_wired", "torch"],
  ["ltc", "torch"],
  ["keras_flavour", "keras"],
];

for (const [name, flavour] of packs) {
  const pack = readModelPack(name);
  describe(`tf.layers agree with ${name}`, () => {
    if (pack === null) test.skip("not in GOLDEN_DIR", () => {});
    else
      for (const golden of pack.cases)
        test(`${golden.id}: outputs within 1e-5, gradients within 1e-4 of the largest entry`, () =>
          check(pack, golden, flavour));
  });
}

function check(pack: ModelPack<ModelCase>, golden: ModelCase, flavour: Flavour): void {
  tf.tidy(() => {
    const built = tfjsCase(pack, golden, flavour);
    const read = (stored: { shape: readonly number[]; offset: number }): tf.Tensor =>
      toTensor(pack.read(stored, golden.dtype));
    const outputs = built.run(built.inputs);
    golden.loss_terms.forEach((term, i) => expectClose(`${term}`, outputs[i]!, read(golden.outputs[term]!), 1e-5, 1));

    const loss = (inputs: readonly tf.Tensor[]): tf.Scalar =>
      tf.addN(
        built.run(inputs).map((value, i) => {
          const weight = read(golden.R[golden.loss_terms[i]!]!);
          return tf.sum(tf.mul(tf.reshape(value, weight.shape), weight));
        }),
      ) as tf.Scalar;
    const gradients = tf.grads((...inputs: tf.Tensor[]) => loss(inputs))([...built.inputs]);
    built.inputNames.forEach((name, i) => {
      const stored = golden.grads.inputs[name];
      if (stored === undefined || stored === null) return;
      const expected = read(stored);
      const shaped = built.toGoldenLayout(name, gradients[i]!);
      const sum = shaped.size === expected.size ? shaped : tf.sum(shaped, 0);
      expectClose(`d ${name}`, sum, expected, 1e-4, largest(expected));
    });
    checkWeightGradients(built, golden, flavour, () => loss(built.inputs), read);
  });
}

function checkWeightGradients(
  built: ReturnType<typeof tfjsCase>,
  golden: ModelCase,
  flavour: Flavour,
  loss: () => tf.Scalar,
  read: (stored: { shape: readonly number[]; offset: number }) => tf.Tensor,
): void {
  const { cell } = built;
  const variables = cell.equations.weights.map((spec) => cell.variable(spec.name).read() as tf.Variable);
  const { grads } = tf.variableGrads(loss, variables);
  const byName = Object.fromEntries(
    cell.equations.weights.map((spec, i) => {
      const variable = variables[i]!;
      return [torchName(spec), toTorchLayout(spec, grads[variable.name] ?? tf.zerosLike(variable))];
    }),
  );
  const goldenNames = Object.entries(golden.grads.weights).filter(([name]) => !name.endsWith("sparsity_mask"));
  expect(goldenNames.length).toBe(cell.equations.weights.length);
  const pairs = pairNames(
    Object.keys(byName),
    goldenNames.map(([name]) => name),
  );
  for (const [name, stored] of goldenNames) {
    const ours = byName[pairs.get(name)!]!;
    const torch = tf.tensor(ours.data, [...ours.shape]);
    if (stored === null) {
      expect(largest(torch), name).toBe(0);
      continue;
    }
    const expected = read(stored);
    const turned = flavour === "keras" && torch.rank === 2 && torch.shape.join() !== expected.shape.join();
    const isKernel = flavour === "keras" && /kernel$|ff[12]_weight$/.test(name);
    expectClose(`d ${name}`, turned || isKernel ? tf.transpose(torch) : torch, expected, 1e-4, largest(expected));
  }
}

/** Pairs golden names with ours by their order within what they name. */
function pairNames(ours: readonly string[], golden: readonly string[]): Map<string, string> {
  const plain = (name: string): string =>
    name
      .replace(/^rnn_cell\./, "")
      .replace(/^_cfc_layers\.(\d+)\./, "layer_$1.")
      .replace(/^backbone_fn\.layers\./, "backbone.")
      .replace(/^input_kernel$/, "lstm.input_map.weight")
      .replace(/^recurrent_kernel$/, "lstm.recurrent_map.weight")
      .replace(/^bias$/, "lstm.input_map.bias")
      .replace(/(ff[12])_(weight|bias)$/, "$1.$2")
      .replace(/\.kernel$/, ".weight");
  const key = (name: string, all: readonly string[]): string => {
    const indices = [...new Set(all.map((other) => Number(/backbone\.(\d+)/.exec(plain(other))?.[1] ?? -1)))].sort(
      (a, b) => a - b,
    );
    return plain(name).replace(/backbone\.(\d+)/, (_, i) => `backbone#${indices.indexOf(Number(i))}`);
  };
  const found = new Map(ours.map((name) => [key(name, ours), name]));
  return new Map(golden.map((name) => [name, found.get(key(name, golden)) ?? `no weight for ${name}`]));
}

const largest = (value: tf.Tensor): number =>
  value.dataSync<"float32">().reduce((max, x) => Math.max(max, Math.abs(x)), 0);

function expectClose(what: string, actual: tf.Tensor, expected: tf.Tensor, tolerance: number, scale: number): void {
  expect(actual.size, `${what}: size`).toBe(expected.size);
  const difference = largest(tf.sub(tf.reshape(actual, expected.shape), expected));
  expect(difference, what).toBeLessThanOrEqual(tolerance * scale);
}
