import { describe, expect, test } from "vitest";
import { type Circuit, buildWiring, sensorySynapseCount, synapseCount } from "../../../src/ncp/index.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { type ReferenceWiring, toWiringConfig } from "../../helpers/reference-wiring.ts";

interface CircuitCase extends ReferenceWiring {
  readonly id: string;
  readonly input_dim: number;
  readonly builds?: number;
  readonly units: number;
  readonly output_dim: number;
  readonly num_layers: number;
  readonly types: string;
  readonly layer_sizes: readonly number[];
  readonly layer_first_id: readonly number[];
  readonly synapse_count: number;
  readonly sensory_synapse_count: number;
  readonly adjacency: string;
  readonly sensory: string;
}

const decodeRuns = (runs: string): number[] =>
  (runs.match(/\d+|[+-]/g) ?? []).flatMap((token) =>
    token === "+" ? [1] : token === "-" ? [-1] : new Array<number>(Number(token)).fill(0),
  );

const types = (circuit: Circuit): string =>
  Array.from({ length: circuit.units }, (_, id) => circuit.neuronKind(id)[0]).join("");

for (const file of ["wirings_autoncp", "wirings_ncp", "wirings_random_fc"]) {
  describeGolden<{ cases: CircuitCase[] }>(`ncps/${file}.json`, (golden) => {
    describe(`${file}: circuits equal the reference's, synapse for synapse`, () => {
      test.each(golden.cases.map((c) => [c.id, c] as const))("%s", (_, c) => {
        const config = { ...toWiringConfig(c), ...(c.builds === undefined ? {} : { builds: c.builds }) };
        const circuit = buildWiring(config, c.input_dim);
        expect([...circuit.adjacency]).toEqual(decodeRuns(c.adjacency));
        expect([...circuit.sensoryAdjacency]).toEqual(decodeRuns(c.sensory));
        expect(circuit).toMatchObject({ units: c.units, inputDim: c.input_dim, outputDim: c.output_dim });
        expect(synapseCount(circuit)).toBe(c.synapse_count);
        expect(sensorySynapseCount(circuit)).toBe(c.sensory_synapse_count);
        expect(types(circuit)).toBe(c.types);
        expect(circuit.layers.length).toBe(c.num_layers);
        expect(circuit.layers.map((ids) => ids.length)).toEqual(c.layer_sizes);
        expect(circuit.layers.map((ids) => ids[0])).toEqual(c.layer_first_id);
      });
    });
  });
}
