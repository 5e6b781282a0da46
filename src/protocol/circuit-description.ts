import * as z from "zod/mini";

const Index = z.int().check(z.nonnegative());

/** A neuron of the circuit; `id` is its row in every state vector. */
export const NeuronDescription = z.object({
  id: Index,
  kind: z.enum(["motor", "command", "inter"]),
  label: z.string(),
});
/** A neuron of the circuit. */
export type NeuronDescription = z.infer<typeof NeuronDescription>;

/**
 * The circuit as it is drawn. Synapse i runs from `from[i]` to `to[i]`; sensory neuron s is written as source -1 - s, so that all
 * non-negative numbers are neuron ids.
 */
export const CircuitDescription = z.object({
  /** changes when the drawing must be laid out anew, not when weights change */
  wiring: z.string(),
  /** which policy the strengths were read from */
  policyVersion: z.int(),
  /** whether exactly the drawn synapses are computed (`strict`), or time gates and recurrence stay dense (`ncps`) */
  masking: z.enum(["strict", "ncps"]),
  /** number of sensory inputs. More than are worth drawing are drawn as one: then `sensory` holds a single name */
  numInputs: Index,
  /** names of the sensory inputs that are drawn, in their order */
  sensory: z.array(z.string()),
  neurons: z.array(NeuronDescription),
  from: z.array(z.int()),
  to: z.array(Index),
  /** +1 excitatory, -1 inhibitory: what the weights make of the synapse; as the wiring drew it where there are none */
  polarity: z.array(z.union([z.literal(1), z.literal(-1)])),
  /** >= 0. CfC: mean magnitude of the weights over the heads; LTC: conductance. 1 where there are no weights */
  strength: z.array(z.number()),
});
/** The circuit as it is drawn. */
export type CircuitDescription = z.infer<typeof CircuitDescription>;
