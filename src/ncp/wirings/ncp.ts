import { configError, requireInteger } from "../checks.ts";
import type { NcpConfig, WiringConfig } from "./config.ts";
import { drawFanIn, drawFanOut, drawRecurrent } from "./draw-synapses.ts";
import type { IntegerSource } from "./integer-source.ts";
import { legacySource } from "./random-sources.ts";
import { Wiring } from "./wiring.ts";

/** Sizes and connection counts of an `NCP`: the fields of `NcpConfig`, ncps' arguments in camelCase; seed 22222 when absent. */
export type NcpOptions = Omit<NcpConfig, "kind" | "builds" | "seed"> & { readonly seed?: number };

/**
 * Neural circuit policy wiring: sensors -> inter -> command (recurrent) -> motor, sparse and seeded.
 *
 * Source: Lechner et al. 2020, doi:10.1038/s42256-020-00237-3, drawn synapse by synapse as ncps' `NCP`. Ids: motor, then command, then inter
 * neurons. Nothing is drawn before `build`, so the whole circuit depends on the number of sensors.
 * Throws ConfigError (`ncp-range`) on counts that cannot be, such as a fan-out beyond the next layer.
 */
export class NCP extends Wiring {
  readonly #config: NcpConfig;
  readonly #random: IntegerSource;

  constructor(options: NcpOptions) {
    const config: NcpConfig = { kind: "NCP", ...options, seed: options.seed ?? 22222 };
    checkNcp(config);
    const { interNeurons, commandNeurons, motorNeurons } = config;
    super(interNeurons + commandNeurons + motorNeurons);
    this.#config = config;
    this.#random = legacySource(config.seed);
    const [motor, command, inter] = consecutiveIds([motorNeurons, commandNeurons, interNeurons]);
    this.setOutputDim(motorNeurons).setLayers([inter!, command!, motor!], ["inter", "command", "motor"]);
  }

  /** The connection counts in use (for AutoNCP: the derived ones). */
  get counts(): NcpConfig {
    return this.#config;
  }

  override toConfig(): WiringConfig {
    return this.withBuilds(this.#config);
  }

  protected override drawSynapses(inputDim: number): void {
    const [inter, command, motor] = this.layers;
    const sensors = Array.from({ length: inputDim }, (_, sensor) => sensor);
    const counts = this.#config;
    const random = this.#random;
    const connect = this.addSynapse.bind(this);
    const sensory = this.addSensorySynapse.bind(this);
    drawFanOut(random, { sources: sensors, destinations: inter! }, counts.sensoryFanout, inputDim, sensory);
    // the reference caps the fan-in of forgotten command neurons by the command count, not by the inter count
    drawFanOut(random, { sources: inter!, destinations: command! }, counts.interFanout, command!.length, connect);
    drawRecurrent(random, command!, counts.recurrentCommandSynapses, connect);
    drawFanIn(random, { sources: command!, destinations: motor! }, counts.motorFanin, connect);
  }
}

/** Splits 0 .. sum - 1 into consecutive groups of the given sizes. */
export function consecutiveIds(sizes: readonly number[]): number[][] {
  let next = 0;
  return sizes.map((size) => Array.from({ length: size }, () => next++));
}

function checkNcp(config: NcpConfig): void {
  const { interNeurons, commandNeurons, motorNeurons, sensoryFanout, interFanout, motorFanin } = config;
  for (const [name, count] of Object.entries({ interNeurons, commandNeurons, motorNeurons })) {
    requireInteger(`NCP.${name}`, count, 1);
  }
  const { recurrentCommandSynapses } = config;
  for (const [name, count] of Object.entries({ motorFanin, sensoryFanout, interFanout, recurrentCommandSynapses })) {
    requireInteger(`NCP.${name}`, count, 0);
  }
  requireInteger("seed", config.seed, 0, 2 ** 32 - 1);
  atMost("motorFanin", motorFanin, "commandNeurons", commandNeurons);
  atMost("sensoryFanout", sensoryFanout, "interNeurons", interNeurons);
  atMost("interFanout", interFanout, "commandNeurons", commandNeurons);
}

function atMost(name: string, value: number, of: string, limit: number): void {
  if (value <= limit) return;
  throw configError(
    "range",
    `NCP.${name} is ${value}, but there are only ${limit} ${of}; expected 0 <= ${name} <= ${limit}`,
  );
}
