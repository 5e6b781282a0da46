import type { IntegerSource } from "./integer-source.ts";

/** Receives one drawn synapse; a repeated pair overwrites. */
export type Connect = (src: number, dest: number, polarity: number) => void;

/** A hop between two groups of neurons (or sensors): ids of the sources and of the destinations. */
export interface Hop {
  readonly sources: readonly number[];
  readonly destinations: readonly number[];
}

const drawPolarity = (random: IntegerSource): number => (random.below(2) === 0 ? -1 : 1);

/** Truncated average number of connections, kept in 1 .. limit. */
const averageFan = (synapses: number, neurons: number, limit: number): number =>
  Math.max(1, Math.min(limit, Math.trunc(synapses / neurons)));

/**
 * Gives every source `fanOut` distinct destinations; destinations that nobody chose then get the average number of
 * distinct sources, at most `limit`. So every neuron of the hop is connected.
 */
export function drawFanOut(random: IntegerSource, hop: Hop, fanOut: number, limit: number, connect: Connect): void {
  const { sources, destinations } = hop;
  const forgotten = new Set(destinations.keys());
  for (const src of sources) {
    const chosen = random.sample(destinations.length, fanOut);
    for (let i = 0; i < fanOut; i++) {
      forgotten.delete(chosen[i]!);
      connect(src, destinations[chosen[i]!]!, drawPolarity(random));
    }
  }
  const fanIn = averageFan(sources.length * fanOut, destinations.length, limit);
  for (const index of forgotten) {
    const chosen = random.sample(sources.length, fanIn);
    for (let i = 0; i < fanIn; i++) connect(sources[chosen[i]!]!, destinations[index]!, drawPolarity(random));
  }
}

/**
 * Gives every destination `fanIn` distinct sources; sources that nobody used then get the average number of distinct
 * destinations.
 */
export function drawFanIn(random: IntegerSource, hop: Hop, fanIn: number, connect: Connect): void {
  const { sources, destinations } = hop;
  const reversed: Hop = { sources: destinations, destinations: sources };
  drawFanOut(random, reversed, fanIn, destinations.length, (dest, src, polarity) => connect(src, dest, polarity));
}

/** Adds `synapses` random synapses within a group; self-connections and repeats can occur, repeats overwrite. */
export function drawRecurrent(
  random: IntegerSource,
  neurons: readonly number[],
  synapses: number,
  connect: Connect,
): void {
  for (let i = 0; i < synapses; i++) {
    const src = neurons[random.below(neurons.length)]!;
    const dest = neurons[random.below(neurons.length)]!;
    connect(src, dest, drawPolarity(random));
  }
}
