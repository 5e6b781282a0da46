import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Circuit,
  type WiringConfig,
  WiringConfig as WiringSchema,
  buildWiring,
  sensorySynapseCount,
  synapseCount,
  wiringFromConfig,
} from "../../../src/ncp/index.ts";

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

const autoNcp: fc.Arbitrary<WiringConfig> = fc
  .record({
    outputSize: fc.integer({ min: 1, max: 6 }),
    extra: fc.integer({ min: 3, max: 30 }),
    sparsity: fc.integer({ min: 10, max: 100 }),
    seed,
  })
  .map(({ outputSize, extra, sparsity, seed: s }) => ({
    kind: "AutoNCP",
    units: outputSize + extra,
    outputSize,
    sparsityLevel: sparsity / 100,
    seed: s,
  }));

const ncp: fc.Arbitrary<WiringConfig> = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5 }), seed)
  .chain(([interNeurons, commandNeurons, motorNeurons, s]) =>
    fc
      .record({
        sensoryFanout: fc.integer({ min: 0, max: interNeurons }),
        interFanout: fc.integer({ min: 0, max: commandNeurons }),
        recurrentCommandSynapses: fc.integer({ min: 0, max: 20 }),
        motorFanin: fc.integer({ min: 0, max: commandNeurons }),
      })
      .map((counts) => ({ kind: "NCP", interNeurons, commandNeurons, motorNeurons, seed: s, ...counts })),
  );

const layered: fc.Arbitrary<WiringConfig> = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 1, max: 8 }),
    fc.integer({ min: 1, max: 4 }),
    seed,
  )
  .map(([sizes, commandNeurons, motorNeurons, s]) => ({
    kind: "Layered",
    interLayers: sizes.map((neurons, i) => ({ neurons, fanout: Math.ceil((sizes[i + 1] ?? commandNeurons) / 2) })) as [
      { neurons: number; fanout: number },
    ],
    commandNeurons,
    motorNeurons,
    sensoryFanout: Math.ceil(sizes[0]! / 2),
    recurrentCommandSynapses: commandNeurons,
    motorFanin: Math.ceil(commandNeurons / 2),
    seed: s,
  }));

const random: fc.Arbitrary<WiringConfig> = fc
  .record({ units: fc.integer({ min: 1, max: 20 }), sparsity: fc.integer({ min: 0, max: 99 }), randomSeed: seed })
  .map(({ units, sparsity, randomSeed }) => ({ kind: "Random", units, sparsityLevel: sparsity / 100, randomSeed }));

const fullyConnected: fc.Arbitrary<WiringConfig> = fc
  .record({ units: fc.integer({ min: 1, max: 20 }), erevInitSeed: seed, selfConnections: fc.boolean() })
  .map((config) => ({ kind: "FullyConnected", ...config }));

const inputDim = fc.integer({ min: 1, max: 12 });
const runs = { numRuns: 150 };

/** Neurons that some sensor reaches along synapses. */
function reachedFromSensors({ units, adjacency, sensoryAdjacency }: Circuit): Set<number> {
  const reached = new Set<number>();
  sensoryAdjacency.forEach((polarity, at) => polarity !== 0 && reached.add(at % units));
  for (const id of reached) {
    for (let dest = 0; dest < units; dest++) if (adjacency[id * units + dest] !== 0) reached.add(dest);
  }
  return reached;
}

/** Layer neurons that have at least one synapse into the next layer. */
function sendsToNext({ units, adjacency, layers }: Circuit): boolean {
  return layers
    .slice(0, -1)
    .every((ids, layer) => ids.every((src) => layers[layer + 1]!.some((dest) => adjacency[src * units + dest] !== 0)));
}

/** Layers that a synapse may join: the next one, or command neurons among themselves. */
function onlyAllowedHops(circuit: Circuit): boolean {
  const { units, adjacency, layers } = circuit;
  const layerOf = new Map(layers.flatMap((ids, layer) => ids.map((id) => [id, layer] as const)));
  return adjacency.every((polarity, at) => {
    const [src, dest] = [Math.floor(at / units), at % units];
    const hop = layerOf.get(dest)! - layerOf.get(src)!;
    return polarity === 0 || hop === 1 || (hop === 0 && circuit.neuronKind(src) === "command");
  });
}

describe("wirings, for any valid arguments", () => {
  test("every neuron of a layered circuit is reached from a sensor, and every command neuron drives a motor neuron", () => {
    fc.assert(
      fc.property(fc.oneof(autoNcp, ncp, layered), inputDim, (config, n) => {
        const circuit = buildWiring(config, n);
        expect(onlyAllowedHops(circuit)).toBe(true);
        const command = circuit.layers.at(-2)!;
        expect(
          command.every((src) =>
            circuit.layers.at(-1)!.some((dest) => circuit.adjacency[src * circuit.units + dest] !== 0),
          ),
        ).toBe(true);
        const hasFans = config.kind !== "NCP" || config.motorFanin > 0;
        if (hasFans) expect(reachedFromSensors(circuit).size).toBe(circuit.units);
        const interSends = config.kind === "NCP" ? config.interFanout > 0 : true;
        if (interSends) expect(sendsToNext(circuit)).toBe(true);
      }),
      runs,
    );
  });

  test("counts are right: Random and FullyConnected have exactly as many synapses as asked", () => {
    const halfToEven = (x: number): number => (x % 1 === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));
    fc.assert(
      fc.property(random, inputDim, (config, n) => {
        if (config.kind !== "Random") return;
        const circuit = buildWiring(config, n);
        const density = 1 - config.sparsityLevel;
        expect(synapseCount(circuit)).toBe(halfToEven(config.units * config.units * density));
        expect(sensorySynapseCount(circuit)).toBe(halfToEven(n * config.units * density));
      }),
      runs,
    );
    fc.assert(
      fc.property(fullyConnected, inputDim, (config, n) => {
        if (config.kind !== "FullyConnected") return;
        const circuit = buildWiring(config, n);
        expect(synapseCount(circuit)).toBe(config.units ** 2 - (config.selfConnections ? 0 : config.units));
        expect(sensorySynapseCount(circuit)).toBe(n * config.units);
      }),
      runs,
    );
  });

  test("building again changes nothing, and the config rebuilds the same circuit, drawn once or twice", () => {
    fc.assert(
      fc.property(
        fc.oneof(autoNcp, ncp, layered, random, fullyConnected),
        inputDim,
        fc.boolean(),
        (config, n, twice) => {
          const wiring = wiringFromConfig(config);
          const first = wiring.build(n);
          expect(JSON.stringify(wiring.build(n))).toBe(JSON.stringify(first));
          const circuit = twice ? wiring.buildAgain() : first;
          const stored = WiringSchema.parse(JSON.parse(JSON.stringify(wiring.toConfig())));
          expect(JSON.stringify(buildWiring(stored, n))).toBe(JSON.stringify(circuit));
        },
      ),
      runs,
    );
  });

  test("a Layered wiring with one inter layer is the NCP of the same counts and seed", () => {
    fc.assert(
      fc.property(ncp, inputDim, (config, n) => {
        if (config.kind !== "NCP") return;
        const { kind: _, interNeurons, interFanout, ...rest } = config;
        const interLayers: [{ neurons: number; fanout: number }] = [{ neurons: interNeurons, fanout: interFanout }];
        const circuit = buildWiring({ kind: "Layered", interLayers, ...rest }, n);
        expect(JSON.stringify(circuit)).toBe(JSON.stringify(buildWiring(config, n)));
      }),
      runs,
    );
  });
});
