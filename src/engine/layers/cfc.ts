import type { Activation } from "../activation-kind.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import type { Signal } from "../tensor.ts";
import type { BackboneDropout } from "./backbone-dropout.ts";
import { CfcLayer } from "./cfc-layer.ts";
import type { CfcMode, Flavour } from "./cfc-mode.ts";
import type { LayerMasks } from "./circuit-masks.ts";
import { LayeredCircuit } from "./layered-circuit.ts";
import { MixedMemory } from "./mixed-memory.ts";

/** What a fully connected CfC is made of. Defaults are the reference's. */
export interface CfcOptions {
  /** parameters are `${name}.backbone.{0,2,…}.*`, `${name}.{ff1,ff2,time_a,time_b}.*`, in pure mode `${name}.{w_tau,A}`; the reference's name is `rnn_cell` */
  readonly name: string;
  readonly input: Signal;
  readonly units: number;
  readonly maxBatch: number;
  /** whether steps may be padding, default false */
  readonly hasPadding?: boolean | undefined;
  readonly mode?: CfcMode;
  readonly flavour?: Flavour;
  /** default 128 */
  readonly backboneUnits?: number;
  /** default 1; 0: no backbone */
  readonly backboneLayers?: number;
  /** default lecun_tanh */
  readonly activation?: Activation;
  /** probability of dropout in the backbone, on the passes that `dropout.draw` precedes. Default 0 */
  readonly backboneDropout?: number;
  /** of ff1 and ff2, torch layout; only without a backbone. Default none */
  readonly sparsityMask?: Float32Array;
  /** an LSTM before every step; its parameters are `${memoryName}.*`. Default none */
  readonly memoryName?: string;
}

/**
 * Closed-form continuous-time neurons, all connected, behind a backbone of dense layers. Output [rows, units] is the state.
 *
 * Source: Hasani et al. 2022, doi:10.1038/s42256-022-00556-7; semantics of `ncps.torch.CfC` (or its Keras port) with an integer.
 */
export class Cfc extends LayeredCircuit {
  /** null without dropout */
  readonly dropout: BackboneDropout | null;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: CfcOptions) {
    const { name, input, units, maxBatch, mode = "default", flavour = "torch", memoryName } = options;
    const { backboneUnits = 128, backboneLayers = 1, activation = "lecun_tanh", backboneDropout = 0 } = options;
    const memory =
      memoryName === undefined
        ? null
        : new MixedMemory(plan, block, { name: memoryName, input, size: units, maxBatch });
    const memoryRole = flavour === "keras" ? "input" : "state";
    const layer = new CfcLayer(plan, block, {
      name,
      input: memory && memoryRole === "input" ? memory.hidden : input,
      size: units,
      mode,
      flavour,
      polarity: "free",
      masks: options.sparsityMask === undefined ? null : maskOfHeads(options.sparsityMask, units, input.value.cols),
      // the reference's torch package numbers Linear, activation and (after the second layer on) dropout
      backbone:
        backboneLayers === 0
          ? null
          : {
              units: backboneUnits,
              layers: backboneLayers,
              activation,
              parameterIndex: (i) => 2 * i + (backboneDropout > 0 && flavour === "torch" ? Math.max(0, i - 1) : 0),
              dropout: backboneDropout,
            },
      maxBatch,
    });
    const ids = [Array.from({ length: units }, (_, id) => id)];
    super(plan, { name, input, layers: [layer], ids, memory, memoryRole, maxBatch, hasPadding: options.hasPadding });
    this.dropout = layer.dropout;
  }
}

const maskOfHeads = (mask: Float32Array, units: number, numInputs: number): LayerMasks => ({
  ids: [],
  numInputs,
  heads: mask,
  timeGates: new Float32Array(units * (numInputs + units)).fill(1),
  polarities: new Float32Array(units * (numInputs + units)),
});
