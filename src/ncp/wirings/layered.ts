import { configError, requireInteger } from "../checks.ts";
import type { LayeredConfig } from "./config.ts";
import { drawFanIn, drawFanOut, drawRecurrent } from "./draw-synapses.ts";
import type { IntegerSource } from "./integer-source.ts";
import { consecutiveIds } from "./ncp.ts";
import { legacySource } from "./random-sources.ts";
import { Wiring } from "./wiring.ts";

/** Sizes and connection counts of a `Layered` wiring: the fields of `LayeredConfig`; seed 22222 when absent. */
export type LayeredOptions = Omit<LayeredConfig, "kind" | "builds" | "seed"> & { readonly seed?: number };

/**
 * An NCP with any number of inter layers: sensors -> inter 0 -> inter 1 -> ... -> command (recurrent) -> motor.
 *
 * Not in the reference. With one inter layer it draws the same circuit as `NCP` with the same counts and seed.
 * Ids: motor, command, then the inter layers from the last (next to command) to the first (next to the sensors).
 * Throws ConfigError (`ncp-range`, `ncp-layer`) on counts that cannot be.
 */
export class Layered extends Wiring {
  readonly #config: LayeredConfig;
  readonly #random: IntegerSource;

  constructor(options: LayeredOptions) {
    const config: LayeredConfig = { kind: "Layered", ...options, seed: options.seed ?? 22222 };
    checkLayered(config);
    const sizes = [config.motorNeurons, config.commandNeurons, ...config.interLayers.map((l) => l.neurons).reverse()];
    super(sizes.reduce((sum, size) => sum + size, 0));
    this.#config = config;
    this.#random = legacySource(config.seed);
    const layers = consecutiveIds(sizes).reverse();
    const kinds = layers.map((_, i) => (["motor", "command"] as const)[layers.length - 1 - i] ?? "inter");
    this.setOutputDim(config.motorNeurons).setLayers(layers, kinds);
  }

  override toConfig(): LayeredConfig {
    return this.withBuilds(this.#config);
  }

  protected override drawSynapses(inputDim: number): void {
    const { interLayers, sensoryFanout, recurrentCommandSynapses, motorFanin } = this.#config;
    const layers = this.layers;
    const [command, motor] = layers.slice(-2);
    const random = this.#random;
    const connect = this.addSynapse.bind(this);
    const sensors = Array.from({ length: inputDim }, (_, sensor) => sensor);
    const sensory = this.addSensorySynapse.bind(this);
    drawFanOut(random, { sources: sensors, destinations: layers[0]! }, sensoryFanout, inputDim, sensory);
    interLayers.forEach(({ fanout }, i) => {
      const destinations = layers[i + 1]!;
      drawFanOut(random, { sources: layers[i]!, destinations }, fanout, destinations.length, connect);
    });
    drawRecurrent(random, command!, recurrentCommandSynapses, connect);
    drawFanIn(random, { sources: command!, destinations: motor! }, motorFanin, connect);
  }
}

function checkLayered(config: LayeredConfig): void {
  const { interLayers, commandNeurons, motorNeurons, sensoryFanout, motorFanin, recurrentCommandSynapses } = config;
  if (interLayers.length === 0) throw configError("layer", "Layered.interLayers is empty; expected at least one layer");
  requireInteger("Layered.commandNeurons", commandNeurons, 1);
  requireInteger("Layered.motorNeurons", motorNeurons, 1);
  requireInteger("Layered.recurrentCommandSynapses", recurrentCommandSynapses, 0);
  requireInteger("Layered.motorFanin", motorFanin, 0, commandNeurons);
  requireInteger("seed", config.seed, 0, 2 ** 32 - 1);
  interLayers.forEach(({ neurons, fanout }, i) => {
    requireInteger(`Layered.interLayers.${i}.neurons`, neurons, 1);
    requireInteger(`Layered.interLayers.${i}.fanout`, fanout, 0, interLayers[i + 1]?.neurons ?? commandNeurons);
  });
  requireInteger("Layered.sensoryFanout", sensoryFanout, 0, interLayers[0]!.neurons);
}
