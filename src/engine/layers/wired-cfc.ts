import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import type { Signal } from "../tensor.ts";
import { CfcLayer } from "./cfc-layer.ts";
import type { CfcMode, Flavour } from "./cfc-mode.ts";
import { circuitMasks, type CircuitShape, type Masking, type PolarityRule } from "./circuit-masks.ts";
import { LayeredCircuit } from "./layered-circuit.ts";
import { MixedMemory } from "./mixed-memory.ts";

/** What a wired CfC is made of. */
export interface WiredCfcOptions {
  /** parameters are `${name}.layer_{0,1,2}.{ff1,ff2,time_a,time_b}.{weight,bias}`; the reference's name is `rnn_cell` */
  readonly name: string;
  /** [maxRows, inputDim of the circuit]; with a keras memory the circuit must be built for `units` inputs instead */
  readonly input: Signal;
  readonly circuit: CircuitShape;
  readonly masking: Masking;
  readonly maxBatch: number;
  /** whether steps may be padding, default false */
  readonly hasPadding?: boolean | undefined;
  /** default `default` */
  readonly mode?: CfcMode;
  /** default `torch` */
  readonly flavour?: Flavour;
  /** default `free` */
  readonly polarity?: PolarityRule;
  /** an LSTM before every step; its parameters are `${memoryName}.*`. Default none */
  readonly memoryName?: string;
}

/**
 * Closed-form continuous-time circuit with the layers of a wiring (inter, command, motor).
 *
 * Source: Hasani et al. 2022, doi:10.1038/s42256-022-00556-7; semantics of `ncps.torch.CfC` (or its Keras port) with a wiring.
 * Output [rows, M]: the motor neurons' state (the reference's torch cell gives all neurons of a wiring without layers instead).
 */
export class WiredCfc extends LayeredCircuit {
  constructor(plan: MemoryPlan, block: ParameterBlock, options: WiredCfcOptions) {
    const { name, input, circuit, masking, maxBatch, mode = "default", flavour = "torch", memoryName } = options;
    const { polarity = "free" } = options;
    const memory =
      memoryName === undefined
        ? null
        : new MixedMemory(plan, block, { name: memoryName, input, size: circuit.units, maxBatch });
    const memoryRole = flavour === "keras" ? "input" : "state";
    const first = memory && memoryRole === "input" ? memory.hidden : input;
    // a wiring without layers has its motor neurons first in its only layer
    const isSliced = circuit.layers.length === 1;
    // where polarities are applied to magnitudes, the mask must not carry the sign a second time
    const keepsSign = flavour === "keras" && polarity === "free";
    const layers: CfcLayer[] = [];
    for (const [index, masks] of circuitMasks(circuit, masking, keepsSign).entries())
      layers.push(
        new CfcLayer(plan, block, {
          name: `${name}.layer_${index}`,
          input: layers.at(-1)?.output ?? first,
          size: masks.ids.length,
          mode,
          flavour,
          polarity,
          masks,
          backbone: null,
          ...(isSliced ? { numOutputs: circuit.outputDim } : {}),
          maxBatch,
        }),
      );
    super(plan, {
      name,
      input,
      layers,
      ids: circuit.layers,
      memory,
      memoryRole,
      maxBatch,
      hasPadding: options.hasPadding,
    });
  }
}
