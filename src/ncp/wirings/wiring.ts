import { type Circuit, type NeuronKind, type Polarity, countSynapses, createCircuit } from "../circuit.ts";
import { configError, requireInteger } from "../checks.ts";
import type { ManualWiringConfig, WiringConfig } from "./config.ts";

/**
 * A circuit under construction: neurons 0 .. units - 1, synapses added by hand or drawn by a subclass. ncps' `wirings.Wiring`.
 *
 * `build(inputDim)` fixes the number of sensors and returns the circuit as plain data. It is idempotent: building
 * again with the same size returns the same circuit (the reference library draws further synapses; see `buildAgain`).
 * Every check throws ConfigError (`ncp-range`, `ncp-synapse`, `ncp-layer`, `ncp-unbuilt`, `ncp-input-dim`, `ncp-output-dim`).
 */
export class Wiring {
  /** number of neurons, motor neurons included */
  readonly units: number;
  /** [units, units] row-major, [src * units + dest] */
  protected readonly adjacency: Int8Array;
  /** [inputDim, units] row-major; null until built */
  protected sensoryAdjacency: Int8Array | null = null;
  #outputDim: number | null = null;
  #layers: readonly (readonly number[])[] | null = null;
  #kinds: readonly NeuronKind[] | null = null;
  #builds = 0;

  constructor(units: number) {
    this.units = requireInteger("wiring.units", units, 1);
    this.adjacency = new Int8Array(units * units);
  }

  /** Number of sensors; null until built. */
  get inputDim(): number | null {
    return this.sensoryAdjacency === null ? null : this.sensoryAdjacency.length / this.units;
  }

  /** Number of motor neurons; null when a manual wiring has not set it. */
  get outputDim(): number | null {
    return this.#outputDim;
  }

  /** How often synapses were drawn for the sensors: 0 before `build`, then 1, more after `buildAgain`. */
  get builds(): number {
    return this.#builds;
  }

  /** True once the number of sensors is known. */
  get isBuilt(): boolean {
    return this.sensoryAdjacency !== null;
  }

  /** Number of synapses between neurons. */
  get synapseCount(): number {
    return countSynapses(this.adjacency);
  }

  /** Number of synapses from sensors. Throws ConfigError when not built. */
  get sensorySynapseCount(): number {
    return countSynapses(this.requireSensory("sensorySynapseCount"));
  }

  /** Layers in the order a wired CfC computes them: one layer of all neurons unless set. */
  get layers(): readonly (readonly number[])[] {
    return this.#layers ?? [Array.from({ length: this.units }, (_, id) => id)];
  }

  /** Neuron ids of one layer. Throws ConfigError when there is no such layer. */
  neuronsOfLayer(layer: number): readonly number[] {
    const ids = this.layers[layer];
    if (ids === undefined) {
      throw configError("layer", `Unknown layer ${layer}: this wiring has layers 0 to ${this.layers.length - 1}`);
    }
    return ids;
  }

  /** Kind of a neuron: motor for the lowest ids, command and inter as the layers say. */
  neuronKind(id: number): NeuronKind {
    requireInteger("neuron id", id, 0, this.units - 1);
    if (this.#outputDim !== null && id < this.#outputDim) return "motor";
    return this.#kinds?.[id] ?? "inter";
  }

  /** Sets the number of motor neurons, which take ids 0 .. outputDim - 1. */
  setOutputDim(outputDim: number): this {
    this.#outputDim = requireInteger("wiring.outputDim", outputDim, 1, this.units);
    return this;
  }

  /**
   * Defines layers: every neuron in exactly one, all motor neurons in the last (set the output size first). Neurons of a
   * layer are kept in id order, so motor neurons come first in theirs.
   * `kinds` names each layer's neurons; without it the last layer but one is command, the others inter.
   */
  setLayers(layers: readonly (readonly number[])[], kinds?: readonly NeuronKind[]): this {
    checkPartition(layers, this.units, this.#outputDim);
    const byLayer = kinds ?? layers.map((_, layer) => (layer === layers.length - 2 ? "command" : "inter"));
    if (byLayer.length !== layers.length) {
      throw configError("layer", `${layers.length} layers were given with ${byLayer.length} kinds; give one per layer`);
    }
    const byId: NeuronKind[] = new Array<NeuronKind>(this.units).fill("inter");
    layers.forEach((ids, layer) => ids.forEach((id) => (byId[id] = byLayer[layer]!)));
    byId.forEach((kind, id) => {
      if (kind === "motor" && id >= (this.#outputDim ?? 0)) {
        throw configError(
          "layer",
          `neuron ${id} is called motor, but motor neurons are ids 0 to ${(this.#outputDim ?? 0) - 1}`,
        );
      }
    });
    this.#layers = layers.map((ids) => ids.toSorted((a, b) => a - b));
    this.#kinds = byId;
    return this;
  }

  /** Adds a synapse between neurons (polarity +1 or -1), or overwrites the polarity of an existing one. */
  addSynapse(src: number, dest: number, polarity: number): this {
    this.#checkNeuron(src, "originating in");
    this.#checkNeuron(dest, "feeding into");
    this.adjacency[src * this.units + dest] = checkedPolarity(polarity);
    return this;
  }

  /** Adds a synapse from a sensor, or overwrites the polarity of an existing one. The wiring must be built. */
  addSensorySynapse(sensor: number, dest: number, polarity: number): this {
    const sensory = this.requireSensory("add sensory synapses");
    const inputDim = sensory.length / this.units;
    if (!(Number.isInteger(sensor) && sensor >= 0 && sensor < inputDim)) {
      throw configError(
        "synapse",
        `Cannot add sensory synapse originating in ${sensor} if input has only ${inputDim} features`,
      );
    }
    this.#checkNeuron(dest, "feeding into");
    sensory[sensor * this.units + dest] = checkedPolarity(polarity);
    return this;
  }

  /**
   * Fixes the number of sensors and draws what depends on it. Idempotent for the same size.
   * Throws ConfigError for another size than before.
   */
  setInputDim(inputDim: number): this {
    requireInteger("inputDim", inputDim, 1);
    if (this.inputDim === null) {
      this.sensoryAdjacency = new Int8Array(inputDim * this.units);
      this.#draw();
    } else if (this.inputDim !== inputDim) {
      const came = `this wiring was built for ${this.inputDim} inputs and is now given ${inputDim}`;
      throw configError("input-dim", `Conflicting input dimensions: ${came}; make one wiring per layer`);
    }
    return this;
  }

  /** `setInputDim`, then the circuit. Throws ConfigError when a manual wiring has no motor neurons yet. */
  build(inputDim: number): Circuit {
    this.#requireOutputDim();
    return this.setInputDim(inputDim).circuit();
  }

  /**
   * What a second `build` does in the reference library: the random stream goes on and a second set of synapses is
   * added. Only for reproducing circuits made that way.
   */
  buildAgain(): Circuit {
    this.requireSensory("build again");
    this.#draw();
    return this.circuit();
  }

  /** The circuit as it is now, independent of later changes. Throws ConfigError when not built or without motor neurons. */
  circuit(): Circuit {
    const sensoryAdjacency = this.requireSensory("make a circuit").slice();
    return createCircuit({
      units: this.units,
      inputDim: sensoryAdjacency.length / this.units,
      outputDim: this.#requireOutputDim(),
      layers: this.layers.map((ids) => [...ids]),
      adjacency: this.adjacency.slice(),
      sensoryAdjacency,
      kinds: Array.from({ length: this.units }, (_, id) => this.neuronKind(id)),
    });
  }

  /** Everything needed to rebuild this wiring, as JSON data; `wiringFromConfig` is the inverse. */
  toConfig(): WiringConfig {
    const config: ManualWiringConfig = {
      kind: "Wiring",
      units: this.units,
      outputDim: this.#outputDim,
      inputDim: this.inputDim,
      adjacency: toRows(this.adjacency, this.units),
      sensoryAdjacency: this.sensoryAdjacency === null ? null : toRows(this.sensoryAdjacency, this.units),
    };
    if (this.#layers === null) return config;
    return {
      ...config,
      layers: this.#layers.map((ids) => [...ids]),
      kinds: this.#layers.map((ids) => this.#kinds![ids[0]!]!),
    };
  }

  /** Hook of subclasses: draws the synapses that depend on the number of sensors. */
  protected drawSynapses(_inputDim: number): void {}

  /** Records in a config that synapses were drawn more than once, so that it rebuilds this very circuit. */
  protected withBuilds<C extends object>(config: C): C {
    return this.#builds > 1 ? { ...config, builds: this.#builds } : config;
  }

  /** The sensory matrix, or ConfigError naming what was attempted. */
  protected requireSensory(attempt: string): Int8Array {
    if (this.sensoryAdjacency !== null) return this.sensoryAdjacency;
    throw configError("unbuilt", `Cannot ${attempt}: this wiring is not built yet, call build(number of inputs) first`);
  }

  #requireOutputDim(): number {
    if (this.#outputDim !== null) return this.#outputDim;
    throw configError("output-dim", "this wiring has no motor neurons yet: call setOutputDim(number of outputs) first");
  }

  #draw(): void {
    this.drawSynapses(this.inputDim!);
    this.#builds++;
  }

  #checkNeuron(id: number, role: string): void {
    if (Number.isInteger(id) && id >= 0 && id < this.units) return;
    throw configError("synapse", `Cannot add synapse ${role} ${id} if cell has only ${this.units} units`);
  }
}

function checkedPolarity(polarity: number): Polarity {
  if (polarity === 1 || polarity === -1) return polarity;
  throw configError("synapse", `Cannot add synapse with polarity ${polarity} (expected -1 or +1)`);
}

function checkPartition(layers: readonly (readonly number[])[], units: number, outputDim: number | null): void {
  const seen = new Uint8Array(units);
  layers.forEach((ids, layer) => {
    if (ids.length === 0) throw configError("layer", `layer ${layer} has no neurons`);
    for (const id of ids) {
      requireInteger(`layer ${layer}, neuron id`, id, 0, units - 1);
      if (seen[id] !== 0) throw configError("layer", `neuron ${id} is in two layers`);
      seen[id] = 1;
    }
  });
  const missing = seen.indexOf(0);
  if (missing !== -1) throw configError("layer", `neuron ${missing} is in no layer`);
  const last = layers[layers.length - 1]!;
  for (let id = 0; id < (outputDim ?? 0); id++) {
    if (!last.includes(id)) throw configError("layer", `motor neuron ${id} must be in the last layer`);
  }
}

function toRows(matrix: Int8Array, columns: number): number[][] {
  const rows: number[][] = [];
  for (let start = 0; start < matrix.length; start += columns) rows.push([...matrix.subarray(start, start + columns)]);
  return rows;
}
