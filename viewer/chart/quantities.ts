import { nameOf } from "../circuit/neuron-name.ts";
import { softmax, type Episode } from "../episode/episode.ts";
import type { SeriesData } from "./decimate.ts";

/** Groups that quantities are listed in. */
export const GROUPS = [
  "Motor neurons",
  "Actions",
  "Critic and reward",
  "Observation",
  "Command neurons",
  "Inter neurons",
] as const;
/** A group of quantities. */
export type Group = (typeof GROUPS)[number];

/** Something that has a number at every step of an episode. */
export interface Quantity {
  /** the same in every episode of the same kind, such as `neuron.3` */
  readonly id: string;
  readonly label: string;
  readonly group: Group;
  /** its numbers in an episode that has it */
  of(episode: Episode): SeriesData;
}

const column = (values: Float32Array, stride = 1, offset = 0): SeriesData => ({ values, stride, offset });

/** Everything that can be drawn of an episode. */
export function quantitiesOf(episode: Episode): Quantity[] {
  const { shape, circuit, columns } = episode;
  const outputs = Array.from({ length: shape.numMotor }, (_, m) =>
    circuit === null ? `output ${m}` : nameOf(circuit, m),
  );
  const found: Quantity[] = [];
  const add = (group: Group, id: string, label: string, of: Quantity["of"]): void =>
    void found.push({ group, id, label, of });
  outputs.forEach((name, m) =>
    add("Motor neurons", `motor.${m}`, name, (e) => column(e.columns.motor, e.shape.numMotor, m)),
  );
  if (shape.isDiscrete) {
    add("Actions", "action.0", "action", (e) => column(e.columns.action));
    outputs.forEach((name, m) =>
      add("Actions", `probability.${m}`, `probability of ${name}`, (e) =>
        column(probabilitiesOf(e), e.shape.numMotor, m),
      ),
    );
  } else
    for (let a = 0; a < shape.actionSize; a++)
      add("Actions", `action.${a}`, `action ${outputs[a] ?? a}`, (e) =>
        column(e.columns.action, e.shape.actionSize, a),
      );
  outputs.forEach((name, m) =>
    add("Actions", `logit.${m}`, `${shape.isDiscrete ? "logit" : "mean"} of ${name}`, (e) =>
      column(e.columns.logits, e.shape.numMotor, m),
    ),
  );
  add("Critic and reward", "reward", "reward", (e) => column(e.columns.reward));
  add("Critic and reward", "return", "return so far", (e) => column(returnsOf(e)));
  if (columns.value.some((v) => !Number.isNaN(v)))
    add("Critic and reward", "value", "value", (e) => column(e.columns.value));
  add("Critic and reward", "elapsed", "elapsed time", (e) => column(e.columns.elapsed));
  for (let d = 0; d < shape.numObs; d++)
    add("Observation", `obs.${d}`, obsName(episode, d), (e) => column(e.columns.obs, e.shape.numObs, d));
  for (const { id, kind, label } of circuit?.neurons ?? [])
    if (kind !== "motor" && id < shape.numNeurons)
      add(kind === "command" ? "Command neurons" : "Inter neurons", `neuron.${id}`, label, (e) =>
        column(e.columns.state, e.shape.numNeurons, id),
      );
  return found;
}

/** What an observation number is called. */
export function obsName({ circuit, shape }: Pick<Episode, "circuit" | "shape">, d: number): string {
  return (circuit?.numInputs === shape.numObs ? circuit.sensory[d] : undefined) ?? `obs ${d}`;
}

/** The quantity of a neuron of the circuit (sensory ones as -1 - s), or null where it was not recorded. */
export function quantityOfNeuron(quantities: readonly Quantity[], id: number, numMotor: number): Quantity | null {
  const name = id < 0 ? `obs.${-1 - id}` : id < numMotor ? `motor.${id}` : `neuron.${id}`;
  return quantities.find((q) => q.id === name) ?? null;
}

/** Element t of a series. */
export const valueAt = ({ values, stride, offset }: SeriesData, t: number): number =>
  values[t * stride + offset] ?? NaN;

const probabilities = new WeakMap<Episode["columns"], Float32Array>();
const returns = new WeakMap<Episode["columns"], Float32Array>();

function probabilitiesOf({ columns, shape, length }: Episode): Float32Array {
  return remembered(probabilities, columns, () => {
    const M = shape.numMotor;
    const out = new Float32Array(length * M);
    for (let t = 0; t < length; t++) out.set(softmax(columns.logits.subarray(t * M, (t + 1) * M)), t * M);
    return out;
  });
}

function returnsOf({ columns }: Episode): Float32Array {
  return remembered(returns, columns, () => {
    let sum = 0;
    return columns.reward.map((r) => (sum += r));
  });
}

function remembered<K extends object, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
