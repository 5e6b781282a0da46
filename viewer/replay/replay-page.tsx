import { computed, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { StepRecord } from "../../src/protocol/index.ts";
import { Icon } from "../app/icons.tsx";
import type { LiveState } from "../app/live-state.ts";
import { Legend, Panel } from "../app/panel.tsx";
import { EpisodeChart, type Line } from "../chart/episode-chart.tsx";
import { MotorList } from "../chart/motor-list.tsx";
import { CircuitView, nameOf } from "../circuit/circuit-view.tsx";
import type { Episode } from "../episode/episode.ts";
import { seek } from "../player/player.ts";
import { WorldView } from "../world/world-view.tsx";
import { downloadCsv } from "./csv.ts";
import { motorDeviation } from "./deviation.ts";
import { Inspector } from "./inspector.tsx";
import { listenForKeys } from "./keys.ts";
import type { ReplayState } from "./replay-state.ts";
import { Timeline } from "./timeline.tsx";
import { WhatIfPanel } from "./what-if-panel.tsx";

/** One episode: world, circuit, traces, a chosen neuron, and what would have happened if. */
export function ReplayPage({ live, replay }: { readonly live: LiveState; readonly replay: ReplayState }) {
  useEffect(() => listenForKeys(replay), [replay]);
  const index = live.watched.value;
  const source = index === null ? undefined : live.sources.value?.[index];
  useEffect(() => {
    const isFree = replay.episode.peek() === null && !replay.isBusy.peek() && replay.problem.peek() === null;
    if (index !== null && source !== undefined && isFree) void replay.play(index, source, replay.seed.peek());
  }, [index, source, replay]);
  return (
    <main class="replay">
      <WorldPanel
        replay={replay}
        restart={(seed) => index !== null && source !== undefined && void replay.play(index, source, seed)}
      />
      <CircuitPanel replay={replay} />
      <section class="panel side" aria-label="Neuron and what if">
        <Inspector replay={replay} />
        <WhatIfPanel replay={replay} />
      </section>
      <MotorPanel replay={replay} />
      <SecondPanel replay={replay} />
      <Timeline replay={replay} />
    </main>
  );
}

function WorldPanel({ replay, restart }: { readonly replay: ReplayState; restart(seed: number): void }) {
  const sceneOf = (record: ReadonlySignal<StepRecord | null>) => computed(() => record.value?.scene ?? null);
  const scene = useMemo(() => sceneOf(replay.record), [replay]);
  const other = useMemo(() => sceneOf(replay.whatIfRecord), [replay]);
  const hasWhatIf = replay.whatIf.value !== null;
  return (
    <Panel
      name="world"
      title="World"
      note={replay.recorded.value === null ? "" : replay.episode.value?.title}
      tools={<SeedPicker replay={replay} restart={restart} />}
    >
      <div class={hasWhatIf ? "body twins" : "body"}>
        <div class="twin">
          <WorldView scene={scene} label="The world in the episode" />
          {hasWhatIf && <span class="tag">episode{isOver(replay.episode.value, replay) && ", over"}</span>}
        </div>
        {hasWhatIf && (
          <div class="twin">
            <WorldView scene={other} label="The world in the other episode" />
            <span class="tag accent">
              {replay.otherName.value}
              {isOver(replay.whatIf.value, replay) && ", over"}
            </span>
          </div>
        )}
        {replay.episode.value === null && <Empty replay={replay} />}
      </div>
      <Readouts replay={replay} />
    </Panel>
  );
}

const isOver = (episode: Episode | null, replay: ReplayState): boolean =>
  episode !== null && replay.step.value > episode.length - 1;

function Empty({ replay }: { readonly replay: ReplayState }) {
  const problem = replay.problem.value;
  return (
    <div class="empty">
      <strong>
        {problem === null
          ? replay.isBusy.value
            ? "Playing an episode…"
            : "No episode yet"
          : "This episode cannot be played"}
      </strong>
      {problem !== null && <span>{problem}</span>}
    </div>
  );
}

function SeedPicker({ replay, restart }: { readonly replay: ReplayState; restart(seed: number): void }) {
  const [text, setText] = useState(String(replay.seed.value));
  const seed = Number(text);
  const isValid = /^\d{1,15}$/.test(text);
  return (
    <form
      class="tools"
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) restart(seed);
      }}
    >
      <label class="field">
        seed
        <input
          class="select number"
          inputMode="numeric"
          value={text}
          aria-invalid={!isValid}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <button
        class="button"
        type="submit"
        disabled={!isValid || replay.isBusy.value}
        title="Play an episode from this seed"
        aria-label="Play an episode from this seed"
      >
        <Icon name="restart" />
      </button>
    </form>
  );
}

function Readouts({ replay }: { readonly replay: ReplayState }) {
  const record = replay.shown.value;
  const episode = replay.whatIf.value ?? replay.episode.value;
  const show = (x: number | undefined): string =>
    x === undefined || Number.isNaN(x) ? "–" : Number.isInteger(x) ? String(x) : x.toFixed(2);
  const items: [string, string][] = [
    ["Reward", show(record?.reward)],
    ["Return", show(record?.return)],
    ["Value", show(record?.value)],
    ["Ended", episode?.ended ?? "–"],
  ];
  return (
    <dl class="readouts">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd data-testid={`replay-${name.toLowerCase()}`} class={value.length > 7 ? "text" : ""}>
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function CircuitPanel({ replay }: { readonly replay: ReplayState }) {
  const circuit = useMemo(() => computed(() => replay.episode.value?.circuit ?? null), [replay]);
  const clamped = useMemo(
    () => computed(() => new Set(replay.interventions.value.flatMap((i) => (i.kind === "clamp" ? [i.neuron] : [])))),
    [replay],
  );
  const cut = useMemo(
    () =>
      computed(
        () => new Set(replay.interventions.value.flatMap((i) => (i.kind === "cut" ? [`${i.from},${i.to}`] : []))),
      ),
    [replay],
  );
  const activity = useMemo(
    () =>
      computed(() => {
        const record = replay.shown.value;
        if (record === null) return null;
        const isSeenDirectly = record.obs.length === circuit.value?.numInputs;
        return {
          time: replay.time.value,
          sensory: isSeenDirectly ? record.obs : new Float32Array(),
          state: record.state,
        };
      }),
    [replay],
  );
  return (
    <Panel
      name="circuit"
      title="Circuit"
      note={<Search replay={replay} />}
      tools={circuit.value !== null && <Legend />}
    >
      <div class="body">
        <CircuitView circuit={circuit} activity={activity} selection={replay.selection} clamped={clamped} cut={cut} />
        {replay.episode.value !== null && circuit.value === null && (
          <div class="empty">This policy has no circuit.</div>
        )}
      </div>
    </Panel>
  );
}

function Search({ replay }: { readonly replay: ReplayState }) {
  const circuit = replay.episode.value?.circuit ?? null;
  if (circuit === null) return null;
  const ids = [...circuit.sensory.map((_, s) => -1 - s), ...circuit.neurons.map((n) => n.id)];
  return (
    <>
      <input
        class="select search"
        type="search"
        list="neurons"
        placeholder="Find a neuron"
        aria-label="Find a neuron"
        onInput={(event) => {
          const text = event.currentTarget.value.trim().toLowerCase();
          const found = ids.find((id) => nameOf(circuit, id).toLowerCase() === text);
          if (found !== undefined) replay.selection.value = found;
        }}
      />
      <datalist id="neurons">
        {ids.map((id) => (
          <option key={id} value={nameOf(circuit, id)} />
        ))}
      </datalist>
    </>
  );
}

const motorLabels = (episode: Episode | null): string[] =>
  (episode?.circuit?.neurons ?? []).filter((n) => n.kind === "motor").map((n) => n.label);

function MotorPanel({ replay }: { readonly replay: ReplayState }) {
  const [episode, whatIf] = [replay.episode.value, replay.whatIf.value];
  const lines = useMemo(() => [...motorLines(episode, false), ...motorLines(whatIf, true)], [episode, whatIf]);
  const go = (time: number): void => replay.control((s, n) => seek(s, time, n));
  return (
    <Panel
      name="motors"
      title="Motor neurons"
      note={
        whatIf === null ? "drag to zoom, double click for all" : `solid: episode, dashed: ${replay.otherName.value}`
      }
      tools={
        <button
          class="button"
          type="button"
          disabled={episode === null}
          title="Save everything as CSV"
          aria-label="Save as CSV"
          onClick={() => episode !== null && downloadCsv(whatIf ?? episode)}
        >
          <Icon name="save" />
        </button>
      }
    >
      <div class="body">
        <div class="chart" data-testid="motor-traces">
          {episode?.shape.numMotor === 0 && <div class="empty">No neurons were recorded with this episode.</div>}
          {episode !== null && episode.shape.numMotor > 0 && (
            <EpisodeChart
              label="Motor neurons over the episode"
              lines={lines}
              length={replay.length.value}
              time={replay.time}
              zoom={replay.zoom}
              seek={go}
              range={motorRange(lines)}
            />
          )}
        </div>
        <MotorList record={replay.shown.value} labels={motorLabels(episode)} />
      </div>
    </Panel>
  );
}

function motorLines(episode: Episode | null, isDashed: boolean): Line[] {
  if (episode === null) return [];
  const labels = motorLabels(episode);
  const { numMotor } = episode.shape;
  return Array.from({ length: numMotor }, (_, m) => ({
    label: labels[m] ?? `motor ${m}`,
    color: `--series-${(m % 8) + 1}`,
    isDashed,
    values: episode.columns.motor,
    stride: numMotor,
    offset: m,
  }));
}

const UNIT_RANGE = [-1.05, 1.05] as const;

/** CfC motor neurons live in (-1, 1); others are fitted. */
function motorRange(lines: readonly Line[]): readonly [number, number] {
  for (const { values } of lines) for (const v of values) if (v > 1 || v < -1) return widest(values);
  return UNIT_RANGE;
}
const widest = (values: Float32Array): readonly [number, number] => {
  const top = values.reduce((a, v) => Math.max(a, Math.abs(v)), 1) * 1.05;
  return [-top, top];
};

const CHOICES = ["Observation", "Value", "Reward", "Neuron", "Deviation"] as const;
type Choice = (typeof CHOICES)[number];

function SecondPanel({ replay }: { readonly replay: ReplayState }) {
  const [chosen, choose] = useState<Choice | null>(null);
  const [episode, whatIf] = [replay.episode.value, replay.whatIf.value];
  const choice = chosen ?? (episode?.shape.numObs === 0 ? "Value" : "Observation");
  const selection = replay.selection.value;
  const lines = useMemo(() => secondLines(choice, episode, whatIf, selection), [choice, episode, whatIf, selection]);
  const go = (time: number): void => replay.control((s, n) => seek(s, time, n));
  return (
    <Panel
      name="second"
      title="Also"
      tools={
        <select
          class="select"
          aria-label="Also show"
          value={choice}
          onChange={(event) => choose(event.currentTarget.value as Choice)}
        >
          {CHOICES.map((c) => (
            <option key={c}>{c}</option>
          ))}
        </select>
      }
    >
      <div class="body">
        {lines.length === 0 ? (
          <div class="empty">{WHY_EMPTY[choice]}</div>
        ) : (
          <EpisodeChart
            label={`${choice} over the episode`}
            lines={lines}
            length={replay.length.value}
            time={replay.time}
            zoom={replay.zoom}
            seek={go}
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

const WHY_EMPTY: Readonly<Record<Choice, string>> = {
  Observation: "Observations are images here.",
  Value: "This policy was saved without a critic.",
  Reward: "No episode.",
  Neuron: "Choose a neuron in the circuit.",
  Deviation: "Play a what-if to see how far it departs.",
};

function secondLines(
  choice: Choice,
  episode: Episode | null,
  whatIf: Episode | null,
  selection: number | null,
): Line[] {
  if (episode === null) return [];
  const both = (of: (e: Episode, isDashed: boolean) => Line[]): Line[] => [
    ...of(episode, false),
    ...(whatIf === null ? [] : of(whatIf, true)),
  ];
  switch (choice) {
    case "Observation":
      return both(obsLines);
    case "Value":
      return Number.isNaN(episode.columns.value[0])
        ? []
        : both((e, d) => [line("value", "--series-1", d, e.columns.value)]);
    case "Reward":
      return both((e, d) => [line("reward", "--series-2", d, e.columns.reward)]);
    case "Neuron":
      return selection === null ? [] : both((e, d) => neuronLine(e, d, selection));
    case "Deviation":
      return whatIf === null
        ? []
        : [line("root mean square over motor neurons", "--series-6", false, motorDeviation(episode, whatIf))];
    default:
      return choice satisfies never;
  }
}

const line = (label: string, color: string, isDashed: boolean, values: Float32Array, stride = 1, offset = 0): Line => ({
  label,
  color,
  isDashed,
  values,
  stride,
  offset,
});

function obsLines(e: Episode, isDashed: boolean): Line[] {
  const { numObs } = e.shape;
  return Array.from({ length: Math.min(8, numObs) }, (_, d) =>
    line(
      e.circuit?.numInputs === numObs ? (e.circuit.sensory[d] ?? "") : `obs ${d}`,
      `--series-${d + 1}`,
      isDashed,
      e.columns.obs,
      numObs,
      d,
    ),
  );
}

function neuronLine(e: Episode, isDashed: boolean, id: number): Line[] {
  const name = e.circuit === null ? `neuron ${id}` : nameOf(e.circuit, id);
  if (id >= 0) return [line(name, "--series-3", isDashed, e.columns.state, e.shape.numNeurons, id)];
  return -1 - id < e.shape.numObs ? [line(name, "--series-3", isDashed, e.columns.obs, e.shape.numObs, -1 - id)] : [];
}
