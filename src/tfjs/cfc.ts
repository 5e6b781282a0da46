import * as tf from "@tensorflow/tfjs";
import { ConfigError } from "../errors.ts";
import { wiringFromConfig } from "../ncp/index.ts";
import { cfcEquations } from "./cfc-equations.ts";
import { CircuitCell } from "./circuit-cell.ts";
import { CircuitRnn } from "./circuit-rnn.ts";
import { withMixedMemory, withProjection } from "./compositions.ts";
import type { CellEquations } from "./equations.ts";
import { type CfcOptions, savedWiring, wiringConfig, wiringUnits } from "./options.ts";

/** Arguments that every recurrent tf.layer takes besides its cell's. */
export type SequenceArgs = Omit<ConstructorParameters<typeof tf.layers.RNN>[0], "cell">;
/** Arguments of a single tf.layers cell. */
export type CellArgs = ConstructorParameters<typeof tf.layers.RNNCell>[0];

/**
 * One step of a CfC (closed-form continuous-time) cell, fully connected or wired; use it in `tf.layers.rnn` or step by step. Reads [B, D] (with
 * `timeInput` [B, D + 1], elapsed time last) and one state [B, H], two with `mixedMemory`. Equations and source: `cfcCell` of `elegans/ncp`.
 * Throws ConfigError on bad options, some only when it is built.
 */
export class CfCCell extends CircuitCell {
  static readonly className: string = "CfCCell";
  readonly #options: CfcOptions;
  override readonly stateSize: number | number[];

  constructor(args: CfcOptions & CellArgs) {
    super(args);
    this.#options = args;
    const { units } = args;
    if (typeof units === "number" && !(Number.isInteger(units) && units > 0))
      throw new ConfigError("units", `units is ${units}; expected a positive integer or a wiring`);
    this.stateSize = args.mixedMemory ? [this.#units, this.#units] : this.#units;
  }

  get #units(): number {
    const { units } = this.#options;
    return typeof units === "number" ? units : wiringUnits(wiringConfig(units));
  }

  override get outputSize(): number {
    const { units, projSize } = this.#options;
    if (projSize !== undefined && projSize !== null) return projSize;
    if (typeof units === "number") return units;
    return wiringFromConfig(wiringConfig(units)).outputDim ?? this.#units;
  }

  protected override makeEquations(inputDim: number): CellEquations {
    const { mixedMemory, projSize, flavour } = this.#options;
    const make = (dim: number): CellEquations => cfcEquations(this.#options, dim);
    const cell = mixedMemory ? withMixedMemory(make, this.#units, inputDim, flavour ?? "keras") : make(inputDim);
    return projSize === undefined || projSize === null ? cell : withProjection(cell, projSize);
  }

  override getConfig(): tf.serialization.ConfigDict {
    const {
      units,
      mode,
      backboneUnits,
      backboneLayers,
      backboneDropout,
      activation,
      flavour,
      masking,
      polarity,
      sparsityMask,
      mixedMemory,
      projSize,
      seed,
    } = this.#options;
    const own = {
      mode,
      backboneUnits,
      backboneLayers,
      backboneDropout,
      activation,
      flavour,
      masking,
      polarity,
      sparsityMask,
      mixedMemory,
      projSize,
      seed,
    };
    const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined && value !== null));
    const saved = typeof units === "number" ? units : savedWiring(wiringConfig(units));
    return { ...super.getConfig(), ...given, units: saved, timeInput: this.timeInput } as tf.serialization.ConfigDict;
  }
}

/** A wired CfC cell: the reference's name for a `CfCCell` whose units are a wiring. Throws ConfigError (`units`) when they are a number. */
export class WiredCfCCell extends CfCCell {
  static override readonly className: string = "WiredCfCCell";
  constructor(args: CfcOptions & CellArgs) {
    if (typeof args.units === "number")
      throw new ConfigError("units", "a WiredCfCCell needs a wiring as units; for a number use CfCCell");
    super(args);
  }
}

/**
 * CfC layer over sequences [B, T, D], like `ncps.keras.CfC`; output [B, H or motor neurons], or [B, T, ·] with `returnSequences`.
 * `apply([x, t])` with t [B, T, 1] gives every step its elapsed time [control periods]; without it every step takes 1. On a masked step state
 * and output stay as they were. Throws ConfigError on bad options and misfitting shapes.
 */
export class CfC extends CircuitRnn {
  static override readonly className: string = "CfC";
  constructor(args: CfcOptions & SequenceArgs) {
    const { name: _name, ...cellArgs } = args;
    super({ ...args, cell: new CfCCell(cellArgs) });
  }

  static override fromConfig<T extends tf.serialization.Serializable>(
    cls: tf.serialization.SerializableConstructor<T>,
    config: tf.serialization.ConfigDict,
  ): T {
    return new cls(config);
  }
}

/** `new CfC(args)`, in the manner of `tf.layers.lstm`. */
export const cfc = (args: CfcOptions & SequenceArgs): CfC => new CfC(args);

tf.serialization.registerClass(CfCCell);
tf.serialization.registerClass(WiredCfCCell);
tf.serialization.registerClass(CfC);
