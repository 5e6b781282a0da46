import { useMemo } from "preact/hooks";
import { decimate, type SeriesData } from "../chart/decimate.ts";
import { compact } from "../chart/metric-chart.tsx";
import type { Episode } from "../episode/episode.ts";
import type { ReplayState } from "../replay/replay-state.ts";
import type { Pace } from "./pace.ts";
import { usePace } from "./use-pace.ts";

/**
 * A neuron over the episode, and under it over the one that this is a what-if of: its activation, and where they can be worked out its gate
 * and time constant.
 */
export function NeuronHistory({
  replay,
  episode,
  id,
}: {
  readonly replay: ReplayState;
  readonly episode: Episode;
  readonly id: number;
}) {
  const { pace, now, problem } = usePace(replay, episode, id);
  const original = replay.episode.value;
  const step = Math.min(replay.step.value, episode.length - 1);
  return (
    <div class="history">
      <Sparkline
        label="Activation over the episode"
        series={activationIn(episode, id)}
        under={original === null || original === episode ? null : activationIn(original, id)}
        length={episode.length}
        step={step}
      />
      {now !== null && <PaceRows now={now} />}
      {pace !== null && pace.gates !== null && (
        <Sparkline
          label="Gate over the episode"
          series={{ values: pace.gates, stride: 1, offset: 0 }}
          under={null}
          length={episode.length}
          step={step}
        />
      )}
      {problem !== null && <p class="kind">No time constant: {problem}.</p>}
    </div>
  );
}

const activationIn = ({ shape, columns }: Episode, id: number): SeriesData =>
  id < 0
    ? { values: columns.obs, stride: Math.max(1, shape.numObs), offset: -1 - id }
    : { values: columns.state, stride: Math.max(1, shape.numNeurons), offset: id };

function PaceRows({ now }: { readonly now: Pace }) {
  return (
    <>
      <p class="row-of">
        <span title="Effective time constant now, in control periods">Time constant</span>
        <span class="number" data-testid="neuron-time-constant">
          {compact(now.timeConstant)}
        </span>
      </p>
      {now.gate !== null && (
        <p class="row-of">
          <span title="How far the neuron goes over from its first to its second target">Gate</span>
          <span class="number" data-testid="neuron-gate">
            {now.gate.toFixed(2)}
          </span>
        </p>
      )}
    </>
  );
}

const WIDTH = 240;
const HEIGHT = 30;

/** A small trace with the cursor on it, and faintly another one to compare it with, at the same scale. */
function Sparkline({
  label,
  series,
  under,
  length,
  step,
}: {
  readonly label: string;
  readonly series: SeriesData;
  readonly under: SeriesData | null;
  readonly length: number;
  readonly step: number;
}) {
  const [path, faint] = useMemo(
    () => pathsOf(under === null ? [series] : [series, under], length),
    [series.values, series.offset, under?.values, length],
  );
  const x = (step / Math.max(1, length - 1)) * WIDTH;
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {faint !== undefined && <path class="faint" d={faint} vector-effect="non-scaling-stroke" />}
      <path d={path} vector-effect="non-scaling-stroke" />
      <line x1={x} x2={x} y1={0} y2={HEIGHT} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

function pathsOf(series: readonly SeriesData[], length: number): string[] {
  const { x, y } = decimate(series, 0, length - 1, WIDTH / 2);
  const known = y.flat().filter((v) => v !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const span = high - low || 1;
  return y.map((values) =>
    x
      .flatMap((t, i) => {
        const v = values[i] ?? null;
        if (v === null) return [];
        const [px, py] = [(t / Math.max(1, length - 1)) * WIDTH, HEIGHT - 2 - ((v - low) / span) * (HEIGHT - 4)];
        return `${px.toFixed(1)},${py.toFixed(1)}`;
      })
      .map((point, i) => `${i === 0 ? "M" : "L"}${point}`)
      .join(""),
  );
}
