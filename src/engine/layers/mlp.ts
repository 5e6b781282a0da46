import type { Activation } from "../activation-kind.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import type { DifferentiableSignal, Signal } from "../tensor.ts";
import { Dense } from "./dense.ts";
import type { FeedForwardLayer, Uniform } from "./layer.ts";

/** What a multi-layer perceptron is made of. */
export interface MlpOptions {
  /** parameters are `${name}.${i}.weight` and `.bias`, i = 0, 1, … over the dense layers */
  readonly name: string;
  readonly input: Signal;
  readonly hiddenSizes: readonly number[];
  readonly outputSize: number;
  readonly activation: Activation;
  /** orthogonal gain of the last layer; hidden layers use sqrt(2). Without it all layers use torch's default */
  readonly outputGain?: number;
}

/** Dense layers in a row: activation on the hidden ones, none on the output. */
export class Mlp implements FeedForwardLayer {
  readonly input: Signal;
  readonly output: DifferentiableSignal;
  readonly #layers: readonly Dense[];

  constructor(plan: MemoryPlan, block: ParameterBlock, options: MlpOptions) {
    const { name, input, hiddenSizes, outputSize, activation, outputGain } = options;
    const layers: Dense[] = [];
    let signal = input;
    const add = (size: number, f: Activation, gain: number): void => {
      const layer = new Dense(plan, block, {
        name: `${name}.${layers.length}`,
        input: signal,
        outputSize: size,
        activation: f,
        initializer: outputGain === undefined ? { kind: "torch" } : { kind: "orthogonal", gain },
      });
      layers.push(layer);
      signal = layer.output;
    };
    for (const size of hiddenSizes) add(size, activation, Math.SQRT2);
    add(outputSize, "identity", outputGain ?? 1);
    this.input = input;
    this.#layers = layers;
    this.output = layers.at(-1)!.output;
  }

  initialize(uniform: Uniform): void {
    for (const layer of this.#layers) layer.initialize(uniform);
  }

  prepare(): void {
    for (const layer of this.#layers) layer.prepare();
  }

  forward(rows: number): void {
    for (const layer of this.#layers) layer.forward(rows);
  }

  backward(rows: number): void {
    for (let i = this.#layers.length - 1; i >= 0; i--) this.#layers[i]!.backward(rows);
  }
}
