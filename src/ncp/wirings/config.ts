import { z } from "zod";

const count = z.int().nonnegative();
const size = z.int().positive();
const seed32 = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);
const polarity = z.int().min(-1).max(1);
const builds = size.optional().describe("how often the reference's build() drew synapses; 1 when absent");

/** Schema (zod) of a `Wiring` whose synapses were set by hand. Matrices are [source][destination] of -1, 0, +1. */
export const ManualWiringConfig = z
  .strictObject({
    kind: z.literal("Wiring"),
    units: size.describe("neurons, motor neurons included"),
    outputDim: size.nullable().describe("motor neurons, ids 0 .. outputDim - 1"),
    inputDim: size.nullable().describe("sensors; null while not built"),
    adjacency: z.array(z.array(polarity)).describe("[units][units]"),
    sensoryAdjacency: z.array(z.array(polarity)).nullable().describe("[inputDim][units]; null while not built"),
    layers: z.array(z.array(count)).optional().describe("neuron ids per layer, nearest the input first"),
    kinds: z
      .array(z.enum(["inter", "command", "motor"]))
      .optional()
      .describe("kind of each layer"),
  })
  .readonly();
/** Config of a `Wiring` with manual synapses. */
export type ManualWiringConfig = z.infer<typeof ManualWiringConfig>;

/** Schema (zod) of `FullyConnected`. */
export const FullyConnectedConfig = z
  .strictObject({
    kind: z.literal("FullyConnected"),
    units: size.describe("neurons, motor neurons included"),
    outputDim: size.optional().describe("motor neurons; all neurons when absent"),
    erevInitSeed: count.default(1111).describe("seed of the polarities"),
    selfConnections: z.boolean().default(true).describe("whether neurons connect to themselves"),
    builds,
  })
  .readonly();
/** Config of `FullyConnected`. */
export type FullyConnectedConfig = z.infer<typeof FullyConnectedConfig>;

/** Schema (zod) of `Random`. */
export const RandomConfig = z
  .strictObject({
    kind: z.literal("Random"),
    units: size.describe("neurons, motor neurons included"),
    outputDim: size.optional().describe("motor neurons; all neurons when absent"),
    sparsityLevel: z.number().min(0).lt(1).default(0).describe("fraction of pairs without a synapse"),
    randomSeed: count.default(1111).describe("seed of the synapses"),
    builds,
  })
  .readonly();
/** Config of `Random`. */
export type RandomConfig = z.infer<typeof RandomConfig>;

/** Schema (zod) of `NCP`: sensors -> inter -> command -> motor with explicit counts. */
export const NcpConfig = z
  .strictObject({
    kind: z.literal("NCP"),
    interNeurons: size.describe("neurons that hear the sensors"),
    commandNeurons: size.describe("neurons that hear the inter neurons and each other"),
    motorNeurons: size.describe("outputs; ids 0 .. motorNeurons - 1"),
    sensoryFanout: count.describe("inter neurons per sensor"),
    interFanout: count.describe("command neurons per inter neuron"),
    recurrentCommandSynapses: count.describe("random synapses among command neurons; repeats overwrite"),
    motorFanin: count.describe("command neurons per motor neuron"),
    seed: seed32.default(22222),
    builds,
  })
  .readonly();
/** Config of `NCP`. */
export type NcpConfig = z.infer<typeof NcpConfig>;

/** Schema (zod) of `AutoNCP`: sensors -> inter -> command -> motor with derived counts. */
export const AutoNcpConfig = z
  .strictObject({
    kind: z.literal("AutoNCP"),
    units: size.describe("neurons, motor neurons included"),
    outputSize: size.describe("motor neurons; less than units - 2"),
    sparsityLevel: z.number().min(0.1).max(1).default(0.5).describe("1 minus the density of each hop"),
    seed: seed32.default(22222),
    builds,
  })
  .readonly();
/** Config of `AutoNCP`. */
export type AutoNcpConfig = z.infer<typeof AutoNcpConfig>;

/** Schema (zod) of `Layered`: an NCP with any number of inter layers. */
export const LayeredConfig = z
  .strictObject({
    kind: z.literal("Layered"),
    interLayers: z
      .array(
        z.strictObject({ neurons: size, fanout: count.describe("neurons of the next layer per neuron") }).readonly(),
      )
      .nonempty()
      .readonly()
      .describe("nearest the sensors first"),
    commandNeurons: size.describe("neurons that hear the last inter layer and each other"),
    motorNeurons: size.describe("outputs; ids 0 .. motorNeurons - 1"),
    sensoryFanout: count.describe("neurons of the first inter layer per sensor"),
    recurrentCommandSynapses: count.describe("random synapses among command neurons; repeats overwrite"),
    motorFanin: count.describe("command neurons per motor neuron"),
    seed: seed32.default(22222),
    builds,
  })
  .readonly();
/** Config of `Layered`. */
export type LayeredConfig = z.infer<typeof LayeredConfig>;

/** Schema (zod) of any wiring, as JSON data tagged by `kind`. `toConfig` of a wiring gives one. */
export const WiringConfig = z.discriminatedUnion("kind", [
  ManualWiringConfig,
  FullyConnectedConfig,
  RandomConfig,
  NcpConfig,
  AutoNcpConfig,
  LayeredConfig,
]);
/** Any wiring, as JSON data. */
export type WiringConfig = z.infer<typeof WiringConfig>;
