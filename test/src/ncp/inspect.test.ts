import { defaultRng } from "gymnasium-js";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import {
  type CircuitInspection,
  type InspectedCell,
  Wiring,
  createModel,
  initializeWeights,
  inspectCircuit,
  inspectionHtml,
  inspectionText,
} from "../../../src/ncp/index.ts";

/**
 * Two sensors and three neurons: sensor 0 -> 2, sensor 1 -> 2, 2 -> 1, 1 -> 1, 1 -> 0 (motor); all drawn by hand.
 * One layer each, so that a CfC can compute it.
 */
function smallWiring(): Wiring {
  const wiring = new Wiring(3)
    .setOutputDim(1)
    .setLayers([[2], [1], [0]], ["inter", "command", "motor"])
    .setInputDim(2);
  wiring.addSensorySynapse(0, 2, 1).addSensorySynapse(1, 2, -1);
  return wiring.addSynapse(2, 1, 1).addSynapse(1, 1, 1).addSynapse(1, 0, -1);
}

const strictCfc: InspectedCell = {
  kind: "cfc",
  mode: "default",
  masking: "strict",
  flavour: "torch",
  polarity: "free",
};

/** All weights and biases of every head equal, save those given. */
function cfcReport(special: Record<string, number[]> = {}): CircuitInspection {
  const model = createModel({ kind: "cfc", inputSize: 2, wiring: smallWiring().toConfig(), masking: "strict" });
  const weights = Object.fromEntries(
    model.parameters.map(({ name, shape }) => {
      const count = shape.reduce((a, b) => a * b, 1);
      return [name, special[name] === undefined ? new Float64Array(count).fill(0.5) : Float64Array.from(special[name])];
    }),
  );
  return inspectCircuit({
    circuit: model.circuit!,
    cell: strictCfc,
    weights,
    motorLabels: ["steer"],
    otherParts: { encoder: 7 },
  });
}

describe("inspectCircuit", () => {
  test("degrees, layers and parameters of a hand-drawn circuit", () => {
    const report = cfcReport();
    expect(report.sensors.map(({ out }) => out)).toEqual([
      { excitatory: 1, inhibitory: 0 },
      { excitatory: 0, inhibitory: 1 },
    ]);
    expect(report.neurons.map((n) => [n.label, n.layer, n.in, n.out])).toEqual([
      ["steer", 2, { excitatory: 0, inhibitory: 1 }, { excitatory: 0, inhibitory: 0 }],
      ["command 1", 1, { excitatory: 2, inhibitory: 0 }, { excitatory: 1, inhibitory: 1 }],
      ["inter 2", 0, { excitatory: 1, inhibitory: 1 }, { excitatory: 1, inhibitory: 0 }],
    ]);
    // inter: 4 heads of 2 sensors + itself + bias; command and motor: 1 source + itself + bias
    expect(report.parameters).toEqual([
      { part: "layer 0 (inter)", stored: 16, active: 16 },
      { part: "layer 1 (command)", stored: 12, active: 12 },
      { part: "layer 2 (motor)", stored: 12, active: 12 },
      { part: "encoder", stored: 7, active: 7 },
    ]);
  });

  test("receptive fields: shares follow strengths, signs multiply along the path, loops do not count twice", () => {
    const layer0 = [0.9, -0.3, 0.2]; // sensor 0, sensor 1, own state; the same in all four heads
    const heads = Object.fromEntries(
      ["ff1", "ff2", "time_a", "time_b"].map((h) => [`rnn_cell.layer_0.${h}.weight`, layer0]),
    );
    const [field] = cfcReport(heads).receptiveFields;
    expect(field!.sensors.map(({ sensor, hops }) => [sensor, hops])).toEqual([
      [0, 3],
      [1, 3],
    ]);
    expect(field!.sensors[0]!.share).toBeCloseTo(0.75, 8);
    expect(field!.sensors[1]!.share).toBeCloseTo(0.25, 8);
    expect(field!.sensors.map(({ sign }) => Math.round(sign))).toEqual([1, -1]);
  });

  test("gate time constants: 1 / |time_a bias|, and the gate after one period", () => {
    const report = cfcReport({ "rnn_cell.layer_2.time_a.bias": [-0.25], "rnn_cell.layer_2.time_b.bias": [0.25] });
    expect(report.neurons[0]!.timeConstant).toEqual({ kind: "gate", atRest: 4, gateAtRest: 0.5 });
  });

  test("LTC: conductances, effects and the range of membrane time constants", () => {
    const wiring = smallWiring();
    const model = createModel({
      kind: "ltc",
      inputSize: 2,
      wiring: wiring.toConfig(),
      implicitParamConstraints: false,
    });
    const weights = { ...initializeWeights(model.parameters, defaultRng(0)) };
    Object.assign(weights, {
      "rnn_cell.cm": Float64Array.of(1, 1, 1),
      "rnn_cell.gleak": Float64Array.of(0.5, 0.5, 0.5),
    });
    weights["rnn_cell.w"]![1 * 3 + 0] = 1.5; // command 1 -> motor 0
    weights["rnn_cell.erev"]![1 * 3 + 0] = -2;
    const cell: InspectedCell = { kind: "ltc", implicitParamConstraints: false, polarity: "free" };
    const report = inspectCircuit({ circuit: wiring.circuit(), cell, weights });
    expect(report.neurons[0]!.timeConstant).toEqual({ kind: "membrane", slowest: 2, fastest: 0.5 });
    expect(report.synapses.find(({ to }) => to === 0)).toMatchObject({ strength: 1.5, effect: -3, polarity: -1 });
  });

  test.each(["default", "no_gate", "pure"] as const)(
    "shares of every motor neuron sum to 1 in a trained-size circuit, mode %s",
    (mode) => {
      const wiring = { kind: "AutoNCP", units: 30, outputSize: 4, sparsityLevel: 0.4, seed: 8 } as const;
      const model = createModel({ kind: "cfc", inputSize: 6, wiring, mode });
      const weights = initializeWeights(model.parameters, defaultRng(1));
      const cell: InspectedCell = { ...strictCfc, mode, masking: "ncps" };
      const report = inspectCircuit({ circuit: model.circuit!, cell, weights });
      for (const { sensors } of report.receptiveFields) {
        expect(sensors.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
      }
      const stored = model.parameters
        .filter((p) => p.frozen !== true)
        .reduce((sum, p) => sum + weights[p.name]!.length, 0);
      expect(report.parameters.reduce((sum, part) => sum + part.stored, 0)).toBe(stored);
    },
  );

  test("text and page name every neuron, and the page escapes names", () => {
    const report = cfcReport();
    for (const { label } of report.neurons) expect(inspectionText(report)).toContain(label);
    const page = inspectionHtml(report, smallWiring().circuit(), "a <b>");
    expect(page).toContain("<title>a &lt;b&gt;</title>");
    expect(page).not.toContain("a <b>");
    expect(page.match(/a &lt;b&gt;/g)).toHaveLength(2); // once as the name of the page, once as its heading
    expect(page).not.toMatch(/NaN|undefined|https?:\/\/(?!www\.w3\.org)/);
  });

  test("a missing weight is named", () => {
    const circuit = smallWiring().circuit();
    expect(() => inspectCircuit({ circuit, cell: strictCfc, weights: {} })).toThrow(ConfigError);
    expect(() => inspectCircuit({ circuit, cell: strictCfc, weights: {} })).toThrow(
      "rnn_cell.layer_0.ff1.weight is missing",
    );
  });
});
