import { describe, expect, test } from "vitest";
import { crossEntropy, meanSquaredError } from "../../../agents/supervised/sequence-loss.ts";
import { SequenceModel } from "../../../agents/supervised/sequence-model.ts";
import type { Sequences } from "../../../agents/supervised/sequences.ts";
import { ConfigError, NonFiniteError } from "../../../src/errors.ts";

const network = { circuit: { kind: "cfc", wiring: { kind: "AutoNCP", units: 12 } } } as const;

/** Echo of the input one step earlier: needs memory. */
function echo(count: number, steps: number): Sequences {
  const inputs = new Float32Array(count * steps);
  const targets = new Float32Array(count * steps);
  for (let n = 0; n < count; n++)
    for (let t = 0; t < steps; t++) {
      inputs[n * steps + t] = Math.sin(1.3 * n + 2.1 * t * t) > 0 ? 0.8 : -0.8;
      targets[n * steps + t] = t === 0 ? 0 : inputs[n * steps + t - 1]!;
    }
  return { inputs, targets, count, steps };
}

describe("losses", () => {
  test.each(["meanSquaredError", "crossEntropy"] as const)(
    "%s: gradient equals central differences within 1e-3",
    (name) => {
      const rows = 3;
      const O = 4;
      const stride = 4;
      const outputs = { data: Float32Array.from({ length: rows * stride }, (_, i) => Math.sin(3 * i)), stride };
      const dOutputs = { data: new Float32Array(rows * stride), stride };
      const weights = Float32Array.from([0.5, 0, 0.5]);
      const targets =
        name === "crossEntropy"
          ? Float32Array.from([2, 0, 1])
          : Float32Array.from({ length: rows * O }, (_, i) => Math.cos(i));
      const loss = name === "crossEntropy" ? crossEntropy : meanSquaredError;
      const measure = (): number => loss({ outputs, dOutputs: null, weights, rows, numOutputs: O }, targets).loss;
      loss({ outputs, dOutputs, weights, rows, numOutputs: O }, targets);
      outputs.data.forEach((value, i) => {
        outputs.data[i] = value + 1e-2;
        const above = measure();
        outputs.data[i] = value - 1e-2;
        const below = measure();
        outputs.data[i] = value;
        expect(Math.abs((above - below) / 2e-2 - dOutputs.data[i]!)).toBeLessThan(1e-3);
      });
      expect(dOutputs.data.slice(4, 8).every((x) => Math.abs(x) === 0)).toBe(true); // a row of weight 0
    },
  );
});

describe("a sequence model", () => {
  test("learns to repeat its input one step late; another seed gives other weights, the same seed the same bytes", () => {
    const data = echo(16, 8);
    const learn = (seed: number): SequenceModel => {
      const model = new SequenceModel({ inputDim: 1, numOutputs: 1, network, seed });
      model.fit(data, { epochs: 120, batchSize: 8, learningRate: 0.02 });
      return model;
    };
    const model = learn(1);
    expect(model.evaluate(data).loss).toBeLessThan(0.02);
    expect(learn(1).save()).toEqual(model.save());
    expect(learn(2).save()).not.toEqual(model.save());
  });

  test("classes: names which of two tones a sequence holds, scored at its last real step", () => {
    const [count, steps] = [24, 10];
    const inputs = new Float32Array(count * steps);
    const targets = new Float32Array(count * steps);
    const lengths = Int32Array.from({ length: count }, (_, n) => 6 + (n % 5));
    for (let n = 0; n < count; n++)
      for (let t = 0; t < steps; t++) {
        inputs[n * steps + t] = Math.sin((n % 2 === 0 ? 0.4 : 1.6) * t + n);
        targets[n * steps + t] = n % 2;
      }
    const model = new SequenceModel({
      inputDim: 1,
      numOutputs: 2,
      loss: "crossEntropy",
      scored: "last",
      network,
      seed: 2,
    });
    const history = model.fit({ inputs, targets, lengths, count, steps }, { epochs: 120, learningRate: 0.02 });
    expect(history.at(-1)!.accuracy).toBeGreaterThan(0.9);
    expect(history[0]!.loss).toBeGreaterThan(history.at(-1)!.loss);
  });

  test("padded steps count for nothing", () => {
    const data = echo(4, 8);
    const lengths = Int32Array.from([3, 8, 5, 1]);
    const spoiled = {
      ...data,
      targets: data.targets.map((y, i) => (i % 8 < lengths[Math.floor(i / 8)]! ? y : 99)),
      lengths,
    };
    const model = new SequenceModel({ inputDim: 1, numOutputs: 1, network });
    expect(model.evaluate(spoiled).loss).toBe(model.evaluate({ ...data, lengths }).loss);
    expect(model.evaluate(spoiled).loss).not.toBe(model.evaluate(data).loss);
  });

  test("a mask lets gaps pass: sequences with holes give what they give without them, and padded steps repeat the last output", () => {
    const data = echo(3, 5);
    const model = new SequenceModel({ inputDim: 1, numOutputs: 1, network, seed: 6 });
    const T = 9;
    const places = [
      [0, 2, 3, 6, 8],
      [4, 5, 6, 7, 8],
      [0, 1, 2, 3, 4],
    ];
    const spread = (values: Float32Array, hole: number): Float32Array => {
      const out = new Float32Array(3 * T).fill(hole);
      places.forEach((steps, n) => steps.forEach((t, i) => (out[n * T + t] = values[n * 5 + i]!)));
      return out;
    };
    const mask = Uint8Array.from(spread(new Float32Array(15).fill(1), 0));
    const holed: Sequences = {
      inputs: spread(data.inputs, NaN),
      targets: spread(data.targets, NaN),
      elapsed: spread(new Float32Array(15).fill(1), 0),
      mask,
      count: 3,
      steps: T,
    };
    expect(model.evaluate(holed).loss).toBeCloseTo(model.evaluate(data).loss, 6);
    const [whole, outputs] = [model.predict(data), model.predict(holed)];
    places.forEach((steps, n) =>
      steps.forEach((t, i) => expect(Math.abs(outputs[n * T + t]! - whole[n * 5 + i]!)).toBeLessThan(1e-6)),
    );
    for (let n = 0; n < 3; n++)
      for (let t = 1; t < T; t++) if (mask[n * T + t] === 0) expect(outputs[n * T + t]).toBe(outputs[n * T + t - 1]);
    const before = model.evaluate(data).loss;
    model.fit(holed, { epochs: 60, learningRate: 0.02 });
    expect(model.evaluate(data).loss).toBeLessThan(before / 2);
  });

  test("lengths and the mask that says the same train to the same weights, but for rounding", () => {
    const data = echo(4, 6);
    const lengths = Int32Array.from([6, 2, 4, 5]);
    const mask = Uint8Array.from({ length: 24 }, (_, i) => (i % 6 < lengths[Math.floor(i / 6)]! ? 1 : 0));
    const learn = (padding: Partial<Sequences>): Float32Array => {
      const model = new SequenceModel({ inputDim: 1, numOutputs: 1, network, seed: 7 });
      model.fit({ ...data, ...padding }, { epochs: 3 });
      return model.predict(data);
    };
    const [short, masked, all] = [learn({ lengths }), learn({ mask }), learn({})];
    expect(short.every((y, i) => Math.abs(y - masked[i]!) < 1e-5)).toBe(true);
    expect(short.some((y, i) => Math.abs(y - all[i]!) > 1e-3)).toBe(true);
  });

  test("dropout acts in training alone: evaluation repeats, training with it gives other weights, the same every time", () => {
    const data = echo(6, 6);
    const learn = (backboneDropout: number): SequenceModel => {
      const circuit = { kind: "cfc-dense", units: 6, backboneUnits: 12, backboneLayers: 2, backboneDropout } as const;
      const model = new SequenceModel({ inputDim: 1, numOutputs: 1, network: { circuit }, seed: 8 });
      expect(model.evaluate(data).loss).toBe(model.evaluate(data).loss);
      model.fit(data, { epochs: 4 });
      return model;
    };
    const dropped = learn(0.5);
    expect(learn(0.5).predict(data)).toEqual(dropped.predict(data));
    expect(learn(0).predict(data)).not.toEqual(dropped.predict(data));
  });

  test("a saved model predicts the same, whatever the batch it is asked in", () => {
    const data = echo(5, 7);
    const model = new SequenceModel({ inputDim: 1, numOutputs: 1, network, seed: 4 });
    const copy = new SequenceModel({ inputDim: 1, numOutputs: 1, network, seed: 4 });
    copy.load(model.save());
    expect(copy.predict(data)).toEqual(model.predict(data));
    const alone = model.predict({ inputs: data.inputs.slice(0, 7), count: 1, steps: 7 });
    alone.forEach((y, t) => expect(Math.abs(y - model.predict(data)[t]!)).toBeLessThan(1e-6));
  });

  test("early stop, and the weights go on where a first fit ended", () => {
    const data = echo(8, 6);
    const model = new SequenceModel({ inputDim: 1, numOutputs: 1, network, seed: 5 });
    const first = model.fit(data, { epochs: 50, onEpoch: (epoch) => epoch < 9 });
    expect(first.length).toBe(10);
    const second = model.fit(data, { epochs: 1, batchSize: 8 });
    expect(second[0]!.loss).toBeLessThan(first[0]!.loss);
  });
});

describe("bad input", () => {
  const model = new SequenceModel({ inputDim: 2, numOutputs: 3, loss: "crossEntropy", network });
  const good: Sequences = { inputs: new Float32Array(12), targets: new Float32Array(6), count: 2, steps: 3 };
  test.each([
    [{ ...good, inputs: new Float32Array(11) }, /sequences.inputs: 11 numbers, expected 12 for \[2, 3, 2\]/],
    [{ ...good, targets: new Float32Array(6).fill(3) }, /targets\[0\] is 3; expected a class from 0 to 2/],
    [{ ...good, inputs: new Float32Array(12).fill(NaN) }, /sequences.inputs\[0\] is NaN/],
    [{ ...good, elapsed: new Float32Array(6) }, /sequences.elapsed\[0\] is 0; elapsed time must be above 0/],
    [{ ...good, lengths: Int32Array.from([3, 4]) }, /sequences.lengths: expected 2 lengths from 1 to 3/],
    [{ ...good, mask: new Uint8Array(5) }, /sequences.mask: 5 numbers, expected 6 for \[2, 3\]/],
    [{ ...good, mask: Uint8Array.of(1, 1, 1, 0, 0, 0) }, /sequences.mask: sequence 1 has no real step/],
    [{ ...good, mask: new Uint8Array(6).fill(1), lengths: Int32Array.of(3, 3) }, /lengths and mask both came/],
    [{ ...good, count: 0 }, /count 0 and steps 3; expected positive/],
  ])("is refused with one clear sentence (%#)", (data, message) => {
    expect(() => model.evaluate(data)).toThrow(ConfigError);
    expect(() => model.evaluate(data)).toThrow(message);
  });

  test("a learning rate that diverges stops with NonFiniteError", () => {
    const diverging = new SequenceModel({ inputDim: 1, numOutputs: 1, network });
    const data = echo(4, 4);
    expect(() =>
      diverging.fit({ ...data, targets: data.targets.map((y) => y * 1e30) }, { epochs: 20, learningRate: 1e30 }),
    ).toThrow(NonFiniteError);
  });
});

describe("bad settings", () => {
  const made = (options: object) => () => new SequenceModel({ inputDim: 2, numOutputs: 1, ...options });
  test.each([
    [
      { network: { circuit: { kind: "nope" } } },
      'network.circuit.kind: expected cfc | ltc | cfc-dense | lstm | gru | mlp, got "nope"',
    ],
    [{ network: { circuits: {} } }, "network.circuits: there is no such setting; did you mean network.circuit?"],
    [
      { network: { circuit: { kind: "cfc", wiring: { kind: "AutoNCP", units: 2 } }, actor: { scaleInit: 0 } } },
      "network.circuit.wiring.units: expected integer ≥ 4, got 2\nnetwork.actor.scaleInit: expected number > 0, got 0",
    ],
    [{ network: 3 }, "network: expected object, got 3"],
    [{ inputDim: 0 }, "inputDim: expected integer > 0, got 0"],
    [{ numOutputs: 1.5 }, "numOutputs: expected integer > 0, got 1.5"],
    [{ numOutputs: NaN }, "numOutputs: expected integer > 0, got NaN"],
    [{ inputDim: undefined }, "inputDim: is missing; expected integer > 0"],
    [{ loss: "hinge" }, 'loss: expected meanSquaredError | crossEntropy, got "hinge"'],
    [{ scored: "first" }, 'scored: expected every | last, got "first"'],
    [{ seed: -1 }, "seed: expected integer ≥ 0, got -1"],
    [{ sede: 1 }, "sede: there is no such setting; did you mean seed?"],
  ])("%j is refused with a sentence for each", (options, message) => {
    expect(made(options)).toThrow(new ConfigError("bad-setting", message));
  });

  test("a wiring that cannot be drawn for these sizes is a ConfigError too", () => {
    const circuit = { kind: "cfc", wiring: { kind: "AutoNCP", units: 4 } } as const;
    expect(made({ numOutputs: 8, network: { circuit } })).toThrow(ConfigError);
  });
});
