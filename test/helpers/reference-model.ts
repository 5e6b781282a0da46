import {
  type Cell,
  type CfcConfig,
  type LtcConfig,
  type ModelConfig,
  type ModelConfigInput,
  cfcCell,
  cfcCellMask,
  createCell,
  parseModelConfig,
} from "../../src/ncp/index.ts";
import type { ModelCase } from "./golden-models.ts";
import { toWiringConfig } from "./reference-wiring.ts";

/** Whether a case is a cell taken for one step rather than a sequence model. */
export const isCell = (kind: string): boolean => kind.endsWith("Cell");

/** The config of this library for a golden case of a sequence model. */
export function toModelConfig(
  c: Pick<ModelCase, "kind" | "construct" | "wiring">,
  flavour: "torch" | "keras" = "torch",
): ModelConfig {
  const a = c.construct;
  const common = {
    inputSize: a["input_size"] ?? a["in_features"],
    units: c.wiring === null ? (a["units"] ?? a["hidden_size"]) : undefined,
    wiring: c.wiring === null ? undefined : toWiringConfig(c.wiring),
    returnSequences: a["return_sequences"],
    batchFirst: a["batch_first"],
    mixedMemory: a["mixed_memory"],
    flavour,
  };
  if (c.kind.startsWith("LTC")) {
    const mapping = (name: string): unknown => (name in a ? (a[name] ?? "none") : undefined);
    return parse({
      kind: "ltc",
      ...common,
      inputMapping: mapping("input_mapping"),
      outputMapping: mapping("output_mapping"),
      odeUnfolds: a["ode_unfolds"],
      epsilon: a["epsilon"],
      // the reference's cell has another default than its sequence model
      implicitParamConstraints: a["implicit_param_constraints"] ?? (c.kind === "LTCCell" ? false : undefined),
    });
  }
  return parse({
    kind: "cfc",
    ...common,
    mode: a["mode"],
    activation: a["activation"] ?? a["backbone_activation"],
    backboneUnits: a["backbone_units"],
    backboneLayers: a["backbone_layers"],
    backboneDropout: a["backbone_dropout"],
    projSize: a["proj_size"],
  });
}

/** The bare cell of a golden case of kind CfCCell, WiredCfCCell or LTCCell. */
export function toCell(c: ModelCase): Cell {
  const config = toModelConfig(c);
  const mask = c.construct["sparsity_mask"];
  if (mask === undefined) return createCell(config, { cell: "", memory: "" }).cell;
  const cfc = config as CfcConfig;
  return cfcCell({
    inputSize: cfc.inputSize,
    hiddenSize: cfc.units!,
    mode: cfc.mode,
    flavour: "torch",
    activation: cfc.activation,
    backboneUnits: cfc.backboneUnits!,
    backboneLayers: cfc.backboneLayers!,
    backboneDropout: 0,
    masks: cfcCellMask(mask as number[][], "torch"),
    prefix: "",
  });
}

function parse(config: Record<string, unknown>): CfcConfig | LtcConfig {
  const given = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined));
  return parseModelConfig(given as unknown as ModelConfigInput) as CfcConfig | LtcConfig;
}
