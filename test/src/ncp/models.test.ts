import { defaultRng } from "gymnasium-js";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import {
  type ModelConfigInput,
  type ModelInput,
  type ModelOutput,
  type RecurrentModel,
  type Tensor,
  type Weights,
  createModel,
  initializeWeights,
  runSequence,
  zeroGradients,
} from "../../../src/ncp/index.ts";
import { expectClose } from "../../helpers/expect-close.ts";

const inputSize = 3;
const wiring = { kind: "AutoNCP", units: 10, outputSize: 2, sparsityLevel: 0.5, seed: 4 } as const;
const cfc: ModelConfigInput = { kind: "cfc", inputSize, wiring };
const ltc: ModelConfigInput = { kind: "ltc", inputSize, wiring };

const random = defaultRng(5);
const normal = (...shape: number[]): Tensor => ({
  shape,
  data: random.standardNormalArray(shape.reduce((a, b) => a * b)),
});
const filled = (value: number, ...shape: number[]): Tensor => ({
  shape,
  data: new Float64Array(shape.reduce((a, b) => a * b)).fill(value),
});

interface Ready {
  readonly model: RecurrentModel;
  readonly weights: Weights;
  readonly run: (input: ModelInput) => ModelOutput;
}

function ready(config: ModelConfigInput): Ready {
  const model = createModel(config);
  const weights = initializeWeights(model.parameters, defaultRng(2));
  return { model, weights, run: (input) => model.forward(weights, input) };
}

describe("layouts", () => {
  const [T, B] = [5, 4];
  const input = normal(B, T, inputSize);
  const times: Tensor = { shape: [B, T], data: random.uniformArray(B * T, 0.5, 2) };
  const swap = ({ shape: [a, b, ...rest], data }: Tensor): Tensor => {
    const width = rest[0] ?? 1;
    const swapped = data.map(
      (_, k) => data[(Math.floor(k / width) % a!) * b! * width + Math.floor(k / width / a!) * width + (k % width)]!,
    );
    return { shape: [b!, a!, ...rest], data: swapped };
  };

  test.each([
    ["cfc", cfc],
    ["ltc", ltc],
  ] as const)("%s: time-major and unbatched runs equal the batch-first one", (_, config) => {
    const whole = ready(config).run({ input, elapsed: times });
    const timeMajor = ready({ ...config, batchFirst: false }).run({ input: swap(input), elapsed: swap(times) });
    expect(swap(timeMajor.output)).toEqual(whole.output);
    expect(timeMajor.state).toEqual(whole.state);
    const one = ready(config).run({
      input: { shape: [T, inputSize], data: input.data.slice(0, T * inputSize) },
      elapsed: { shape: [T], data: times.data.slice(0, T) },
    });
    expect(one.output).toEqual({ shape: [T, 2], data: whole.output.data.slice(0, T * 2) });
    expect(one.state.h).toEqual({ shape: [10], data: whole.state.h.data.slice(0, 10) });
  });

  test("elapsed times: a number, per sample and step, shared, each also with a last axis of 1, agree where equal", () => {
    const { run } = ready(cfc);
    const constant = run({ input, elapsed: 1.5 }).output.data;
    for (const shape of [
      [B, T],
      [B, T, 1],
      [1, T],
      [1, T, 1],
    ]) {
      expect(run({ input, elapsed: filled(1.5, ...shape) }).output.data).toEqual(constant);
    }
    expect(run({ input }).output.data).toEqual(run({ input, elapsed: 1 }).output.data);
  });

  test("the last output is the end of the sequence, and unbatched it has no batch axis", () => {
    const all = ready(cfc).run({ input }).output.data;
    const last = ready({ ...cfc, returnSequences: false }).run({ input });
    expect(last.output.shape).toEqual([B, 2]);
    expectClose("output", last.output.data.slice(0, 2), all.slice((T - 1) * 2, T * 2), 0);
    const one = ready({ ...cfc, returnSequences: false, batchFirst: false }).run({ input: normal(T, inputSize) });
    expect(one.output.shape).toEqual([2]);
  });

  const state = { h: filled(0, B, 10) };
  test.each<[string, ModelConfigInput, ModelInput, RegExp]>([
    ["input of rank 1", cfc, { input: normal(3) }, /input has shape \[3\]; expected \[B, T, features\]/],
    ["wrong features", cfc, { input: normal(B, T, 4) }, /4 features per step; this model was made for 3/],
    ["no steps", cfc, { input: { shape: [B, 0, 3], data: new Float64Array() } }, /0 steps of 4 sequences/],
    ["too little data", cfc, { input: { shape: [B, T, 3], data: new Float64Array(7) } }, /input has 7 numbers/],
    [
      "swapped times",
      cfc,
      { input, elapsed: filled(1, T, B) },
      /elapsed has shape \[5, 4\]; expected a number, \[4, 5\]/,
    ],
    ["times per neuron", cfc, { input, elapsed: filled(1, B, T, 10) }, /elapsed has shape \[4, 5, 10\]/],
    ["too few times", cfc, { input, elapsed: filled(1, 1, T - 1) }, /or \[1, 5\] \(shared\)/],
    ["negative time", cfc, { input, elapsed: -1 }, /elapsed holds -1; expected finite times >= 0/],
    ["zero time in an LTC", ltc, { input, elapsed: 0 }, /elapsed holds 0; expected finite times > 0/],
    ["a time that is no number", ltc, { input, elapsed: NaN }, /elapsed holds NaN/],
    [
      "state of another batch",
      cfc,
      { input, state: { h: filled(0, 1, 10) } },
      /state h has shape \[1, 10\]; expected \[4, 10\]/,
    ],
    [
      "state without batch axis",
      cfc,
      { input, state: { h: filled(0, 10) } },
      /state h has shape \[10\]; expected \[4, 10\]/,
    ],
    ["memory where there is none", cfc, { input, state: { ...state, c: state.h } }, /this model has no memory/],
    ["no memory where there is one", { ...cfc, mixedMemory: true }, { input, state }, /give the state as both h and c/],
    ["mask of another shape", cfc, { input, mask: filled(1, T, B) }, /mask has shape \[5, 4\]; expected \[4, 5\]/],
    ["mask and lengths", cfc, { input, mask: filled(1, B, T), lengths: [1, 1, 1, 1] }, /both mask and lengths/],
    [
      "a length beyond the input",
      cfc,
      { input, lengths: [1, 2, 3, 6] },
      /lengths holds 6; expected integers in 0 \.\. 5/,
    ],
    ["too few lengths", cfc, { input, lengths: [1] }, /1 lengths were given for 4 sequences/],
  ])("refuses %s", (_, config, given, message) => {
    const { run } = ready(config);
    expect(() => run(given)).toThrow(ConfigError);
    expect(() => run(given)).toThrow(message);
  });

  test("refuses missing, misshapen and non-finite weights by name", () => {
    const { model, weights } = ready(cfc);
    const name = "rnn_cell.layer_0.ff1.bias";
    const { [name]: bias, ...rest } = weights;
    expect(() => model.forward(rest, { input })).toThrow(`weight ${name} is missing`);
    expect(() => model.forward({ ...weights, [name]: bias!.slice(1) }, { input })).toThrow(`weight ${name} has`);
    expect(() => model.forward({ ...weights, [name]: bias!.map(() => NaN) }, { input })).toThrow("not finite");
  });
});

describe("padding and resets", () => {
  const [T, B] = [6, 3];
  const lengths = [2, 6, 4];
  const configs: [string, ModelConfigInput][] = [
    ["cfc", { ...cfc, mixedMemory: true }],
    ["ltc", ltc],
    ["gru", { kind: "gru", inputSize, units: 4 }],
  ];

  test.each(configs)(
    "%s: a padded batch equals its sequences run one by one, whatever the padding holds",
    (_, config) => {
      const { run, model } = ready({ ...config, returnSequences: false });
      const input = normal(B, T, inputSize);
      const isLtc = config.kind === "ltc";
      const elapsed = filled(0.7, B, T);
      lengths.forEach((length, n) => {
        input.data.fill(NaN, (n * T + length) * inputSize, (n + 1) * T * inputSize);
        elapsed.data.fill(isLtc ? 0 : NaN, n * T + length, (n + 1) * T);
      });
      const batch = run({ input, elapsed, lengths });
      const gradient = batch.backward({ output: filled(1, ...batch.output.shape) });
      for (const d of [...Object.values(gradient.weights), gradient.input.data])
        expect(d.every(Number.isFinite)).toBe(true);
      lengths.forEach((length, n) => {
        const rows = input.data.slice(n * T * inputSize, (n * T + length) * inputSize);
        const alone = run({ input: { shape: [length, inputSize], data: rows }, elapsed: 0.7 });
        const O = model.outputSize;
        expectClose("output", batch.output.data.slice(n * O, (n + 1) * O), alone.output.data, 1e-15);
        expectClose("h", batch.state.h.data.slice(n * model.units, (n + 1) * model.units), alone.state.h.data, 1e-15);
      });
    },
  );

  test.each(configs)("%s: an episode that starts inside a sequence is a sequence of its own", (_, config) => {
    const { run, model } = ready(config);
    const input = normal(1, T, inputSize);
    const episodeStart = filled(0, 1, T);
    episodeStart.data[4] = 1;
    const both = run({ input, episodeStart }).output.data;
    const first = run({ input: { shape: [1, 4, inputSize], data: input.data.slice(0, 4 * inputSize) } }).output.data;
    const second = run({ input: { shape: [1, 2, inputSize], data: input.data.slice(4 * inputSize) } }).output.data;
    expectClose("outputs", both, [...first, ...second], 0);
    expect(both.length).toBe(T * model.outputSize);
  });
});

describe("masking and polarity", () => {
  const names = ["ff1", "ff2", "time_a", "time_b"];

  test("strict: moving a weight where nothing is drawn changes nothing, in any head; ncps: time gates are dense", () => {
    const input = normal(1, 4, inputSize);
    const moved = (masking: "strict" | "ncps"): string[] => {
      const { model, weights, run } = ready({ kind: "cfc", inputSize, wiring, masking });
      const before = run({ input }).output.data;
      const mask = weights["rnn_cell.layer_0.sparsity_mask"]!;
      const at = mask.indexOf(0);
      return names.filter((name) => {
        const w = weights[`rnn_cell.layer_0.${name}.weight`]!.slice();
        w[at]! += 1;
        const after = model.forward({ ...weights, [`rnn_cell.layer_0.${name}.weight`]: w }, { input }).output.data;
        return after.some((value, k) => value !== before[k]);
      });
    };
    expect(moved("strict")).toEqual([]);
    expect(moved("ncps")).toEqual(["time_a", "time_b"]);
  });

  test("strict: influence follows exactly the drawn synapses, one layer per step and the recurrent ones to the next step", () => {
    const { model, weights } = ready({ kind: "cfc", inputSize, wiring, masking: "strict" });
    const { cell, circuit } = model;
    const grads = zeroGradients(cell.parameters);
    const order = circuit!.layers.flat();
    const state = random.uniformArray(10, -1, 1);
    const next = (from: Float64Array): Float64Array =>
      cell
        .prepare(weights, grads)
        .step({ input: new Float64Array(inputSize), state: from, elapsed: Float64Array.of(1), B: 1 }).state;
    const base = next(state);
    const layerOf = new Map(circuit!.layers.flatMap((ids, layer) => ids.map((id) => [id, layer] as const)));
    order.forEach((src, column) => {
      const nudged = state.slice();
      nudged[column]! += 0.5;
      const changed = order.filter((_, k) => next(nudged)[k] !== base[k]);
      // directly: itself and its drawn targets within the layer; then everything they reach in later layers, in the same step
      const reached = new Set(
        order.filter(
          (dest) =>
            dest === src || (layerOf.get(dest) === layerOf.get(src) && circuit!.adjacency[src * 10 + dest] !== 0),
        ),
      );
      for (const id of reached) {
        for (const dest of order) {
          const isForward = layerOf.get(dest) === layerOf.get(id)! + 1;
          if (isForward && circuit!.adjacency[id * 10 + dest] !== 0) reached.add(dest);
        }
      }
      expect(new Set(changed)).toEqual(reached);
    });
  });

  test("signed: flipping the sign of the weights of drawn synapses changes nothing", () => {
    for (const config of [
      { ...cfc, masking: "strict", polarity: "signed" },
      { ...ltc, polarity: "signed" },
    ] as ModelConfigInput[]) {
      const { model, weights } = ready(config);
      const input = normal(1, 4, inputSize);
      const before = model.forward(weights, { input }).output.data;
      const { adjacency, sensoryAdjacency } = model.circuit!;
      expect([...adjacency, ...sensoryAdjacency].some((p) => p === -1)).toBe(true);
      const name = config.kind === "ltc" ? "rnn_cell.sensory_erev" : "rnn_cell.layer_0.ff2.weight";
      // own-state weights of the layer stay free, so only what comes from the sensors is flipped
      const width = config.kind === "ltc" ? Infinity : weights[name]!.length / model.circuit!.layers[0]!.length;
      const flipped = weights[name]!.map((value, k) => (k % width < inputSize || width === Infinity ? -value : value));
      expect(model.forward({ ...weights, [name]: flipped }, { input }).output.data).toEqual(before);
    }
  });
});

describe("dropout", () => {
  const config = (flavour: "torch" | "keras", backboneLayers: number): ModelConfigInput => ({
    kind: "cfc",
    inputSize,
    units: 4,
    flavour,
    backboneLayers,
    backboneUnits: 64,
    backboneDropout: 0.5,
  });

  test("torch: none after the first layer; keras: after every layer; none in evaluation", () => {
    const input = normal(2, 3, inputSize);
    const changes = (flavour: "torch" | "keras", layers: number): boolean => {
      const { run } = ready(config(flavour, layers));
      const generator = defaultRng(0);
      const trained = run({ input, dropout: () => generator.random() }).output.data;
      expect(run({ input }).output.data).toEqual(run({ input, dropout: undefined }).output.data);
      return trained.some((value, k) => value !== run({ input }).output.data[k]);
    };
    expect([changes("torch", 1), changes("torch", 2), changes("keras", 1)]).toEqual([false, true, true]);
  });

  test("torch parameter names count the dropout modules", () => {
    const names = createModel(config("torch", 4))
      .parameters.map(({ name }) => name)
      .filter((name) => /backbone.*weight/.test(name));
    expect(names).toEqual([0, 2, 5, 8].map((i) => `rnn_cell.backbone.${i}.weight`));
  });
});

describe("initialisers", () => {
  const extremes = (values: Float64Array): [number, number] => [Math.min(...values), Math.max(...values)];

  test("LTC: every parameter lies in its range and fills it; ranges can be replaced", () => {
    const { weights } = ready({
      kind: "ltc",
      inputSize: 20,
      units: 40,
      initializationRanges: { mu: [1, 1], sigma: [-5, -4] },
    });
    const ranges = {
      gleak: [0.001, 1],
      vleak: [-0.2, 0.2],
      cm: [0.4, 0.6],
      w: [0.001, 1],
      sigma: [-5, -4],
      sensory_w: [0.001, 1],
      sensory_sigma: [3, 8],
      sensory_mu: [0.3, 0.8],
    };
    for (const [name, [low, high]] of Object.entries(ranges)) {
      const [min, max] = extremes(weights[`rnn_cell.${name}`]!);
      const slack = 0.2 * (high! - low!);
      expect(min, name).toBeGreaterThanOrEqual(low!);
      expect(max, name).toBeLessThanOrEqual(high!);
      expect([min < low! + slack, max > high! - slack], name).toEqual([true, true]);
    }
    expect(extremes(weights["rnn_cell.mu"]!)).toEqual([1, 1]);
    expect(extremes(weights["rnn_cell.input_w"]!)).toEqual([1, 1]);
    expect(extremes(weights["rnn_cell.output_b"]!)).toEqual([0, 0]);
    expect(extremes(weights["rnn_cell.erev"]!)).toEqual([-1, 1]);
  });

  test.each([
    [{ foo: [0, 1] }, /initializationRanges\.foo is not a parameter/],
    [{ w: [-0.1, 1] }, /w must not be negative/],
    [{ mu: [2, 1] }, /expected \[min, max\] with min <= max/],
  ] as [Record<string, [number, number]>, RegExp][])("refuses ranges %j", (initializationRanges, message) => {
    expect(() => createModel({ ...ltc, initializationRanges } as ModelConfigInput)).toThrow(message);
  });

  test("CfC, torch: xavier weights (w_tau and A too) and Linear biases; keras: zero biases, w_tau 0, A 1", () => {
    const bound = (name: string, weights: Weights): number => Math.max(...weights[`rnn_cell.${name}`]!.map(Math.abs));
    const { weights } = ready({ kind: "cfc", inputSize: 40, units: 60, backboneUnits: 50, mode: "pure" });
    const within: [string, number][] = [
      ["backbone.0.weight", Math.sqrt(6 / 150)],
      ["backbone.0.bias", 0.1],
      ["ff1.weight", Math.sqrt(6 / 110)],
      ["w_tau", Math.sqrt(6 / 61)],
      ["A", Math.sqrt(6 / 61)],
      ["ff1.bias", Math.sqrt(1 / 50)],
    ];
    for (const [name, limit] of within) {
      expect(bound(name, weights), name).toBeLessThanOrEqual(limit);
      expect(bound(name, weights), name).toBeGreaterThan(0.85 * limit);
    }
    const keras = ready({ kind: "cfc", inputSize: 4, units: 5, mode: "pure", flavour: "keras" }).weights;
    expect([bound("ff1.bias", keras), bound("w_tau", keras)]).toEqual([0, 0]);
    expect([...keras["rnn_cell.A"]!]).toEqual([1, 1, 1, 1, 1]);
  });

  test("the memory's recurrent weight has orthonormal columns (within 1e-12)", () => {
    const { weights } = ready({ ...cfc, mixedMemory: true });
    const w = weights["lstm.recurrent_map.weight"]!;
    for (let a = 0; a < 10; a++) {
      for (let b = 0; b < 10; b++) {
        let dot = 0;
        for (let i = 0; i < 40; i++) dot += w[i * 10 + a]! * w[i * 10 + b]!;
        expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-12);
      }
    }
  });

  test("the same seed gives the same weights, another seed others", () => {
    const { parameters } = createModel(cfc);
    expect(initializeWeights(parameters, defaultRng(1))).toEqual(initializeWeights(parameters, defaultRng(1)));
    expect(initializeWeights(parameters, defaultRng(1))).not.toEqual(initializeWeights(parameters, defaultRng(2)));
  });
});

describe("baselines by hand: one unit, one step from h = 0.5 (c = -0.4), x = 2", () => {
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const [x, h, c] = [2, 0.5, -0.4];
  const hand = (gates: number): Weights => ({
    weight_ih_l0: Float64Array.from({ length: gates }, (_, k) => 0.1 * (k + 1)),
    weight_hh_l0: Float64Array.from({ length: gates }, (_, k) => -0.2 * (k + 1)),
    bias_ih_l0: Float64Array.from({ length: gates }, (_, k) => 0.3 - 0.1 * k),
    bias_hh_l0: Float64Array.from({ length: gates }, (_, k) => 0.05 * k),
  });
  const fromInput = (k: number): number => 0.1 * (k + 1) * x + 0.3 - 0.1 * k;
  const fromState = (k: number): number => -0.2 * (k + 1) * h + 0.05 * k;
  const single = (value: number): Tensor => ({ shape: [1, 1], data: Float64Array.of(value) });
  const input: Tensor = { shape: [1, 1, 1], data: Float64Array.of(x) };

  test("LSTM: blocks i, f, g, o", () => {
    const { output, state } = createModel({ kind: "lstm", inputSize: 1, units: 1 }).forward(hand(4), {
      input,
      state: { h: single(h), c: single(c) },
    });
    const z = (k: number): number => fromInput(k) + fromState(k);
    const cNext = sigmoid(z(1)) * c + sigmoid(z(0)) * Math.tanh(z(2));
    expectClose("c", state.c!.data, [cNext], 1e-15);
    expectClose("h", output.data, [sigmoid(z(3)) * Math.tanh(cNext)], 1e-15);
  });

  test("GRU: blocks r, z, n, with the reset gate inside", () => {
    const { output } = createModel({ kind: "gru", inputSize: 1, units: 1 }).forward(hand(3), {
      input,
      state: { h: single(h) },
    });
    const r = sigmoid(fromInput(0) + fromState(0));
    const z = sigmoid(fromInput(1) + fromState(1));
    const n = Math.tanh(fromInput(2) + r * fromState(2));
    expectClose("h", output.data, [(1 - z) * n + z * h], 1e-15);
  });
});

test("runSequence steps a bare cell: two halves with the state carried over equal the whole", () => {
  const { model, weights } = ready(cfc);
  const grads = zeroGradients(model.cell.parameters);
  const input = random.standardNormalArray(6 * 2 * inputSize);
  const whole = runSequence(model.cell, weights, grads, { T: 6, B: 2, input });
  const first = runSequence(model.cell, weights, grads, { T: 3, B: 2, input: input.slice(0, 3 * 2 * inputSize) });
  const rest = { T: 3, B: 2, input: input.slice(3 * 2 * inputSize), initialState: first.finalState };
  const second = runSequence(model.cell, weights, grads, rest);
  expectClose("outputs", [...first.output, ...second.output], whole.output, 0);
});

test("a config with an unknown field, an unknown kind or both units and wiring is refused by name", () => {
  expect(() => createModel({ ...cfc, foo: 1 } as ModelConfigInput)).toThrow(/model config is wrong: .*foo/);
  expect(() => createModel({ kind: "rnn" } as unknown as ModelConfigInput)).toThrow(ConfigError);
  expect(() => createModel({ ...cfc, units: 3 } as ModelConfigInput)).toThrow(/either units or wiring, not both/);
  expect(() => createModel({ kind: "cfc", inputSize, units: 3, masking: "strict" })).toThrow(
    /masking is "strict", which needs a wiring/,
  );
});
