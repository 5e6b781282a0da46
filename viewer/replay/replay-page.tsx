import { computed, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { StepRecord } from "../../src/protocol/index.ts";
import { Icon } from "../app/icons.tsx";
import { NumberField } from "../app/number-field.tsx";
import type { LiveState } from "../app/live-state.ts";
import { Legend, Panel } from "../app/panel.tsx";
import { EpisodeChart, type Line } from "../chart/episode-chart.tsx";
import type { SeriesData } from "../chart/decimate.ts";
import { TracesPanel } from "../chart/traces-panel.tsx";
import { MotorList } from "../chart/motor-list.tsx";
import { CircuitView } from "../circuit/circuit-view.tsx";
import { nameOf } from "../circuit/neuron-name.ts";
import { sensedOf } from "../circuit/sensed.ts";
import type { Episode } from "../episode/episode.ts";
import { CentreBody, CentreTabs } from "../explain/centre-panel.tsx";
import { ExplainState } from "../explain/explain-state.ts";
import { SideTabs } from "../explain/side-tabs.tsx";
import { seek } from "../player/player.ts";
import { WorldView } from "../world/world-view.tsx";
import { downloadCsv } from "./csv.ts";
import { listenForKeys } from "./keys.ts";
import type { ReplayState } from "./replay-state.ts";
import { Timeline } from "./timeline.tsx";
import { ToolButton } from "../app/tool-button.tsx";
import { WhatIfPanel } from "./what-if-panel.tsx";

/** One episode: world, circuit, traces, a chosen neuron, and what would have happened if. */
export function ReplayPage({ live, replay }: { readonly live: LiveState; readonly replay: ReplayState }) {
  useEffect(() => listenForKeys(replay), [replay]);
  const explain = useMemo(() => new ExplainState(replay), [replay]);
  useEffect(() => () => explain.close(), [explain]);
  const index = live.watched.value;
  const source = index === null ? undefined : live.sources.value?.[index];
  useEffect(() => {
    const isFree = replay.episode.peek() === null && !replay.work.isBusy.peek() && replay.work.problem.peek() === null;
    if (index !== null && source !== undefined && isFree) void replay.play(index, source, replay.seed.peek());
  }, [index, source, replay]);
  return (
    <main class="replay">
      <WorldPanel
        replay={replay}
        restart={(seed) => index !== null && source !== undefined && void replay.play(index, source, seed)}
      />
      <CircuitPanel replay={replay} weights={explain.weights} />
      <section class="panel side" aria-label="Neuron and what if">
        <SideTabs replay={replay} explain={explain} />
        <WhatIfPanel replay={replay} />
      </section>
      <MotorPanel replay={replay} />
      <TracesPanel replay={replay} />
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
        <div class="twin" data-coming={replay.isPictureComing.value}>
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
  const problem = replay.work.problem.value;
  return (
    <div class="empty">
      <strong>
        {problem === null
          ? replay.work.isBusy.value
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
      <NumberField label="seed" text={text} isValid={isValid} onText={setText} />
      <button
        class="button"
        type="submit"
        disabled={!isValid || replay.work.isBusy.value}
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

function CircuitPanel({
  replay,
  weights,
}: {
  readonly replay: ReplayState;
  readonly weights: ReadonlySignal<Float32Array | null>;
}) {
  const circuit = useMemo(() => computed(() => replay.episode.value?.circuit ?? null), [replay]);
  const view = replay.centre;
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
        return {
          time: replay.time.value,
          sensory: sensedOf(circuit.value, record.obs),
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
      tools={
        <>
          {circuit.value !== null && view.value === "Circuit" && <Legend />}
          <CentreTabs view={view} />
        </>
      }
    >
      <div class="body">
        <CentreBody replay={replay} view={view}>
          <CircuitView
            circuit={circuit}
            activity={activity}
            selection={replay.selection}
            arrangement={replay.places}
            clamped={clamped}
            cut={cut}
            weights={weights}
          />
          {replay.episode.value !== null && circuit.value === null && (
            <div class="empty">This policy has no circuit.</div>
          )}
        </CentreBody>
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
  // The same columns come again when the long ones of a recording have come in.
  const lines = useMemo(
    () => [...motorLines(episode, false), ...motorLines(whatIf, true)],
    [episode?.columns.motor, episode?.circuit, whatIf],
  );
  const range = useMemo(() => motorRange(lines), [lines]);
  const shownActions = useMemo(() => actionsOf(whatIf ?? episode), [episode, whatIf]);
  const go = (time: number): void => replay.control((s, n) => seek(s, time, n));
  return (
    <Panel
      name="motors"
      title="Motor neurons"
      note={
        whatIf === null
          ? `${episode?.shape.isDiscrete === true ? "below: the action taken. " : ""}Drag to zoom, double click for all`
          : `solid: episode, dashed: ${replay.otherName.value}`
      }
      tools={
        <ToolButton
          icon="save"
          label="Save as CSV"
          hint="Save everything as CSV"
          isOff={episode === null}
          onClick={() => episode !== null && downloadCsv(whatIf ?? episode)}
        />
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
              range={range}
              actions={shownActions}
            />
          )}
        </div>
        <MotorsNow replay={replay} />
      </div>
    </Panel>
  );
}

/** Apart from the panel, because it changes with every step. */
function MotorsNow({ replay }: { readonly replay: ReplayState }) {
  return <MotorList record={replay.shown.value} labels={motorLabels(replay.episode.value)} />;
}

/** Discrete actions as a strip; of others there are lines. */
const actionsOf = (episode: Episode | null): SeriesData | undefined =>
  episode?.shape.isDiscrete === true ? { values: episode.columns.action, stride: 1, offset: 0 } : undefined;

function motorLines(episode: Episode | null, isDashed: boolean): Line[] {
  if (episode === null) return [];
  const labels = motorLabels(episode);
  const { numMotor, isDiscrete, actionSize } = episode.shape;
  const motors = Array.from({ length: numMotor }, (_, m) => ({
    label: labels[m] ?? `motor ${m}`,
    color: `--series-${(m % 8) + 1}`,
    isDashed,
    values: episode.columns.motor,
    stride: numMotor,
    offset: m,
  }));
  if (isDiscrete || isDashed) return motors;
  const actions = Array.from({ length: actionSize }, (_, a) => ({
    label: `action ${labels[a] ?? a}`,
    color: `--series-${((numMotor + a) % 8) + 1}`,
    values: episode.columns.action,
    stride: actionSize,
    offset: a,
  }));
  return [...motors, ...actions];
}

const UNIT_RANGE = [-1.05, 1.05] as const;

/** CfC motor neurons live in (-1, 1); others are fitted. */
function motorRange(lines: readonly Line[]): readonly [number, number] {
  let top = 1;
  // Lines share their values: they differ in where among them they begin.
  for (const values of new Set(lines.map((line) => line.values)))
    for (let i = 0; i < values.length; i++) if (Math.abs(values[i]!) > top) top = Math.abs(values[i]!);
  return top === 1 ? UNIT_RANGE : [-top * 1.05, top * 1.05];
}
