import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import {
  AutoNCP,
  Layered,
  NCP,
  Wiring,
  buildWiring,
  circuitDot,
  circuitSvg,
  wiredCfcCell,
} from "../../../src/ncp/index.ts";

describe("Wiring", () => {
  test("user-defined layers: kinds follow, motor neurons keep their ids, the config rebuilds them", () => {
    const wiring = new Wiring(5).setOutputDim(1).setLayers([[4, 3], [2], [1, 0]], ["inter", "inter", "command"]);
    wiring.setInputDim(2).addSensorySynapse(0, 4, 1).addSynapse(4, 2, -1).addSynapse(2, 0, 1);
    const circuit = wiring.circuit();
    expect(circuit.layers).toEqual([[3, 4], [2], [0, 1]]);
    expect([0, 1, 2, 3, 4].map((id) => circuit.neuronKind(id))).toEqual([
      "motor",
      "command",
      "inter",
      "inter",
      "inter",
    ]);
    const config = wiring.toConfig();
    expect(JSON.stringify(buildWiring(config, 2))).toBe(JSON.stringify(circuit));
  });

  test.each([
    [
      "a neuron in two layers",
      () =>
        new Wiring(3).setLayers([
          [0, 1],
          [1, 2],
        ]),
      /neuron 1 is in two layers/,
    ],
    ["a neuron in no layer", () => new Wiring(3).setLayers([[0], [2]]), /neuron 1 is in no layer/],
    ["an empty layer", () => new Wiring(2).setLayers([[], [0, 1]]), /layer 0 has no neurons/],
    [
      "a motor neuron not in the last layer",
      () => new Wiring(3).setOutputDim(1).setLayers([[0], [1, 2]]),
      /motor neuron 0 must be in the last layer/,
    ],
    [
      "more kinds than layers",
      () => new Wiring(2).setLayers([[0, 1]], ["inter", "inter"]),
      /1 layers were given with 2 kinds/,
    ],
    ["no motor neurons", () => new Wiring(3).build(2), /no motor neurons/],
    ["a fractional id", () => new Wiring(3).addSynapse(0.5, 1, 1), /originating in 0\.5/],
    [
      "no command neurons",
      () =>
        new NCP({
          interNeurons: 2,
          commandNeurons: 0,
          motorNeurons: 1,
          sensoryFanout: 1,
          interFanout: 0,
          recurrentCommandSynapses: 0,
          motorFanin: 0,
        }),
      /NCP\.commandNeurons is 0/,
    ],
    ["a fractional seed", () => new AutoNCP(10, 2, { seed: 1.5 }), /seed is 1\.5/],
    [
      "a fan-out beyond the next layer",
      () =>
        new Layered({
          interLayers: [
            { neurons: 3, fanout: 4 },
            { neurons: 3, fanout: 1 },
          ],
          commandNeurons: 2,
          motorNeurons: 1,
          sensoryFanout: 1,
          recurrentCommandSynapses: 0,
          motorFanin: 1,
        }),
      /interLayers\.0\.fanout is 4/,
    ],
    [
      "a ragged matrix",
      () =>
        buildWiring(
          { kind: "Wiring", units: 2, outputDim: 1, inputDim: null, adjacency: [[0, 1], [0]], sensoryAdjacency: null },
          1,
        ),
      /expected 2 rows of 2/,
    ],
  ])("refuses %s with a message that says so", (_, attempt, message) => {
    expect(attempt).toThrow(ConfigError);
    expect(attempt).toThrow(message);
  });

  test("a circuit is a copy: later synapses do not change it", () => {
    const wiring = new Wiring(2).setOutputDim(1);
    const before = wiring.build(1);
    wiring.addSynapse(1, 0, 1);
    expect(before.adjacency.every((polarity) => polarity === 0)).toBe(true);
    expect(wiring.circuit().adjacency[2]).toBe(1);
  });

  test("strict masking refuses a synapse that skips a layer, and ncps masking ignores it", () => {
    const wiring = new Wiring(3).setOutputDim(1).setLayers([[2], [1], [0]]);
    wiring.setInputDim(1).addSensorySynapse(0, 2, 1).addSynapse(2, 0, 1);
    const cell = (masking: "strict" | "ncps"): unknown =>
      wiredCfcCell({
        circuit: wiring.circuit(),
        masking,
        mode: "default",
        flavour: "torch",
        polarity: "free",
        prefix: "",
      });
    expect(() => cell("strict")).toThrow(/from neuron 2 to neuron 0 \(layer 2\) skips a layer/);
    expect(() => cell("ncps")).not.toThrow();
  });
});

describe("drawings", () => {
  const circuit = new AutoNCP(12, 2, { seed: 5 }).build(3);
  const synapses =
    circuit.adjacency.filter((p) => p !== 0).length + circuit.sensoryAdjacency.filter((p) => p !== 0).length;

  test.each(["layered", "circular"] as const)("the %s SVG holds every neuron and synapse once", (layout) => {
    const svg = circuitSvg(circuit, { layout, title: 'a < b & "c"', sensorLabels: ["x", "y", "z"] });
    expect(svg.match(/<g id="neuron_\d+">/g)?.length).toBe(12);
    expect(svg.match(/<g id="sensory_\d+">/g)?.length).toBe(3);
    expect(svg.match(/ to neuron_\d+, (excitatory|inhibitory)/g)?.length).toBe(synapses);
    expect(svg).toContain("a &lt; b &amp; &quot;c&quot;");
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  test("the DOT document holds every synapse once, with a bar where it inhibits", () => {
    const dot = circuitDot(circuit);
    expect(dot.match(/ -> /g)?.length).toBe(synapses);
    const inhibitory = [...circuit.adjacency, ...circuit.sensoryAdjacency].filter((p) => p < 0).length;
    expect(dot.match(/arrowhead=tee/g)?.length).toBe(inhibitory);
  });
});
