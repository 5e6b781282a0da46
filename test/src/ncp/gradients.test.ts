import { defaultRng } from "gymnasium-js";
import { describe, expect, test } from "vitest";
import {
  type ModelConfigInput,
  type ModelInput,
  type ModelOutput,
  type RecurrentModel,
  type Tensor,
  type Weights,
  createModel,
  initializeWeights,
} from "../../../src/ncp/index.ts";

const wiring = { kind: "AutoNCP", units: 9, outputSize: 2, sparsityLevel: 0.4, seed: 3 } as const;
const layered = {
  kind: "Layered",
  interLayers: [
    { neurons: 3, fanout: 2 },
    { neurons: 3, fanout: 1 },
  ],
  commandNeurons: 2,
  motorNeurons: 2,
  sensoryFanout: 2,
  recurrentCommandSynapses: 2,
  motorFanin: 1,
  seed: 1,
} as const;
const inputSize = 3;

const configs: readonly (readonly [string, ModelConfigInput])[] = [
  ...(["default", "no_gate", "pure"] as const).flatMap((mode) =>
    (["torch", "keras"] as const).flatMap((flavour): [string, ModelConfigInput][] => [
      [
        `cfc ${mode} ${flavour}`,
        { kind: "cfc", inputSize, units: 4, mode, flavour, backboneUnits: 5, backboneLayers: 2 },
      ],
      [`wired cfc ${mode} ${flavour}`, { kind: "cfc", inputSize, wiring, mode, flavour }],
      [
        `strict signed cfc ${mode} ${flavour}`,
        { kind: "cfc", inputSize, wiring, mode, flavour, masking: "strict", polarity: "signed" },
      ],
      [
        `mixed cfc ${mode} ${flavour}`,
        { kind: "cfc", inputSize, wiring, mode, flavour, mixedMemory: true, projSize: 2 },
      ],
    ]),
  ),
  ...(["lecun_tanh", "tanh", "relu", "silu", "gelu"] as const).map((activation): [string, ModelConfigInput] => [
    `cfc with ${activation}`,
    { kind: "cfc", inputSize, units: 3, activation, backboneUnits: 4 },
  ]),
  ["cfc without backbone", { kind: "cfc", inputSize, units: 4, backboneLayers: 0 }],
  ["layered strict cfc", { kind: "cfc", inputSize, wiring: layered, masking: "strict" }],
  [
    "cfc, dropout, torch",
    { kind: "cfc", inputSize, units: 3, backboneUnits: 6, backboneLayers: 3, backboneDropout: 0.4 },
  ],
  [
    "cfc, dropout, keras",
    { kind: "cfc", inputSize, units: 3, backboneUnits: 6, backboneLayers: 2, backboneDropout: 0.4, flavour: "keras" },
  ],
  ["cfc, last output", { kind: "cfc", inputSize, wiring, returnSequences: false, batchFirst: false }],
  ["ltc implicit", { kind: "ltc", inputSize, wiring }],
  [
    "ltc explicit signed",
    {
      kind: "ltc",
      inputSize,
      wiring,
      implicitParamConstraints: false,
      polarity: "signed",
      inputMapping: "linear",
      outputMapping: "none",
    },
  ],
  ["ltc mixed, torch", { kind: "ltc", inputSize, wiring, mixedMemory: true, odeUnfolds: 2 }],
  ["ltc mixed, keras", { kind: "ltc", inputSize, units: 4, mixedMemory: true, flavour: "keras" }],
  ["lstm", { kind: "lstm", inputSize, units: 4, projSize: 2 }],
  ["gru", { kind: "gru", inputSize, units: 4 }],
];

const T = 5;
const B = 3;

const tensor = (shape: readonly number[], data: Float64Array): Tensor => ({ shape, data });

/** Everything a model can read at once: state, elapsed times, episode starts and padding. */
function makeInput(model: RecurrentModel, seed: number): ModelInput {
  const random = defaultRng(seed);
  const axes = model.config.batchFirst ? [B, T] : [T, B];
  const normal = (shape: readonly number[]): Tensor =>
    tensor(shape, random.standardNormalArray(shape.reduce((a, b) => a * b)));
  const h = normal([B, model.units]);
  const hasMemory = model.cell.stateSize !== model.units;
  return {
    input: normal([...axes, inputSize]),
    state: hasMemory ? { h, c: normal([B, model.units]) } : { h },
    elapsed: tensor(axes, random.uniformArray(T * B, 0.3, 2)),
    episodeStart: tensor(
      axes,
      random.uniformArray(T * B).map((u) => (u < 0.2 ? 1 : 0)),
    ),
    mask: tensor(
      axes,
      random.uniformArray(T * B).map((u) => (u < 0.25 ? 0 : 1)),
    ),
    dropout: dropoutFrom(seed),
  };
}

/** The same draws for every evaluation, so that the loss is a function. */
function dropoutFrom(seed: number): () => number {
  const random = defaultRng(seed + 1);
  return () => random.random();
}

/** A fixed weighting of everything a model gives, which reaches every path of the backward pass. */
const weighting = (count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, k) => Math.cos(1.7 * k + 0.3));

function loss({ output, state }: ModelOutput): number {
  return [output, state.h, state.c].reduce((sum, part) => {
    const R = weighting(part?.data.length ?? 0);
    return (part?.data ?? new Float64Array()).reduce((s, value, k) => s + value * R[k]!, sum);
  }, 0);
}

function centralDifferences(values: Float64Array, evaluate: () => number): Float64Array {
  const h = 1e-5;
  return values.slice().map((value, k) => {
    values[k] = value + h;
    const up = evaluate();
    values[k] = value - h;
    const down = evaluate();
    values[k] = value;
    return (up - down) / (2 * h);
  });
}

function expectGradient(name: string, actual: Float64Array, expected: Float64Array): void {
  const scale = expected.reduce((max, d) => Math.max(max, Math.abs(d)), 1);
  expected.forEach((d, k) =>
    expect(Math.abs(actual[k]! - d), `d ${name}[${k}]: ${actual[k]} against ${d}`).toBeLessThan(1e-6 * scale),
  );
}

describe("backward equals central differences (within 1e-6 of the largest entry)", () => {
  test.each(configs)("%s", (_, config) => {
    const model = createModel(config);
    const weights: Weights = initializeWeights(model.parameters, defaultRng(11));
    const given = makeInput(model, 7);
    const evaluate = (): number => loss(model.forward(weights, { ...given, dropout: dropoutFrom(7) }));
    const result = model.forward(weights, given);
    const R = (part: Tensor | undefined): Tensor | undefined => part && tensor(part.shape, weighting(part.data.length));
    const gradient = result.backward({ output: R(result.output), h: R(result.state.h), c: R(result.state.c) });
    for (const { name, frozen } of model.parameters) {
      if (frozen !== true) expectGradient(name, gradient.weights[name]!, centralDifferences(weights[name]!, evaluate));
    }
    expectGradient("input", gradient.input.data, centralDifferences(given.input.data, evaluate));
    expectGradient("h", gradient.h.data, centralDifferences(given.state!.h.data, evaluate));
    if (gradient.c) expectGradient("c", gradient.c.data, centralDifferences(given.state!.c!.data, evaluate));
    expectGradient("elapsed", gradient.elapsed!.data, centralDifferences((given.elapsed as Tensor).data, evaluate));
  });
});
