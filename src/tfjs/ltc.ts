import * as tf from "@tensorflow/tfjs";
import { wiringFromConfig } from "../ncp/index.ts";
import type { CellArgs, SequenceArgs } from "./cfc.ts";
import { CircuitCell } from "./circuit-cell.ts";
import { CircuitRnn } from "./circuit-rnn.ts";
import { withMixedMemory } from "./compositions.ts";
import type { CellEquations } from "./equations.ts";
import { ltcEquations } from "./ltc-equations.ts";
import { type LtcOptions, savedWiring, wiringConfig, wiringUnits } from "./options.ts";

/**
 * One step of an LTC (liquid time-constant) cell; use it in `tf.layers.rnn` or step by step. Reads [B, D] (with `timeInput` [B, D + 1], elapsed
 * time last, > 0) and one state [B, H], two with `mixedMemory`. Equations and source: `ltcCell` of `elegans/ncp`.
 * Throws ConfigError on bad options, some only when it is built.
 */
export class LTCCell extends CircuitCell {
  static readonly className: string = "LTCCell";
  readonly #options: LtcOptions;
  override readonly stateSize: number | number[];

  constructor(args: LtcOptions & CellArgs) {
    super(args);
    this.#options = args;
    this.stateSize = args.mixedMemory ? [this.#units, this.#units] : this.#units;
  }

  get #units(): number {
    const { units } = this.#options;
    return typeof units === "number" ? units : wiringUnits(wiringConfig(units));
  }

  override get needsPositiveTime(): boolean {
    return true;
  }

  override get outputSize(): number {
    const { units } = this.#options;
    return typeof units === "number" ? units : (wiringFromConfig(wiringConfig(units)).outputDim ?? this.#units);
  }

  protected override makeEquations(inputDim: number): CellEquations {
    const make = (dim: number): CellEquations => ltcEquations(this.#options, dim);
    const { mixedMemory, flavour } = this.#options;
    return mixedMemory ? withMixedMemory(make, this.#units, inputDim, flavour ?? "keras") : make(inputDim);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {
      units,
      inputMapping,
      outputMapping,
      odeUnfolds,
      epsilon,
      implicitConstraints,
      initializationRanges,
      flavour,
      polarity,
      mixedMemory,
      seed,
    } = this.#options;
    const own = {
      inputMapping,
      outputMapping,
      odeUnfolds,
      epsilon,
      implicitConstraints,
      initializationRanges,
      flavour,
      polarity,
      mixedMemory,
      seed,
    };
    const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined && value !== null));
    const saved = typeof units === "number" ? units : savedWiring(wiringConfig(units));
    return { ...super.getConfig(), ...given, units: saved, timeInput: this.timeInput } as tf.serialization.ConfigDict;
  }
}

/**
 * LTC layer over sequences [B, T, D], like `ncps.keras.LTC`; output [B, motor neurons], or [B, T, ·] with `returnSequences`.
 * `apply([x, t])` with t [B, T, 1] > 0 gives every step its elapsed time [control periods]; without it every step takes 1. On a masked step
 * state and output stay as they were. Throws ConfigError on bad options and misfitting shapes.
 */
export class LTC extends CircuitRnn {
  static override readonly className: string = "LTC";
  constructor(args: LtcOptions & SequenceArgs) {
    const { name: _name, ...cellArgs } = args;
    super({ ...args, cell: new LTCCell(cellArgs) });
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(config);
  }
}

/** `new LTC(args)`, in the manner of `tf.layers.lstm`. */
export const ltc = (args: LtcOptions & SequenceArgs): LTC => new LTC(args);

tf.serialization.registerClass(LTCCell);
tf.serialization.registerClass(LTC);
