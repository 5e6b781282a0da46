import type { Signal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { Icon } from "../app/icons.tsx";
import { Panel } from "../app/panel.tsx";
import type { Episode } from "../episode/episode.ts";
import { seek } from "../player/player.ts";
import { motorDeviation } from "../replay/deviation.ts";
import { TRACE_PRESETS, type TracePreset } from "../replay/page-layout.ts";
import type { ReplayState } from "../replay/replay-state.ts";
import { EpisodeChart, type Line } from "./episode-chart.tsx";
import { GROUPS, quantitiesOf, quantityOfNeuron, type Quantity } from "./quantities.ts";

/** More lines than this cannot be told apart. */
const MAX_LINES = 8;

const WHY_EMPTY: Readonly<Record<TracePreset, string>> = {
  Observation: "Observations are images here.",
  Probabilities: "Actions are not drawn from probabilities here.",
  Value: "This policy was saved without a critic.",
  Reward: "No episode.",
  Return: "No episode.",
  Neuron: "Choose a neuron in the circuit.",
  Deviation: "Play a what-if to see how far it departs.",
  Chosen: "Choose what to draw from the list.",
};

/** Any numbers of the episode over time: a usual choice, or whatever is picked from the list. */
export function TracesPanel({ replay }: { readonly replay: ReplayState }) {
  const { picked } = replay;
  const chosen = replay.traces.value;
  const choose = (preset: TracePreset | null): void => void (replay.traces.value = preset);
  const [episode, other] = [replay.episode.value, replay.whatIf.value];
  const preset = chosen ?? (episode?.shape.numObs === 0 ? "Value" : "Observation");
  const quantities = useMemo(() => (episode === null ? [] : quantitiesOf(episode)), [episode]);
  const selection = replay.selection.value;
  const shown = useMemo(
    () => chosenQuantities(preset, quantities, episode, selection, picked.value),
    [preset, quantities, episode, selection, picked.value],
  );
  const lines = useMemo(
    () =>
      preset === "Deviation"
        ? deviationLines(episode, other)
        : [...linesOf(shown, episode, false), ...linesOf(shown, other, true)],
    [preset, shown, episode, other],
  );
  return (
    <Panel
      name="second"
      title="Traces"
      tools={
        <>
          <select
            class="select"
            aria-label="Traces shown"
            value={preset}
            onChange={(event) => choose(TRACE_PRESETS.find((p) => p === event.currentTarget.value) ?? null)}
          >
            {TRACE_PRESETS.map((p) => (
              <option key={p}>{p}</option>
            ))}
          </select>
          <Picker quantities={quantities} picked={picked} onPick={() => choose("Chosen")} />
        </>
      }
    >
      <div class="body" data-testid="traces">
        {lines.length === 0 ? (
          <div class="empty">{WHY_EMPTY[preset]}</div>
        ) : (
          <EpisodeChart
            label={`${preset} over the episode`}
            lines={lines}
            length={replay.length.value}
            time={replay.time}
            zoom={replay.zoom}
            seek={(time) => replay.control((s, n) => seek(s, time, n))}
          />
        )}
      </div>
      <ul class="keys">
        {lines
          .filter((l) => l.isDashed !== true)
          .map((l) => (
            <li key={l.label}>
              <i style={{ background: `var(${l.color})` }} />
              {l.label}
            </li>
          ))}
      </ul>
    </Panel>
  );
}

function chosenQuantities(
  preset: TracePreset,
  quantities: readonly Quantity[],
  episode: Episode | null,
  selection: number | null,
  picked: readonly string[],
): readonly Quantity[] {
  const byId = (...ids: string[]): Quantity[] => quantities.filter((q) => ids.includes(q.id));
  switch (preset) {
    case "Observation":
      return quantities.filter((q) => q.group === "Observation").slice(0, MAX_LINES);
    case "Probabilities":
      return quantities.filter((q) => q.id.startsWith("probability.")).slice(0, MAX_LINES);
    case "Value":
      return byId("value");
    case "Reward":
      return byId("reward");
    case "Return":
      return byId("return");
    case "Neuron": {
      const found = selection === null ? null : quantityOfNeuron(quantities, selection, episode?.shape.numMotor ?? 0);
      return found === null ? [] : [found];
    }
    case "Deviation":
      return [];
    case "Chosen":
      return byId(...picked);
    default:
      return preset satisfies never;
  }
}

function linesOf(quantities: readonly Quantity[], episode: Episode | null, isDashed: boolean): Line[] {
  if (episode === null) return [];
  return quantities.map((q, k) => ({ label: q.label, color: `--series-${(k % 8) + 1}`, isDashed, ...q.of(episode) }));
}

function deviationLines(episode: Episode | null, other: Episode | null): Line[] {
  if (episode === null || other === null) return [];
  const values = motorDeviation(episode, other);
  return [{ label: "root mean square over motor neurons", color: "--series-6", values, stride: 1, offset: 0 }];
}

interface PickerProps {
  readonly quantities: readonly Quantity[];
  readonly picked: Signal<readonly string[]>;
  onPick(): void;
}

/** A list of everything there is, to tick what is drawn. */
function Picker({ quantities, picked, onPick }: PickerProps) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (q: Quantity): boolean => words.every((w) => `${q.group} ${q.label}`.toLowerCase().includes(w));
  const toggle = (id: string): void => {
    const rest = picked.value.filter((p) => p !== id);
    picked.value = rest.length < picked.value.length ? rest : [...rest, id].slice(-MAX_LINES);
    onPick();
  };
  return (
    <div class="picker" onKeyDown={(event) => event.key === "Escape" && (event.stopPropagation(), setOpen(false))}>
      <button
        class="button"
        type="button"
        aria-expanded={isOpen}
        aria-label="Choose traces"
        title="Choose any neurons, observations and other numbers"
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name="list" />
      </button>
      {isOpen && (
        <div class="popover" role="group" aria-label="Traces to draw">
          <input
            class="select search"
            type="search"
            placeholder="Search"
            aria-label="Search traces"
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          {GROUPS.map((group) => {
            const members = quantities.filter((q) => q.group === group && fits(q));
            return members.length === 0 ? null : (
              <fieldset key={group}>
                <legend>{group}</legend>
                {members.map((q) => (
                  <label key={q.id}>
                    <input type="checkbox" checked={picked.value.includes(q.id)} onChange={() => toggle(q.id)} />
                    {q.label}
                  </label>
                ))}
              </fieldset>
            );
          })}
        </div>
      )}
    </div>
  );
}
