import { type InitializationRanges, ltcRanges } from "../../ncp/index.ts";
import type { MemoryPlan } from "../memory-plan.ts";
import type { ParameterBlock } from "../parameter-block.ts";
import type { Signal } from "../tensor.ts";
import type { CircuitShape, PolarityRule } from "./circuit-masks.ts";
import { LayeredCircuit } from "./layered-circuit.ts";
import { LtcLayer } from "./ltc-layer.ts";
import type { Mapping } from "./mapped-columns.ts";
import { MixedMemory } from "./mixed-memory.ts";

/** What an LTC circuit is made of. Defaults are the reference's. Wrong ranges are refused with a ConfigError. */
export interface LtcOptions {
  /** parameters are `${name}.gleak` and so on; the reference's name is `rnn_cell` */
  readonly name: string;
  readonly input: Signal;
  /** built for the inputs; in the keras memory role for `units` inputs */
  readonly circuit: CircuitShape;
  readonly maxBatch: number;
  /** whether steps may be padding, default false */
  readonly hasPadding?: boolean | undefined;
  /** most steps of one pass, limits memory; default as many as there are rows */
  readonly maxSteps?: number;
  /** default affine */
  readonly inputMapping?: Mapping;
  /** default affine */
  readonly outputMapping?: Mapping;
  /** solver steps per time step, default 6 */
  readonly unfolds?: number;
  /** default 1e-8 */
  readonly epsilon?: number;
  /** softplus on w, gleak, cm (default true); else call `applyWeightConstraints` after every optimiser step */
  readonly isImplicit?: boolean;
  /** [min, max] of first weights by parameter, instead of the reference's */
  readonly initializationRanges?: InitializationRanges;
  /** default `free` */
  readonly polarity?: PolarityRule;
  /** an LSTM before every step; its parameters are `${memoryName}.*`. Default none */
  readonly memoryName?: string;
  /** what the memory feeds, default the state (torch) */
  readonly memoryRole?: "state" | "input";
}

/**
 * Liquid time-constant circuit, semi-implicit solver. Output [rows, M]: motor neurons through the output mapping. Elapsed times must be positive.
 *
 * Source: Hasani et al. 2021, arXiv:2006.04439; semantics of `ncps.torch.LTC`.
 */
export class Ltc extends LayeredCircuit {
  readonly #layer: LtcLayer;

  constructor(plan: MemoryPlan, block: ParameterBlock, options: LtcOptions) {
    const { name, input, circuit, maxBatch, memoryName, memoryRole = "state" } = options;
    const memory =
      memoryName === undefined
        ? null
        : new MixedMemory(plan, block, { name: memoryName, input, size: circuit.units, maxBatch });
    const layer = new LtcLayer(plan, block, {
      name,
      input: memory && memoryRole === "input" ? memory.hidden : input,
      circuit,
      inputMapping: options.inputMapping ?? "affine",
      outputMapping: options.outputMapping ?? "affine",
      unfolds: options.unfolds ?? 6,
      epsilon: options.epsilon ?? 1e-8,
      isImplicit: options.isImplicit ?? true,
      ranges: ltcRanges(options.initializationRanges ?? {}),
      isSigned: options.polarity === "signed",
      maxBatch,
      maxSteps: options.maxSteps ?? input.value.rows,
    });
    const ids = [Array.from({ length: circuit.units }, (_, id) => id)];
    super(plan, { name, input, layers: [layer], ids, memory, memoryRole, maxBatch, hasPadding: options.hasPadding });
    this.#layer = layer;
  }

  /** Explicit constraints: negative w, sensory_w, cm, gleak become 0. Call after every optimiser step, before `prepare`. */
  applyWeightConstraints(): void {
    this.#layer.applyWeightConstraints();
  }
}
