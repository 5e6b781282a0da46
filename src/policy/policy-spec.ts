import { z } from "zod";
import { FormatError } from "../errors.ts";
import { WiringConfig } from "../ncp/index.ts";
import {
  ActorConfig,
  DenseCfcSpec,
  EncoderSpec,
  GruSpec,
  LstmSpec,
  MlpCircuitSpec,
  initializationRanges,
} from "./policy-config.ts";

const size = z.int().positive();
const number = z.number();
const inputDim = size.describe("sensors: features of the encoder");

/** What a policy sees: one observation's shape, row-major, and element type. */
export const ObsSpec = z
  .strictObject({
    shape: z.array(size).min(1).readonly(),
    dtype: z.enum(["float32", "uint8"]),
    scale: z.number().positive().describe("numbers are multiplied by this before anything else; 1/255 for images"),
  })
  .readonly();
/** See the schema of the same name. */
export type ObsSpec = z.infer<typeof ObsSpec>;

/** What a policy does: one of n choices, or a vector within bounds (null: unbounded). */
export const ActionSpec = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("discrete"),
      n: size,
      start: z.int().default(0).describe("number of the first choice"),
    })
    .readonly(),
  z
    .strictObject({
      kind: z.literal("box"),
      shape: z.array(size).readonly(),
      low: z.array(number.nullable()).readonly(),
      high: z.array(number.nullable()).readonly(),
    })
    .readonly(),
]);
/** See the schema of the same name. */
export type ActionSpec = z.infer<typeof ActionSpec>;

/** The part of a policy that decides, with every size known. */
export const CircuitSpec = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("cfc"),
      wiring: WiringConfig,
      inputDim,
      masking: z.enum(["strict", "ncps"]),
      mode: z.enum(["default", "pure", "no_gate"]),
      flavour: z.enum(["torch", "keras"]),
      polarity: z.enum(["free", "signed"]),
      mixedMemory: z.boolean().default(false),
    })
    .readonly(),
  z
    .strictObject({
      kind: z.literal("ltc"),
      wiring: WiringConfig,
      inputDim,
      unfolds: size,
      initializationRanges,
      mixedMemory: z.boolean(),
    })
    .readonly(),
  DenseCfcSpec.extend({ inputDim }).readonly(),
  LstmSpec.extend({ inputDim }).readonly(),
  GruSpec.extend({ inputDim }).readonly(),
  MlpCircuitSpec.extend({ inputDim }).readonly(),
]);
/** See the schema of the same name. */
export type CircuitSpec = z.infer<typeof CircuitSpec>;

/** The value function: hidden layers over what `input` names. */
export const CriticSpec = z
  .strictObject({
    hidden: z.array(size).min(1).readonly(),
    activation: z.enum(["tanh", "relu"]),
    input: z.enum(["obs", "obs+state", "features", "features+state"]),
  })
  .readonly();
/** See the schema of the same name. */
export type CriticSpec = z.infer<typeof CriticSpec>;

/**
 * Schema (zod) of the complete description of a network that acts: with the tensors of its file, enough to run it anywhere. What the fields
 * mean: docs/policies.md.
 */
export const PolicySpec = z
  .strictObject({
    version: z.literal(1),
    obs: ObsSpec.describe("what it sees: shape, dtype and scale of one observation"),
    action: ActionSpec.describe("what it does: discrete (n, start) or box (shape, low, high; null is unbounded)"),
    encoder: EncoderSpec.describe("none, mlp or conv, with every layer spelled out"),
    circuit: CircuitSpec.describe("cfc, ltc, cfc-dense, lstm, gru or mlp, with every size known"),
    actor: ActorConfig.describe("from motor neurons to logits or means"),
    critic: CriticSpec.nullable().describe("null: saved without a value function"),
    normalizeObs: z.boolean().describe("whether observations are scaled by the stored mean and variance"),
  })
  .readonly();
/** See the schema of the same name. */
export type PolicySpec = z.infer<typeof PolicySpec>;

/** Numbers in one flat observation (D). */
export const obsSize = (spec: Pick<PolicySpec, "obs">): number => spec.obs.shape.reduce((a, b) => a * b, 1);

/** Motor neurons: one per choice, or one per action dimension (A). */
export const actionSize = (spec: Pick<PolicySpec, "action">): number =>
  spec.action.kind === "discrete" ? spec.action.n : spec.action.shape.reduce((a, b) => a * b, 1);

/** Checks a spec read from a file. Throws FormatError that names the first wrong field. */
export function parsePolicySpec(json: string): PolicySpec {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new FormatError("policy-spec", "policy spec: not JSON", { cause });
  }
  const parsed = PolicySpec.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new FormatError("policy-spec", `policy spec, ${issue.path.join(".") || "top level"}: ${issue.message}`);
}

/** The wiring of a spec's circuit, or null where it has none (baselines). */
export const wiringOf = ({ circuit }: Pick<PolicySpec, "circuit">): WiringConfig | null =>
  circuit.kind === "cfc" || circuit.kind === "ltc" ? circuit.wiring : null;
