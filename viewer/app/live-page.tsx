import { computed, signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { MetricChart } from "../chart/metric-chart.tsx";
import { MotorChart } from "../chart/motor-chart.tsx";
import { MotorList } from "../chart/motor-list.tsx";
import { CircuitView } from "../circuit/circuit-view.tsx";
import { WorldView } from "../world/world-view.tsx";
import { Icon } from "./icons.tsx";
import type { LiveState } from "./live-state.ts";
import { Legend, Panel } from "./panel.tsx";

/** World, circuit, motor neurons and learning curves of a running policy. */
export function LivePage({ live }: { readonly live: LiveState }) {
  return (
    <main class="live">
      <WorldPanel live={live} />
      <CircuitPanel live={live} />
      <LearningPanel live={live} />
      <MotorPanel live={live} />
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

const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4, 8, 16];

function PlaybackTools({ live }: { readonly live: LiveState }) {
  const { paused, speed, stochastic } = live.playback.value;
  const isOff = live.role.value !== "control" || live.connection.value !== "live";
  return (
    <div class="tools">
      <button
        class="button"
        type="button"
        disabled={isOff}
        aria-label={paused ? "Play" : "Pause"}
        title={paused ? "Play" : "Pause"}
        onClick={() => live.setPlayback({ paused: !paused })}
      >
        <Icon name={paused ? "play" : "pause"} />
      </button>
      <button
        class="button"
        type="button"
        disabled={isOff}
        aria-label="New episode"
        title="New episode"
        onClick={() => live.restart()}
      >
        <Icon name="restart" />
      </button>
      <button
        class="button"
        type="button"
        disabled={isOff}
        aria-pressed={stochastic}
        aria-label="Draw actions at random, as in training"
        title="Draw actions at random, as in training"
        onClick={() => live.setPlayback({ stochastic: !stochastic })}
      >
        <Icon name="dice" />
      </button>
      <select
        class="select"
        aria-label="Speed"
        disabled={isOff}
        value={speed}
        onChange={(event) => live.setPlayback({ speed: Number(event.currentTarget.value) })}
      >
        {SPEEDS.map((s) => (
          <option key={s} value={s}>
            {s}×
          </option>
        ))}
      </select>
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

function CircuitPanel({ live }: { readonly live: LiveState }) {
  const selection = useMemo(() => signal<number | null>(null), []);
  const activity = useMemo(
    () =>
      computed(() => {
        const record = live.latest.value;
        if (record === null) return null;
        const isSeenDirectly = record.obs.length === live.circuit.value?.numInputs; // else an encoder stands between
        return {
          time: live.history.now,
          sensory: isSeenDirectly ? record.obs : new Float32Array(),
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

function MotorPanel({ live }: { readonly live: LiveState }) {
  const record = live.glance.value;
  const shape = useMemo(
    () =>
      computed(() => {
        const latest = live.latest.value;
        return latest === null ? "" : `${latest.motor.length}/${latest.probabilities.length > 0 ? 1 : 0}`;
      }),
    [live],
  );
  const [numMotor = 0, isDiscrete = 0] = shape.value.split("/").map(Number);
  const labels = (live.circuit.value?.neurons ?? []).filter((n) => n.kind === "motor").map((n) => n.label);
  return (
    <Panel name="motors" title="Motor neurons" note={isDiscrete === 1 ? "the strip below shows the chosen action" : ""}>
      <div class="body">
        <div class="chart">
          {numMotor > 0 && (
            <MotorChart history={live.history} tick={live.latest} numMotor={numMotor} isDiscrete={isDiscrete === 1} />
          )}
        </div>
        <MotorList record={record} labels={labels} />
      </div>
    </Panel>
  );
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
            <MetricChart records={records} wishes={[/return/i, /reward/i]} color="--series-1" label="first" />
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
