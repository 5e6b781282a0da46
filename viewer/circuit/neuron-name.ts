import type { CircuitDescription } from "../../src/protocol/index.ts";

/** What a neuron is called; sensory ones are -1 - s. */
export function nameOf(circuit: CircuitDescription, id: number): string {
  if (id < 0) return circuit.sensory[-1 - id] ?? `input ${-1 - id}`;
  return circuit.neurons[id]?.id === id
    ? circuit.neurons[id].label
    : (circuit.neurons.find((n) => n.id === id)?.label ?? `neuron ${id}`);
}
