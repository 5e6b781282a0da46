import { computed, useComputed, useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { MetricChart } from "../chart/metric-chart.tsx";
import { FOLLOWING, LiveTraces } from "../chart/live-traces.tsx";
import { MotorList } from "../chart/motor-list.tsx";
import type { CircuitDescription } from "../../src/protocol/index.ts";
import { CircuitView } from "../circuit/circuit-view.tsx";
import { nameOf } from "../circuit/neuron-name.ts";
import { sensedOf } from "../circuit/sensed.ts";
import { saveFile } from "../export/save-file.ts";
import { SPEEDS } from "../player/player.ts";
import { SpeedSelect } from "../player/speed-select.tsx";
import { historyCsv, type TraceKind } from "../player/step-history.ts";
import { WorldView } from "../world/world-view.tsx";
import { ToolButton } from "./tool-button.tsx";
import type { LiveState } from "./live-state.ts";
import { Legend, Panel } from "./panel.tsx";

/** World, circuit, motor neurons and learning curves of a running policy. */
export function LivePage({ live }: { readonly live: LiveState }) {
  const selection = useSignal<number | null>(null);
  return (
    <main class="live">
      <WorldPanel live={live} />
      <CircuitPanel live={live} selection={selection} />
      <LearningPanel live={live} />
      <MotorPanel live={live} selection={selection} />
    </main>
  );
}

function WorldPanel({ live }: { readonly live: LiveState }) {
  const scene = useMemo(() => computed(() => live.latest.value?.scene ?? null), [live]);
  const state = useMemo(
    () =>
      computed(() => {
        const record = live.latest.value;
        return record === null ? "waiting" : record.scene === null ? "unseen" : "shown";
      }),
    [live],
  );
  return (
    <Panel name="world" title="World" tools={<PlaybackTools live={live} />}>
      <div class="body">
        <WorldView scene={scene} label="The world as the environment draws it" />
        {state.value === "waiting" && <Waiting live={live} />}
        {state.value === "unseen" && <div class="empty">This world draws no picture.</div>}
      </div>
      <Readouts live={live} />
    </Panel>
  );
}

function PlaybackTools({ live }: { readonly live: LiveState }) {
  const { paused, speed, stochastic } = live.playback.value;
  const isOff = live.role.value !== "control" || live.connection.value !== "live";
  return (
    <div class="tools">
      <ToolButton
        icon={paused ? "play" : "pause"}
        label={paused ? "Play" : "Pause"}
        isOff={isOff}
        onClick={() => live.setPlayback({ paused: !paused })}
      />
      <ToolButton icon="restart" label="New episode" isOff={isOff} onClick={() => live.restart()} />
      <ToolButton
        icon="dice"
        label="Draw actions at random, as in training"
        isOff={isOff}
        isPressed={stochastic}
        onClick={() => live.setPlayback({ stochastic: !stochastic })}
      />
      <SpeedSelect
        speeds={SPEEDS}
        value={speed}
        label="Speed"
        isOff={isOff}
        onChoose={(chosen) => live.setPlayback({ speed: chosen })}
      />
    </div>
  );
}

function Waiting({ live }: { readonly live: LiveState }) {
  const state = live.connection.value;
  const [title, text] =
    state === "refused"
      ? ["The server does not accept this token", "Open the address that the command line printed."]
      : state !== "live"
        ? ["No connection", "The page tries again by itself."]
        : live.sources.value?.length === 0
          ? ["Nothing to show yet", "Start the viewer on a run: elegans view RUN"]
          : ["Waiting for the first policy", "It appears after the first training iteration."];
  return (
    <div class="empty">
      <strong>{title}</strong>
      <span>{text}</span>
    </div>
  );
}

function Readouts({ live }: { readonly live: LiveState }) {
  const record = live.latest.value;
  const last = live.lastEpisode.value;
  const items: [string, string, string][] = [
    ["episode", "Episode", record === null ? "–" : String(record.episode + 1)],
    ["step", "Step", record === null ? "–" : String(record.step)],
    ["return", "Return", record === null ? "–" : shortNumber(record.return)],
    ["last", "Last return", last === null ? "–" : shortNumber(last.return)],
  ];
  return (
    <dl class="readouts">
      {items.map(([id, name, value]) => (
        <div key={id}>
          <dt>{name}</dt>
          <dd data-testid={`readout-${id}`}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const shortNumber = (x: number): string => (Number.isInteger(x) ? String(x) : x.toFixed(Math.abs(x) < 100 ? 2 : 1));

function CircuitPanel({ live, selection }: { readonly live: LiveState; readonly selection: Signal<number | null> }) {
  const activity = useMemo(
    () =>
      computed(() => {
        const record = live.latest.value;
        if (record === null) return null;
        return {
          time: live.history.now,
          sensory: sensedOf(live.circuit.value, record.obs),
          state: record.state,
        };
      }),
    [live],
  );
  const hasBegun = useMemo(() => computed(() => live.latest.value !== null), [live]);
  const circuit = live.circuit.value;
  const note = circuit === null ? "" : `${circuit.neurons.length} neurons, ${circuit.from.length} synapses`;
  return (
    <Panel name="circuit" title="Circuit" note={note} tools={circuit !== null && <Legend />}>
      <div class="body">
        <CircuitView circuit={live.circuit} activity={activity} selection={selection} />
        {circuit === null && hasBegun.value && <div class="empty">This policy has no circuit.</div>}
      </div>
    </Panel>
  );
}

const CHOICES: readonly (readonly [TraceKind, string])[] = [
  ["motor", "Motor neurons"],
  ["probability", "Probabilities"],
  ["value", "Value"],
  ["reward", "Reward"],
  ["return", "Return"],
  ["obs", "Observation"],
  ["neuron", "Chosen neuron"],
];
const MAX_LINES = 8;

function MotorPanel({
  live,
  selection,
}: {
  readonly live: LiveState;
  readonly selection: ReadonlySignal<number | null>;
}) {
  const record = live.glance.value;
  const kind = useSignal<TraceKind>("motor");
  const view = useSignal(FOLLOWING);
  const isDiscrete = (record?.probabilities.length ?? 0) > 0;
  const { counts } = live.history;
  const columns = useColumns(kind.value, counts[kind.value], selection.value);
  const circuit = live.circuit.value;
  const labels = (circuit?.neurons ?? []).filter((n) => n.kind === "motor").map((n) => n.label);
  const isFollowing = useComputed(() => view.value.ago === 0).value;
  return (
    <Panel
      name="motors"
      title="Traces"
      note={
        kind.value === "obs" || kind.value === "neuron" ? (
          <TraceKeys columns={columns} circuit={circuit} />
        ) : (
          isDiscrete && "the strip below shows the chosen action"
        )
      }
      tools={
        <>
          {!isFollowing && (
            <button class="button outlined" type="button" onClick={() => (view.value = { ...view.value, ago: 0 })}>
              Follow
            </button>
          )}
          <select
            class="select"
            aria-label="Traces shown"
            value={kind.value}
            onChange={(event) => (kind.value = CHOICES.find(([k]) => k === event.currentTarget.value)?.[0] ?? "motor")}
          >
            {CHOICES.map(([k, name]) => (
              <option key={k} value={k}>
                {name}
              </option>
            ))}
          </select>
          <ToolButton
            icon="save"
            label="Save as CSV"
            hint="Save what was seen as CSV"
            isOff={record === null}
            onClick={() => saveFile(new Blob([historyCsv(live.history)], { type: "text/csv" }), "live.csv")}
          />
        </>
      }
    >
      <div class="body">
        <div class="chart">
          {columns.length > 0 && (
            <LiveTraces
              history={live.history}
              tick={live.latest}
              columns={columns}
              isDiscrete={isDiscrete}
              view={view}
            />
          )}
          {record !== null && columns.length === 0 && <div class="empty">{WHY_EMPTY[kind.value]}</div>}
        </div>
        <MotorList record={record} labels={labels} />
      </div>
    </Panel>
  );
}

/** Which colour is which number. */
function TraceKeys({
  columns,
  circuit,
}: {
  readonly columns: readonly (readonly [TraceKind, number])[];
  readonly circuit: CircuitDescription | null;
}) {
  const nameIn = ([kind, index]: readonly [TraceKind, number]): string =>
    circuit === null ? `${kind} ${index}` : nameOf(circuit, kind === "obs" ? -1 - index : index);
  return (
    <span class="legend">
      {columns.map((column, k) => (
        <span key={column.join()}>
          <i style={{ background: `var(--series-${(k % 8) + 1})` }} />
          {nameIn(column)}
        </span>
      ))}
    </span>
  );
}

const WHY_EMPTY: Readonly<Record<TraceKind, string>> = {
  motor: "This policy has no motor neurons.",
  probability: "Actions are not drawn from probabilities here.",
  value: "This policy was saved without a critic.",
  reward: "No steps yet.",
  return: "No steps yet.",
  obs: "Observations are images here.",
  neuron: "Choose a neuron in the circuit.",
};

/** The same list as long as it names the same columns, so that the chart is not made anew. */
function useColumns(
  kind: TraceKind,
  count: number,
  selection: number | null,
): readonly (readonly [TraceKind, number])[] {
  return useMemo(() => {
    if (kind === "neuron" && selection !== null)
      return selection < 0 ? [["obs", -1 - selection]] : [["neuron", selection]];
    if (kind === "neuron") return [];
    return Array.from({ length: Math.min(MAX_LINES, count) }, (_, k) => [kind, k] as const);
  }, [kind, count, kind === "neuron" ? selection : null]);
}

/** Which policy is watched: the latest, or one that the run kept on its way. */
function Checkpoints({ live }: { readonly live: LiveState }) {
  const list = live.checkpoints.value;
  if (list.length === 0) return null;
  return (
    <select
      class="select"
      aria-label="Policy watched"
      title="Which policy plays: the latest, or one kept on the way"
      value={live.checkpoint.value ?? "latest"}
      onChange={({ currentTarget: { value } }) =>
        live.watch(live.watched.value ?? 0, value === "latest" ? null : Number(value))
      }
    >
      <option value="latest">latest policy</option>
      {list.toReversed().map(({ step, isBest }) => (
        <option key={step} value={step}>
          step {step.toLocaleString("en")}
          {isBest && " · best"}
        </option>
      ))}
    </select>
  );
}

function LearningPanel({ live }: { readonly live: LiveState }) {
  const records = live.metrics.value;
  return (
    <Panel name="learning" title="Learning" note="over environment steps" tools={<Checkpoints live={live} />}>
      <div class="body">
        {records.length === 0 ? (
          <div class="empty">No training records.</div>
        ) : (
          <>
            <MetricChart
              records={records}
              wishes={[/return/i, /reward/i, /valid/i, /loss/i]}
              color="--series-1"
              label="first"
            />
            <MetricChart
              records={records}
              wishes={[/^loss$/i, /policyLoss/i, /loss/i]}
              color="--series-2"
              label="second"
            />
          </>
        )}
      </div>
    </Panel>
  );
}
