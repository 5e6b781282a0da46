import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import type { DifferentiableSignal } from "../tensor.ts";
import { Conv2d } from "./conv2d.ts";
import type { Padding } from "./conv-geometry.ts";
import { Dense } from "./dense.ts";
import type { ImageSource } from "./image-source.ts";
import type { FeedForwardLayer, Uniform } from "./layer.ts";
import { PerFilterDense } from "./per-filter-dense.ts";

/** One convolution of an encoder. */
export interface ConvSpec {
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
}

/** From the last feature map to features: a dense layer with ReLU, or a small one per filter. */
export type EncoderHead =
  { readonly kind: "dense"; readonly size: number } | { readonly kind: "perFilter"; readonly outputsPerFilter: number };

/** Shape of a convolutional encoder, plain data. */
export interface ConvEncoderSpec {
  readonly convs: readonly ConvSpec[];
  readonly padding: Padding;
  readonly head: EncoderHead;
}

/** Mnih et al. 2015, doi:10.1038/nature14236: 84 x 84 x 4 frames to 512 features. */
export const natureEncoder: ConvEncoderSpec = {
  convs: [
    { filters: 32, kernel: 8, stride: 4 },
    { filters: 64, kernel: 4, stride: 2 },
    { filters: 64, kernel: 3, stride: 1 },
  ],
  padding: "valid",
  head: { kind: "dense", size: 512 },
};

/** 10 x 10 boards to 128 features: one 3 x 3 convolution with 16 filters (Young and Tian 2019, arXiv:1903.03176). */
export const minatarEncoder: ConvEncoderSpec = {
  convs: [{ filters: 16, kernel: 3, stride: 1 }],
  padding: "valid",
  head: { kind: "dense", size: 128 },
};

/** The lane-keeping head (Lechner et al. 2020, doi:10.1038/s42256-020-00237-3): 79,420 parameters and 32 features at 78 x 200 x 3. */
export const laneKeepingEncoder: ConvEncoderSpec = {
  convs: [
    { filters: 24, kernel: 5, stride: 2 },
    { filters: 36, kernel: 5, stride: 2 },
    { filters: 48, kernel: 3, stride: 2 },
    { filters: 64, kernel: 3, stride: 1 },
    { filters: 8, kernel: 3, stride: 1 },
  ],
  padding: "same",
  head: { kind: "perFilter", outputsPerFilter: 4 },
};

/** What an encoder is made of. */
export interface ConvEncoderOptions {
  /** parameters are `${name}.conv.${i}.*` and `${name}.head.*` */
  readonly name: string;
  readonly source: ImageSource;
  readonly spec: ConvEncoderSpec;
  /** orthogonal gain with zero bias for convolutions and dense head; without it torch's default */
  readonly gain?: number;
}

/** Convolutions, then a head: images to features [rows, features]. */
export class ConvEncoder implements FeedForwardLayer {
  readonly output: DifferentiableSignal;
  readonly #convs: readonly Conv2d[];
  readonly #head: FeedForwardLayer;

  constructor(plan: MemoryPlan, block: ParameterBlock, { name, source, spec, gain }: ConvEncoderOptions) {
    const convs: Conv2d[] = [];
    let from = source;
    for (const [i, conv] of spec.convs.entries()) {
      const layer = new Conv2d(plan, block, {
        name: `${name}.conv.${i}`,
        source: from,
        padding: spec.padding,
        ...conv,
        ...(gain === undefined ? {} : { gain }),
      });
      convs.push(layer);
      from = { kind: "floats", signal: layer.output, shape: layer.shape };
    }
    this.#convs = convs;
    const last = convs.at(-1)!; // specs have at least one convolution
    this.#head = createHead(plan, block, `${name}.head`, last, spec.head, gain);
    this.output = this.#head.output;
  }

  initialize(uniform: Uniform): void {
    for (const conv of this.#convs) conv.initialize(uniform);
    this.#head.initialize(uniform);
  }

  prepare(): void {
    for (const conv of this.#convs) conv.prepare();
    this.#head.prepare();
  }

  forward(rows: number): void {
    for (const conv of this.#convs) conv.forward(rows);
    this.#head.forward(rows);
  }

  backward(rows: number): void {
    this.#head.backward(rows);
    for (let i = this.#convs.length - 1; i >= 0; i--) this.#convs[i]!.backward(rows);
  }

  /** Feature maps of the last forward, first to last: for saliency. */
  get featureMaps(): readonly Pick<Conv2d, "output" | "shape">[] {
    return this.#convs;
  }
}

function createHead(
  plan: MemoryPlan,
  block: ParameterBlock,
  name: string,
  last: Conv2d,
  head: EncoderHead,
  gain: number | undefined,
): FeedForwardLayer {
  switch (head.kind) {
    case "dense":
      return new Dense(plan, block, {
        name,
        input: last.output,
        outputSize: head.size,
        activation: "relu",
        image: last.shape,
        ...(gain === undefined ? {} : { initializer: { kind: "orthogonal", gain } }),
      });
    case "perFilter":
      return new PerFilterDense(plan, block, {
        name,
        input: last.output,
        shape: last.shape,
        outputsPerFilter: head.outputsPerFilter,
      });
    default:
      return head satisfies never;
  }
}
