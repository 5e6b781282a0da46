import { requireInteger } from "../checks.ts";
import type { FullyConnectedConfig } from "./config.ts";
import type { IntegerSource } from "./integer-source.ts";
import { generatorSource } from "./random-sources.ts";
import { drawBiasedPolarity } from "./random-wiring.ts";
import { Wiring } from "./wiring.ts";

/** Options of `FullyConnected`; defaults as in the reference. */
export interface FullyConnectedOptions {
  /** number of motor neurons; all of them when absent */
  readonly outputDim?: number | undefined;
  /** seed of the polarities; default 1111 */
  readonly erevInitSeed?: number;
  /** whether neurons connect to themselves; default true */
  readonly selfConnections?: boolean;
}

/**
 * Every neuron to every neuron and every sensor to every neuron; two thirds of the polarities excitatory on average. ncps'
 * `FullyConnected`. Throws ConfigError (`ncp-range`) on options out of range.
 */
export class FullyConnected extends Wiring {
  readonly #config: FullyConnectedConfig;
  readonly #random: IntegerSource;

  constructor(units: number, options: FullyConnectedOptions = {}) {
    super(units);
    const { outputDim = units, erevInitSeed = 1111, selfConnections = true } = options;
    requireInteger("FullyConnected.erevInitSeed", erevInitSeed, 0);
    this.setOutputDim(outputDim);
    this.#config = { kind: "FullyConnected", units, outputDim, erevInitSeed, selfConnections };
    this.#random = generatorSource(erevInitSeed);
    for (let src = 0; src < units; src++) {
      for (let dest = 0; dest < units; dest++) {
        if (src === dest && !selfConnections) continue;
        this.addSynapse(src, dest, drawBiasedPolarity(this.#random));
      }
    }
  }

  override toConfig(): FullyConnectedConfig {
    return this.withBuilds(this.#config);
  }

  protected override drawSynapses(inputDim: number): void {
    for (let sensor = 0; sensor < inputDim; sensor++) {
      for (let dest = 0; dest < this.units; dest++) {
        this.addSensorySynapse(sensor, dest, drawBiasedPolarity(this.#random));
      }
    }
  }
}
