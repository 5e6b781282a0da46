import { configError, requireInteger } from "../checks.ts";
import type { AutoNcpConfig } from "./config.ts";
import { NCP, type NcpOptions } from "./ncp.ts";

/** Options of `AutoNCP`; defaults as in the reference. */
export interface AutoNcpOptions {
  /** 0.1 .. 1.0, where 1.0 leaves one synapse per neuron and hop; default 0.5 */
  readonly sparsityLevel?: number;
  /** 0 .. 2^32 - 1; default 22222 */
  readonly seed?: number;
}

/**
 * An `NCP` whose layer sizes and connection counts follow from the number of neurons, outputs and a sparsity level: ncps' `AutoNCP`.
 * Throws ConfigError (`ncp-range`) unless 1 <= outputSize <= units - 3 and 0.1 <= sparsityLevel <= 1.
 */
export class AutoNCP extends NCP {
  readonly #config: AutoNcpConfig;

  constructor(units: number, outputSize: number, options: AutoNcpOptions = {}) {
    const { sparsityLevel = 0.5, seed = 22222 } = options;
    super(deriveCounts(units, outputSize, sparsityLevel, seed));
    this.#config = { kind: "AutoNCP", units, outputSize, sparsityLevel, seed };
  }

  override toConfig(): AutoNcpConfig {
    return this.withBuilds(this.#config);
  }
}

function deriveCounts(units: number, outputSize: number, sparsityLevel: number, seed: number): NcpOptions {
  requireInteger("AutoNCP.units", units, 4);
  requireInteger("AutoNCP.outputSize", outputSize, 1);
  if (outputSize >= units - 2) {
    throw configError(
      "range",
      `AutoNCP.outputSize is ${outputSize} with ${units} units; expected at most units - 3 = ${units - 3}`,
    );
  }
  if (!(sparsityLevel >= 0.1 && sparsityLevel <= 1)) {
    throw configError("range", `AutoNCP.sparsityLevel is ${sparsityLevel}; expected 0.1 <= sparsityLevel <= 1.0`);
  }
  const density = 1 - sparsityLevel;
  const hidden = units - outputSize;
  const atLeastOne = (value: number): number => Math.max(Math.trunc(value), 1);
  const commandNeurons = atLeastOne(0.4 * hidden);
  const interNeurons = hidden - commandNeurons;
  return {
    interNeurons,
    commandNeurons,
    motorNeurons: outputSize,
    sensoryFanout: atLeastOne(interNeurons * density),
    interFanout: atLeastOne(commandNeurons * density),
    recurrentCommandSynapses: atLeastOne(commandNeurons * density * 2),
    motorFanin: atLeastOne(commandNeurons * density),
    seed,
  };
}
