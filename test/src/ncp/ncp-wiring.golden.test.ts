import { describe, expect, test } from "vitest";
import { buildWiring, sensorySynapseCount, synapseCount } from "../../../src/ncp/index.ts";
import { describeGolden } from "../../helpers/golden.ts";
import { nameArguments, toWiringConfig } from "../../helpers/reference-wiring.ts";

interface DrivingWiring {
  readonly ctor: string;
  readonly sensory_synapses: number;
  readonly inner_synapses: number;
  readonly sensory_adjacency: readonly (readonly number[])[];
  readonly adjacency: readonly (readonly number[])[];
}

const longNames: Readonly<Record<string, string>> = {
  inter: "inter_neurons",
  command: "command_neurons",
  motor: "motor_neurons",
};

/** Reads such as "AutoNCP(19,1,seed=22222), 32 inputs". */
function parseConstructor(text: string): { class: string; args: Record<string, unknown>; inputDim: number } {
  const [, name, list, inputs] = /^(\w+)\((.*)\), (\d+) inputs$/.exec(text) ?? [];
  const parts = list!.split(",").map((part) => part.trim().split("="));
  const positional = parts.filter((part) => part.length === 1).map(([value]) => Number(value));
  const named = parts
    .filter((part) => part.length === 2)
    .map(([key, value]) => [longNames[key!] ?? key!, Number(value)]);
  return {
    class: name!,
    args: { ...nameArguments(name!, positional), ...Object.fromEntries(named) },
    inputDim: Number(inputs),
  };
}

describeGolden<{ wirings?: DrivingWiring[]; auto?: DrivingWiring[] }>("envs/ncp_wiring.json", (golden) => {
  const wirings = [...(golden.wirings ?? []), ...(golden.auto ?? [])];
  describe("ncp_wiring: the driving circuits equal the reference's", () => {
    test.each(wirings.map((w) => [w.ctor, w] as const))("%s", (ctor, w) => {
      const { inputDim, ...wiring } = parseConstructor(ctor);
      const circuit = buildWiring(toWiringConfig(wiring), inputDim);
      expect([...circuit.adjacency]).toEqual(w.adjacency.flat());
      expect([...circuit.sensoryAdjacency]).toEqual(w.sensory_adjacency.flat());
      expect(synapseCount(circuit)).toBe(w.inner_synapses);
      expect(sensorySynapseCount(circuit)).toBe(w.sensory_synapses);
    });
  });
});
