import type { Circuit } from "../circuit.ts";
import type { CircuitLabels, ReceptiveField, SynapseReport } from "./inspection.ts";

/** Ends walks that are caught in loops which no sensor feeds. */
const MAX_HOPS = 10_000;
const NEGLIGIBLE = 1e-9;

/**
 * Receptive field of each motor neuron: where walks back along its synapses end (see `SensorShare`).
 *
 * A walk moves from a neuron to one of its sources with probability strength / sum of incoming strengths, and stops at a
 * sensor; neurons nothing reaches end it without a sensor, so shares can sum to less than 1.
 */
export function receptiveFields(
  circuit: Circuit,
  synapses: readonly SynapseReport[],
  labels: CircuitLabels,
): ReceptiveField[] {
  const incoming = groupByTarget(circuit, synapses);
  return Array.from({ length: circuit.outputDim }, (_, motor) => {
    const ends = walkBack(circuit, incoming, motor);
    const hops = shortestPaths(circuit, incoming, motor);
    const sensors = labels.sensors.map((label, sensor) => {
      const share = ends.share[sensor]!;
      return { sensor, label, share, sign: share > 0 ? ends.signed[sensor]! / share : 0, hops: hops[sensor]! };
    });
    return { motor, label: labels.neurons[motor]!, sensors: sensors.toSorted((a, b) => b.share - a.share) };
  });
}

interface Incoming {
  readonly from: SynapseReport["from"];
  /** strength divided by the sum over the neuron's incoming synapses */
  readonly probability: number;
  readonly sign: number;
}

function groupByTarget({ units }: Circuit, synapses: readonly SynapseReport[]): Incoming[][] {
  const byTarget = Array.from({ length: units }, (): SynapseReport[] => []);
  for (const synapse of synapses) if (synapse.strength > 0) byTarget[synapse.to]!.push(synapse);
  return byTarget.map((list) => {
    const total = list.reduce((sum, { strength }) => sum + strength, 0);
    return list.map(({ from, strength, effect }) => ({ from, probability: strength / total, sign: Math.sign(effect) }));
  });
}

function walkBack(
  { units, inputDim }: Circuit,
  incoming: readonly Incoming[][],
  motor: number,
): { share: Float64Array; signed: Float64Array } {
  const ends = { share: new Float64Array(inputDim), signed: new Float64Array(inputDim) };
  let at = { share: new Float64Array(units), signed: new Float64Array(units) };
  at.share[motor] = 1;
  at.signed[motor] = 1;
  for (let hop = 0; hop < MAX_HOPS && at.share.some((p) => p > NEGLIGIBLE); hop++) {
    const next = { share: new Float64Array(units), signed: new Float64Array(units) };
    incoming.forEach((list, neuron) => {
      for (const { from, probability, sign } of list) {
        const into = from.kind === "sensor" ? ends : next;
        into.share[from.index]! += at.share[neuron]! * probability;
        into.signed[from.index]! += at.signed[neuron]! * probability * sign;
      }
    });
    at = next;
  }
  return ends;
}

/** Synapses on the shortest way from each sensor to a motor neuron. */
function shortestPaths(
  { units, inputDim }: Circuit,
  incoming: readonly Incoming[][],
  motor: number,
): (number | null)[] {
  const sensors = new Array<number | null>(inputDim).fill(null);
  const distance = new Array<number | null>(units).fill(null);
  distance[motor] = 0;
  const queue = [motor];
  for (const neuron of queue) {
    for (const { from } of incoming[neuron]!) {
      const known = from.kind === "sensor" ? sensors : distance;
      if (known[from.index] !== null) continue;
      known[from.index] = distance[neuron]! + 1;
      if (from.kind === "neuron") queue.push(from.index);
    }
  }
  return sensors;
}
