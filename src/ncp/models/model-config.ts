import { z } from "zod";
import { configError } from "../checks.ts";
import { WiringConfig } from "../wirings/config.ts";

const size = z.int().positive();
const layout = {
  inputSize: size.describe("features per step"),
  returnSequences: z.boolean().default(true).describe("every step's output, or only the last"),
  batchFirst: z.boolean().default(true).describe("[B, T, ·] arrays, or [T, B, ·]"),
};
const memory = {
  mixedMemory: z.boolean().default(false).describe("put an LSTM memory in front of the cell"),
  forgetGateBias: z.number().default(1).describe("added to the memory's forget gate"),
};
const flavour = z.enum(["torch", "keras"]).default("torch").describe("which of the reference's two conventions");
const polarity = z
  .enum(["free", "signed"])
  .default("free")
  .describe("signed: drawn synapses act with their drawn polarity");

/** Schema (zod) of a CfC: fully connected (`units`) or on a wiring (`wiring`); exactly one of the two. */
export const CfcConfig = z
  .strictObject({
    kind: z.literal("cfc"),
    ...layout,
    units: size.optional().describe("neurons of a fully connected CfC"),
    wiring: WiringConfig.optional().describe("circuit of a wired CfC"),
    mode: z.enum(["default", "no_gate", "pure"]).default("default").describe("update rule, see `cfcCell`"),
    activation: z
      .enum(["lecun_tanh", "tanh", "relu", "silu", "gelu"])
      .default("lecun_tanh")
      .describe("of the backbone"),
    backboneUnits: z.int().nonnegative().optional().describe("128 when absent; not with a wiring"),
    backboneLayers: z.int().nonnegative().optional().describe("1 when absent; not with a wiring"),
    backboneDropout: z.number().min(0).lt(1).optional().describe("0 when absent; not with a wiring"),
    projSize: size.optional().describe("size of a dense layer on the output"),
    ...memory,
    flavour,
    masking: z.enum(["ncps", "strict"]).default("ncps").describe("strict: exactly the drawn synapses in all heads"),
    polarity,
    wiredOutput: z
      .enum(["motor", "layer"])
      .default("motor")
      .describe(
        "layer: all neurons of the last layer, as the reference's torch package gives for single-layer wirings",
      ),
  })
  .readonly();
/** Config of a CfC model. */
export type CfcConfig = z.infer<typeof CfcConfig>;

const range = z.tuple([z.number(), z.number()]).readonly();

/** Schema (zod) of an LTC: on a wiring, or on `FullyConnected(units)`; exactly one of the two. */
export const LtcConfig = z
  .strictObject({
    kind: z.literal("ltc"),
    ...layout,
    units: size.optional().describe("neurons of a fully connected LTC"),
    wiring: WiringConfig.optional().describe("circuit of a wired LTC"),
    inputMapping: z.enum(["affine", "linear", "none"]).default("affine").describe("of the sensors, see `LtcMapping`"),
    outputMapping: z.enum(["affine", "linear", "none"]).default("affine").describe("of the motor neurons"),
    odeUnfolds: size.default(6).describe("solver steps per time step"),
    epsilon: z.number().nonnegative().default(1e-8).describe("added to the solver's denominator"),
    implicitParamConstraints: z
      .boolean()
      .optional()
      .describe("softplus on constrained parameters; true when absent, false for the keras flavour"),
    initializationRanges: z.record(z.string(), range).default({}).describe("start [min, max] by parameter name"),
    ...memory,
    flavour,
    polarity,
  })
  .readonly();
/** Config of an LTC model. */
export type LtcConfig = z.infer<typeof LtcConfig>;

const gated = {
  ...layout,
  units: size.describe("neurons"),
  projSize: size.optional().describe("size of a dense layer on the output"),
};

/** Schema (zod) of an LSTM as in torch, to compare with. */
export const LstmConfig = z.strictObject({ kind: z.literal("lstm"), ...gated }).readonly();
/** Config of an LSTM model. */
export type LstmConfig = z.infer<typeof LstmConfig>;

/** Schema (zod) of a GRU as in torch, to compare with. */
export const GruConfig = z.strictObject({ kind: z.literal("gru"), ...gated }).readonly();
/** Config of a GRU model. */
export type GruConfig = z.infer<typeof GruConfig>;

/** Schema (zod) of any recurrent model, as JSON data tagged by `kind`: `CfcConfig`, `LtcConfig`, `LstmConfig` or `GruConfig`. */
export const ModelConfig = z.discriminatedUnion("kind", [CfcConfig, LtcConfig, LstmConfig, GruConfig]);
/** Any recurrent model, as JSON data. */
export type ModelConfig = z.infer<typeof ModelConfig>;
/** A model config as written by hand: defaults may be left out. */
export type ModelConfigInput = z.input<typeof ModelConfig>;

/** Checks a config and fills in defaults. Throws ConfigError (`ncp-model`) that names each wrong field. */
export function parseModelConfig(input: ModelConfigInput): ModelConfig {
  const result = ModelConfig.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join(".") || "model"}: ${message}`);
  throw configError("model", `model config is wrong: ${problems.join("; ")}`);
}
