import type { Circuit } from "../circuit.ts";
import { configError, requireInteger } from "../checks.ts";
import type { Cell } from "../equations/cell.ts";
import { cfcCell } from "../equations/cfc-cell.ts";
import { gruCell, lstmCell } from "../equations/gated-cells.ts";
import { ltcCell } from "../equations/ltc-cell.ts";
import { mixedMemoryCell } from "../equations/mixed-memory-cell.ts";
import { wiredCfcCell } from "../equations/wired-cfc-cell.ts";
import { buildWiring, wiringFromConfig } from "../wirings/build-wiring.ts";
import type { WiringConfig } from "../wirings/config.ts";
import { ltcRanges } from "./ltc-ranges.ts";
import type { CfcConfig, LtcConfig, ModelConfig } from "./model-config.ts";

/** A cell and what it stands on. */
export interface CreatedCell {
  readonly cell: Cell;
  /** null without a wiring */
  readonly circuit: Circuit | null;
  /** whether the state is [h | c], with a memory beside the neurons */
  readonly hasMemory: boolean;
}

/** What the parameter names of a model start with; those of a bare cell start with nothing. */
export interface Prefixes {
  /** of the cell's parameters */
  readonly cell: string;
  /** of the parameters of a mixed memory */
  readonly memory: string;
}

/** Prefixes of ncps' CfC and LTC: `rnn_cell.` and `lstm.`. */
export const modelPrefixes: Prefixes = { cell: "rnn_cell.", memory: "lstm." };

/**
 * The bare cell of a config, without projection, for use step by step; `createModel` makes a whole model.
 * Throws ConfigError for settings that do not go together (`ncp-units`, `ncp-masking`, `ncp-backbone`, `ncp-range`, …).
 */
export function createCell(config: ModelConfig, prefixes: Prefixes = modelPrefixes): CreatedCell {
  switch (config.kind) {
    case "cfc":
      return withMemory(config, prefixes, (inputSize) => createCfc(config, inputSize, prefixes.cell));
    case "ltc":
      return withMemory(config, prefixes, (inputSize) => createLtc(config, inputSize, prefixes.cell));
    case "lstm":
      return { cell: lstmCell(config.inputSize, config.units), circuit: null, hasMemory: true };
    case "gru":
      return { cell: gruCell(config.inputSize, config.units), circuit: null, hasMemory: false };
    default:
      return config satisfies never;
  }
}

interface CellOnCircuit {
  readonly cell: Cell;
  readonly circuit: Circuit | null;
}

/** Puts the memory in front where asked. In the keras flavour the cell then reads the memory, not the input. */
function withMemory(
  config: CfcConfig | LtcConfig,
  prefixes: Prefixes,
  create: (inputSize: number) => CellOnCircuit,
): CreatedCell {
  const { inputSize, mixedMemory, flavour, forgetGateBias } = config;
  if (!mixedMemory) return { ...create(inputSize), hasMemory: false };
  const units = numUnits(config);
  const { cell, circuit } = create(flavour === "keras" ? units : inputSize);
  const memory = { inputSize, units, forgetGateBias, prefix: prefixes.memory, flavour };
  return { cell: mixedMemoryCell(cell, memory), circuit, hasMemory: true };
}

/** Neurons of a CfC or LTC, before its circuit is built. */
function numUnits({ kind, units, wiring }: CfcConfig | LtcConfig): number {
  if ((units === undefined) === (wiring === undefined)) {
    throw configError(
      "units",
      `${kind}: give either units or wiring, ${units === undefined ? "got neither" : "not both"}`,
    );
  }
  return units ?? wiringFromConfig(wiring!).units;
}

function createCfc(config: CfcConfig, inputSize: number, prefix: string): CellOnCircuit {
  const units = numUnits(config);
  const { mode, flavour, masking, polarity, activation } = config;
  if (config.wiring !== undefined) {
    refuseBackbone(config);
    const circuit = buildWiring(config.wiring, inputSize);
    return {
      cell: wiredCfcCell({ circuit, mode, flavour, masking, polarity, prefix, output: config.wiredOutput }),
      circuit,
    };
  }
  for (const [name, value, plain] of [
    ["masking", masking, "ncps"],
    ["polarity", polarity, "free"],
  ] as const) {
    if (value !== plain)
      throw configError("masking", `cfc.${name} is "${value}", which needs a wiring; give one or leave it out`);
  }
  const backboneLayers = config.backboneLayers ?? 1;
  const backboneUnits = config.backboneUnits ?? 128;
  if (backboneLayers > 0) requireInteger("cfc.backboneUnits", backboneUnits, 1);
  const backbone = { activation, backboneUnits, backboneLayers, backboneDropout: config.backboneDropout ?? 0 };
  return {
    cell: cfcCell({ inputSize, hiddenSize: units, mode, flavour, masks: null, prefix, ...backbone }),
    circuit: null,
  };
}

function refuseBackbone(config: CfcConfig): void {
  for (const name of ["backboneUnits", "backboneLayers", "backboneDropout"] as const) {
    if (config[name] !== undefined) {
      throw configError(
        "backbone",
        `cfc.${name} cannot be used with a wiring: wired layers have no backbone; leave it out`,
      );
    }
  }
}

function createLtc(config: LtcConfig, inputSize: number, prefix: string): CellOnCircuit {
  const units = numUnits(config);
  const fallback: WiringConfig = { kind: "FullyConnected", units, erevInitSeed: 1111, selfConnections: true };
  const circuit = buildWiring(config.wiring ?? fallback, inputSize);
  const { inputMapping, outputMapping, odeUnfolds, epsilon, polarity, flavour } = config;
  const implicitParamConstraints = config.implicitParamConstraints ?? flavour === "torch";
  const ranges = ltcRanges(config.initializationRanges);
  const options = { circuit, inputMapping, outputMapping, odeUnfolds, epsilon, polarity, flavour };
  return { cell: ltcCell({ ...options, implicitParamConstraints, ranges, prefix }), circuit };
}
