import { useMemo } from "preact/hooks";
import type { CircuitDescription } from "../../src/protocol/index.ts";
import { Icon } from "../app/icons.tsx";
import { signed } from "../chart/motor-list.tsx";
import { activationOf } from "../circuit/circuit-scene.ts";
import { nameOf } from "../circuit/neuron-name.ts";
import { sensedOf } from "../circuit/sensed.ts";
import type { Episode } from "../episode/episode.ts";
import { NeuronHistory } from "../explain/neuron-history.tsx";
import { correlationsOf } from "./correlation.ts";
import { ToolButton } from "../app/tool-button.tsx";
import type { ReplayState } from "./replay-state.ts";

/**
 * The chosen neuron: what it says now and over the episode (the what-if where there is one), whom it hears, who hears it, and what could be
 * done to it. Synapses are the episode's, so that what was cut can be mended.
 */
export function Inspector({ replay }: { readonly replay: ReplayState }) {
  const episode = replay.shownEpisode.value;
  const circuit = replay.episode.value?.circuit ?? null;
  const id = replay.selection.value;
  if (episode === null || circuit === null) return <p class="hint">No circuit to look into.</p>;
  if (id === null)
    return <p class="hint">Click a neuron to see whom it hears, who hears it, and to silence or hold it.</p>;
  return <NeuronCard replay={replay} episode={episode} circuit={circuit} id={id} />;
}

interface CardProps {
  readonly replay: ReplayState;
  readonly episode: Episode;
  readonly circuit: CircuitDescription;
  readonly id: number;
}

function NeuronCard({ replay, episode, circuit, id }: CardProps) {
  const kind = id < 0 ? "sensory" : (circuit.neurons.find((n) => n.id === id)?.kind ?? "");
  const clamp = replay.interventions.value.find((i) => i.kind === "clamp" && i.neuron === id);
  const held = clamp?.kind === "clamp" ? clamp.value : null;
  const record = replay.shown.value;
  const sensory = sensedOf(circuit, record?.obs ?? null);
  const now = record === null ? 0 : (held ?? activationOf(id, { sensory, state: record.state }));
  return (
    <div class="neuron">
      <div class="headline">
        <div>
          <h3>{nameOf(circuit, id)}</h3>
          <span class="kind">
            {kind}
            {id >= 0 && ` · neuron ${id}`}
          </span>
        </div>
        <span class="number now" data-testid="neuron-now">
          {isKnown(id, sensory) ? signed(now) : "–"}
        </span>
        <ToolButton
          icon="close"
          label="Close neuron"
          hint="Close (Esc)"
          onClick={() => (replay.selection.value = null)}
        />
      </div>
      <Distribution episode={episode} id={id} now={now} />
      {!isBundle(circuit, id) && <NeuronHistory replay={replay} episode={episode} id={id} />}
      {isBundle(circuit, id) ? (
        <p class="kind">Too many inputs to draw or hold one by one.</p>
      ) : (
        <div class="hold">
          <button
            class="button outlined"
            type="button"
            aria-pressed={held === 0}
            onClick={() => replay.clamp(id, held === 0 ? null : 0)}
          >
            Silence
          </button>
          <label>
            <span>Hold at</span>
            <input
              type="range"
              min={-1}
              max={1}
              step={0.05}
              value={held ?? 0}
              aria-label={`Hold ${nameOf(circuit, id)} at`}
              onInput={(event) => replay.clamp(id, Number(event.currentTarget.value))}
            />
            <span class="number">{held === null ? "free" : signed(held)}</span>
          </label>
          {held !== null && (
            <button class="button outlined" type="button" onClick={() => replay.clamp(id, null)}>
              Let go
            </button>
          )}
        </div>
      )}
      <Synapses replay={replay} circuit={circuit} id={id} direction="in" />
      <Synapses replay={replay} circuit={circuit} id={id} direction="out" />
      <GoesWith episode={episode} id={id} />
    </div>
  );
}

/** Whether an id stands for all inputs together. */
const isBundle = (circuit: CircuitDescription, id: number): boolean =>
  id < 0 && circuit.numInputs > circuit.sensory.length;

const BINS = 32;

/** How often the neuron was how active over the episode, and where it is now. */
function Distribution({ episode, id, now }: { readonly episode: Episode; readonly id: number; readonly now: number }) {
  const bins = useMemo(() => histogram(episode, id), [episode, id]);
  const highest = Math.max(1, ...bins);
  const x = ((Math.max(-1, Math.min(1, now)) + 1) / 2) * BINS;
  return (
    <svg
      class="distribution"
      viewBox={`0 0 ${BINS} 20`}
      preserveAspectRatio="none"
      role="img"
      aria-label="Distribution of the activation over the episode, from minus one to one"
    >
      {bins.map((count, b) => (
        <rect
          key={b}
          x={b + 0.1}
          width={0.8}
          y={20 - (count / highest) * 18}
          height={(count / highest) * 18}
          class={b < BINS / 2 ? "negative" : "positive"}
        />
      ))}
      <line x1={x} x2={x} y1={0} y2={20} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

/** Counts of activations in equal bins over [-1, 1]; what lies outside counts in the outermost. */
export function histogram(
  { columns, shape, length }: Pick<Episode, "columns" | "shape" | "length">,
  id: number,
): number[] {
  const bins = Array.from({ length: BINS }, () => 0);
  for (let t = 0; t < length; t++) {
    const raw =
      id < 0 ? Math.tanh(columns.obs[t * shape.numObs - 1 - id] ?? 0) : (columns.state[t * shape.numNeurons + id] ?? 0);
    const b = Math.max(0, Math.min(BINS - 1, Math.floor(((raw + 1) / 2) * BINS)));
    bins[b] = (bins[b] ?? 0) + 1;
  }
  return bins;
}

const MAX_CORRELATIONS = 6;

/** What the neuron goes together with over the episode. */
function GoesWith({ episode, id }: { readonly episode: Episode; readonly id: number }) {
  const found = useMemo(() => correlationsOf(episode, id).slice(0, MAX_CORRELATIONS), [episode, id]);
  if (found.length === 0) return null;
  return (
    <div class="synapses">
      <h4 title="Pearson's correlation over the episode">Goes with</h4>
      <ul>
        {found.map(({ name, r }) => (
          <li key={name}>
            <span>{name}</span>
            <span class="strength">
              <i class={r > 0 ? "positive" : "negative"} style={{ width: `${Math.abs(r) * 100}%` }} />
            </span>
            <span class="number">{signed(r)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Features that sensory neurons get from an encoder are not recorded. */
const isKnown = (id: number, sensory: Float32Array): boolean => id >= 0 || sensory.length > 0;

interface SynapseProps {
  readonly replay: ReplayState;
  readonly circuit: CircuitDescription;
  readonly id: number;
  readonly direction: "in" | "out";
}

function Synapses({ replay, circuit, id, direction }: SynapseProps) {
  const record = replay.shown.value;
  const sensory = sensedOf(circuit, record?.obs ?? null);
  const rows = useMemo(() => synapsesOf(circuit, id, direction), [circuit, id, direction]);
  const strongest = useMemo(() => Math.max(1e-9, ...circuit.strength), [circuit]);
  const isCut = (from: number, to: number): boolean =>
    replay.interventions.value.some((i) => i.kind === "cut" && i.from === from && i.to === to);
  return (
    <div class="synapses">
      <h4>
        {direction === "in" ? "Hears" : "Is heard by"} <span>{rows.length}</span>
      </h4>
      <ul>
        {rows.map(({ from, to, polarity, strength }) => {
          const other = direction === "in" ? from : to;
          const carried = record === null ? 0 : activationOf(from, { sensory, state: record.state }) * strength;
          return (
            <li key={`${from},${to}`} data-cut={isCut(from, to)}>
              <button class="link" type="button" onClick={() => (replay.selection.value = other)}>
                {nameOf(circuit, other)}
              </button>
              <span class="strength" title={`mean weight magnitude ${strength.toFixed(3)}`}>
                <i
                  class={polarity > 0 ? "positive" : "negative"}
                  style={{ width: `${(strength / strongest) * 100}%` }}
                />
              </span>
              <span class="number" title="what it carries now: activation × strength">
                {isKnown(from, sensory) ? signed(carried) : "–"}
              </span>
              <button
                class="button small"
                disabled={isBundle(circuit, from)}
                type="button"
                aria-pressed={isCut(from, to)}
                aria-label={`Cut the synapse from ${nameOf(circuit, from)} to ${nameOf(circuit, to)}`}
                title={isCut(from, to) ? "Mend this synapse" : "Cut this synapse"}
                onClick={() => replay.toggleCut(from, to)}
              >
                <Icon name="cut" />
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface SynapseRow {
  readonly from: number;
  readonly to: number;
  readonly polarity: 1 | -1;
  readonly strength: number;
}

/** Synapses that end (or begin) at a neuron, strongest first. */
export function synapsesOf(circuit: CircuitDescription, id: number, direction: "in" | "out"): SynapseRow[] {
  const rows = circuit.from.map((from, e) => ({
    from,
    to: circuit.to[e] ?? from,
    polarity: circuit.polarity[e] ?? (1 as const),
    strength: circuit.strength[e] ?? 0,
  }));
  return rows.filter((r) => (direction === "in" ? r.to : r.from) === id).toSorted((a, b) => b.strength - a.strength);
}
