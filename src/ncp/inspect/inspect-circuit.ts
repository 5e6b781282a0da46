import type { Polarity } from "../circuit.ts";
import { countParameters } from "./count-parameters.ts";
import type { CircuitInspection, CircuitLabels, Degree, InspectionInput } from "./inspection.ts";
import { receptiveFields } from "./receptive-fields.ts";
import { reportSynapses } from "./synapse-strength.ts";
import { timeConstants } from "./time-constants.ts";

/** Reports a circuit with its weights, as `elegans inspect` does. Pure; throws ConfigError (`ncp-weights`) when a weight is missing. */
export function inspectCircuit(input: InspectionInput): CircuitInspection {
  const { circuit, cell, weights, otherParts = {} } = input;
  const synapses = reportSynapses(circuit, cell, weights);
  const times = timeConstants(circuit, cell, weights);
  const labels = labelCircuit(input);
  const others = Object.entries(otherParts).map(([part, count]) => ({ part, stored: count, active: count }));
  return {
    cell,
    sensors: labels.sensors.map((label, index) => ({
      index,
      label,
      out: degree(synapses.filter(({ from }) => from.kind === "sensor" && from.index === index)),
    })),
    layers: circuit.layers.map((ids) => ({
      ids: [...ids],
      kinds: [...new Set(ids.map((id) => circuit.neuronKind(id)))],
    })),
    neurons: labels.neurons.map((label, id) => ({
      id,
      kind: circuit.neuronKind(id),
      label,
      layer: circuit.layers.findIndex((ids) => ids.includes(id)),
      in: degree(synapses.filter(({ to }) => to === id)),
      out: degree(synapses.filter(({ from }) => from.kind === "neuron" && from.index === id)),
      timeConstant: times[id]!,
    })),
    synapses,
    parameters: [...countParameters(circuit, cell, weights), ...others],
    receptiveFields: receptiveFields(circuit, synapses, labels),
  };
}

function labelCircuit({ circuit, sensorLabels, motorLabels }: InspectionInput): CircuitLabels {
  return {
    sensors: Array.from({ length: circuit.inputDim }, (_, i) => sensorLabels?.[i] ?? `sensor ${i}`),
    neurons: Array.from({ length: circuit.units }, (_, id) => motorLabels?.[id] ?? `${circuit.neuronKind(id)} ${id}`),
  };
}

const degree = (synapses: readonly { readonly polarity: Polarity }[]): Degree => {
  const excitatory = synapses.filter(({ polarity }) => polarity === 1).length;
  return { excitatory, inhibitory: synapses.length - excitatory };
};
