import { z } from "zod";

const layerSizes = z.array(z.int().positive()).min(1).readonly();
const activation = z.enum(["tanh", "relu"]).default("tanh").describe("after each hidden layer");

/** A wiring as a user chooses it: the number of motor neurons is left out, because the action space decides it. */
export const WiringChoice = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("AutoNCP"),
      units: z.int().min(4).default(32).describe("neurons: inter, command and motor together"),
      sparsityLevel: z.number().min(0.1).max(0.9).default(0.5).describe("0.1 dense … 0.9 sparse"),
      seed: z.int().nonnegative().nullable().default(null).describe("null: derived from the run's seed"),
    })
    .describe("layers and synapses from a number of neurons and a sparsity"),
  z
    .strictObject({
      kind: z.literal("NCP"),
      interNeurons: z.int().positive().default(12).describe("neurons that hear the sensors"),
      commandNeurons: z.int().positive().default(8).describe("neurons that hear the inter neurons and each other"),
      sensoryFanout: z.int().positive().default(4).describe("inter neurons that each sensor speaks to"),
      interFanout: z.int().positive().default(4).describe("command neurons that each inter neuron speaks to"),
      recurrentCommandSynapses: z.int().nonnegative().default(4).describe("synapses among the command neurons"),
      motorFanin: z.int().positive().default(6).describe("command neurons that each motor neuron hears"),
      seed: z.int().nonnegative().nullable().default(null).describe("null: derived from the run's seed"),
    })
    .describe("every count by hand"),
]);

const noEncoder = z
  .strictObject({ kind: z.literal("none") })
  .describe("flat observation straight into the sensory neurons");
const mlpEncoder = z
  .strictObject({
    kind: z.literal("mlp"),
    hidden: layerSizes.default([64]).describe("layer widths; the last is the number of features"),
    activation,
  })
  .describe("dense layers");
const size = z.int().positive();
const convEncoder = z
  .strictObject({
    kind: z.literal("conv"),
    convs: z
      .array(z.strictObject({ filters: size, kernel: size, stride: size.default(1) }).readonly())
      .min(1)
      .readonly()
      .describe('first to last, such as [{"filters":16,"kernel":3,"stride":1}]'),
    padding: z
      .enum(["valid", "same"])
      .default("valid")
      .describe("same: zeros around the image, so that stride 1 keeps its size"),
    head: z.discriminatedUnion("kind", [
      z
        .strictObject({ kind: z.literal("dense"), size: size.describe("features") })
        .readonly()
        .describe("one dense layer with ReLU"),
      z
        .strictObject({ kind: z.literal("perFilter"), outputsPerFilter: size.describe("features of each filter") })
        .readonly()
        .describe("a small dense layer for each filter"),
    ]),
    standardize: z.boolean().default(false).describe("every image gets mean 0 and deviation 1"),
  })
  .describe("convolutions with ReLU over images [height, width, channels] of bytes");

/** See the schema of the same name. */
export type WiringChoice = z.infer<typeof WiringChoice>;

/** What turns observations into the circuit's inputs, with every layer spelled out. */
export const EncoderSpec = z.discriminatedUnion("kind", [noEncoder, mlpEncoder, convEncoder]);
/** See the schema of the same name. */
export type EncoderSpec = z.infer<typeof EncoderSpec>;

/** The same as a user chooses it: known convolution stacks by name. */
export const EncoderConfig = z.discriminatedUnion("kind", [
  noEncoder,
  mlpEncoder,
  convEncoder,
  z
    .strictObject({ kind: z.literal("minatar"), features: size.default(128).describe("width of the dense layer") })
    .describe("10 x 10 boards: 16 filters 3 x 3, then a dense layer"),
  z
    .strictObject({ kind: z.literal("nature"), features: size.default(512).describe("width of the dense layer") })
    .describe("84 x 84 frames: 32 8x8/4, 64 4x4/2, 64 3x3, then a dense layer"),
  z
    .strictObject({
      kind: z.literal("lane-keeping"),
      standardize: z.boolean().default(true).describe("every image gets mean 0 and deviation 1"),
    })
    .describe("the lane-keeping paper's five convolutions and per-filter read-out: 32 features"),
]);
/** See the schema of the same name. */
export type EncoderConfig = z.infer<typeof EncoderConfig>;

const units = z.int().positive();
const cfcMode = z.enum(["default", "pure", "no_gate"]).default("default").describe("form of the CfC equation");

/** CfC without a wiring: all neurons connected, behind a backbone of dense layers; a dense read-out makes the motor neurons. */
export const DenseCfcSpec = z
  .strictObject({
    kind: z.literal("cfc-dense"),
    units: units.default(32).describe("neurons"),
    mode: cfcMode,
    backboneUnits: z.int().positive().default(128).describe("width of the backbone's layers"),
    backboneLayers: z.int().nonnegative().default(1).describe("dense layers before the four heads"),
    backboneDropout: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe("share of the backbone's features dropped in cloning, behind layers 2, 3, …; none when absent"),
  })
  .describe("CfC without a wiring");
/** The usual recurrent baselines, with a dense read-out. They ignore elapsed time. */
export const LstmSpec = z
  .strictObject({ kind: z.literal("lstm"), units: units.default(64).describe("neurons") })
  .describe("long short-term memory, to compare with");
/** See `LstmSpec`. */
export const GruSpec = z
  .strictObject({ kind: z.literal("gru"), units: units.default(64).describe("neurons") })
  .describe("gated recurrent unit, to compare with");
/** A layered network without state. */
export const MlpCircuitSpec = z
  .strictObject({
    kind: z.literal("mlp"),
    hidden: layerSizes.default([64, 64]).describe("hidden layer widths"),
    activation,
  })
  .describe("dense layers without state, to compare with");

/** [min, max] of an LTC's first weights by parameter: gleak, vleak, cm, w, sigma, mu, sensory_w, sensory_sigma, sensory_mu. */
export const initializationRanges = z
  .record(z.string(), z.tuple([z.number(), z.number()]).readonly())
  .optional()
  .describe('[min, max] of first weights by parameter, such as {"w": [0.1, 0.5]}; the reference\'s when absent');

/** What decides: an NCP-wired CfC or LTC circuit, or, to compare with, networks without a wiring or without state. */
export const CircuitConfig = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("cfc"),
      wiring: WiringChoice.prefault({ kind: "AutoNCP" }),
      masking: z
        .enum(["strict", "ncps"])
        .default("strict")
        .describe("strict: exactly the drawn synapses in all four heads; ncps: as in the reference library"),
      mode: cfcMode,
      mixedMemory: z.boolean().default(false).describe("an LSTM beside the circuit's state, for long memories"),
    })
    .describe("wired closed-form continuous-time network"),
  z
    .strictObject({
      kind: z.literal("ltc"),
      wiring: WiringChoice.prefault({ kind: "AutoNCP" }),
      unfolds: z.int().positive().default(6).describe("solver steps per time step"),
      initializationRanges,
      mixedMemory: z.boolean().default(false).describe("an LSTM beside the circuit's state, for long memories"),
    })
    .describe("wired liquid time-constant network"),
  DenseCfcSpec,
  LstmSpec,
  GruSpec,
  MlpCircuitSpec,
]);
/** See the schema of the same name. */
export type CircuitConfig = z.infer<typeof CircuitConfig>;

/** From motor neurons to logits (Discrete) or means (Box): one scale and one bias per neuron. */
export const ActorConfig = z.strictObject({
  scaleInit: z
    .number()
    .positive()
    .default(3)
    .describe("motor neurons live in (-1, 1); the scale lets a policy be certain"),
  logStdInit: z.number().default(-0.5).describe("Box actions: log standard deviation at the start"),
});

/** Value function of its own; no gradient flows from it into encoder or circuit. */
export const CriticConfig = z.strictObject({
  hidden: layerSizes.default([64, 64]).describe("hidden layer widths (a linear critic fails)"),
  activation,
  input: z
    .enum(["auto", "obs", "obs+state", "features", "features+state"])
    .default("auto")
    .describe(
      "obs: flat observation; features: the encoder's output (the value loss then trains the encoder too); " +
        "+state: and the circuit's new state, without gradient into it; auto: features where images are encoded, else obs",
    ),
});

/** Schema (zod) of the user's part of a policy: everything that the environment does not decide. Fields: `policy` in docs/settings.md. */
export const PolicyConfig = z
  .strictObject({
    encoder: EncoderConfig.prefault({ kind: "none" }),
    circuit: CircuitConfig.prefault({ kind: "cfc" }),
    actor: ActorConfig.prefault({}),
    critic: CriticConfig.prefault({}),
    normalizeObs: z
      .boolean()
      .default(false)
      .describe("scale observations by their running mean and standard deviation"),
  })
  .readonly();
/** Resolved user part of a policy. */
export type PolicyConfig = z.infer<typeof PolicyConfig>;
