import { configError, requireInteger } from "../checks.ts";
import type { RandomConfig } from "./config.ts";
import type { IntegerSource } from "./integer-source.ts";
import { generatorSource } from "./random-sources.ts";
import { Wiring } from "./wiring.ts";

/** Options of `Random`; defaults as in the reference. */
export interface RandomOptions {
  /** number of motor neurons; all of them when absent */
  readonly outputDim?: number | undefined;
  /** fraction of pairs without a synapse, 0 <= s < 1; default 0 */
  readonly sparsityLevel?: number;
  /** seed of the synapses and polarities; default 1111 */
  readonly randomSeed?: number;
}

/**
 * A fixed number of synapses between random pairs of neurons, and likewise from sensors; two thirds of the polarities excitatory on
 * average. ncps' `Random`. Throws ConfigError (`ncp-range`) on options out of range.
 */
export class Random extends Wiring {
  readonly #config: RandomConfig;
  readonly #random: IntegerSource;

  constructor(units: number, options: RandomOptions = {}) {
    super(units);
    const { outputDim = units, sparsityLevel = 0, randomSeed = 1111 } = options;
    if (!(sparsityLevel >= 0 && sparsityLevel < 1)) {
      throw configError("range", `Random.sparsityLevel is ${sparsityLevel}; expected 0 <= sparsityLevel < 1`);
    }
    requireInteger("Random.randomSeed", randomSeed, 0);
    this.setOutputDim(outputDim);
    this.#config = { kind: "Random", units, outputDim, sparsityLevel, randomSeed };
    this.#random = generatorSource(randomSeed);
    for (const pair of this.#drawPairs(units)) {
      this.addSynapse(Math.floor(pair / units), pair % units, drawBiasedPolarity(this.#random));
    }
  }

  override toConfig(): RandomConfig {
    return this.withBuilds(this.#config);
  }

  protected override drawSynapses(inputDim: number): void {
    for (const pair of this.#drawPairs(inputDim)) {
      drawBiasedPolarity(this.#random); // the reference draws each sensory polarity twice; the second counts
      this.addSensorySynapse(Math.floor(pair / this.units), pair % this.units, drawBiasedPolarity(this.#random));
    }
  }

  /** Chosen (source, neuron) pairs, each as source * units + neuron. */
  #drawPairs(sources: number): number[] {
    const pairs = sources * this.units;
    return Array.from(this.#random.sample(pairs, roundHalfToEven(pairs * (1 - this.#config.sparsityLevel))));
  }
}

/** Polarity of `Random` and `FullyConnected`: excitatory with probability 2/3. */
export const drawBiasedPolarity = (random: IntegerSource): number => (random.below(3) === 0 ? -1 : 1);

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
