import { effect, type ReadonlySignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { cssValue, seriesColor, themeVersion } from "../app/theme.ts";
import type { HistoryWindow, StepHistory, TraceKind } from "../player/step-history.ts";
import { hasSoftwareGl } from "../render/software-gl.ts";
import { hostChart } from "./chart-host.ts";

/** The stretch that is shown: `width` steps up to `ago` steps before now; following while `ago` is 0. */
export interface LiveWindow {
  readonly width: number;
  readonly ago: number;
}

/** The usual stretch. */
export const FOLLOWING: LiveWindow = { width: 400, ago: 0 };
const WIDTHS = [40, 6000] as const;
const STRIP_HEIGHT = 12;
const STRIP_GAP = 6;

/** What the scrolling traces need. */
export interface LiveTracesProps {
  readonly history: StepHistory;
  /** changes whenever the history has grown */
  readonly tick: ReadonlySignal<unknown>;
  /** numbers drawn, [kind, index] each; a new list draws anew */
  readonly columns: readonly (readonly [TraceKind, number])[];
  /** whether there is an action to show as a strip (Discrete) */
  readonly isDiscrete: boolean;
  readonly view: Signal<LiveWindow>;
}

/**
 * Numbers over the last steps, scrolling, with the chosen action as a coloured strip below and episode borders as thin lines. The wheel
 * changes how many steps are shown, and goes on following; dragging looks back; a double click follows again.
 */
export function LiveTraces({ history, tick, columns, isDiscrete, view }: LiveTracesProps) {
  const host = useRef<HTMLDivElement>(null);
  const version = themeVersion.value;
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const read = (): HistoryWindow => {
      const { width, ago } = view.peek();
      return history.window(width, columns, history.now - ago);
    };
    const shown = { window: read() };
    const options = traceOptions(columns.length, isDiscrete, shown, view, () => history.now);
    const { chart, destroy } = hostChart(element, options, toData(shown.window));
    const shortest = 1000 / (hasSoftwareGl() ? 12 : 60);
    let last = 0;
    const draw = (): void => {
      last = performance.now();
      shown.window = read();
      const { width, ago } = view.peek();
      chart.setData(toData(shown.window), false);
      chart.batch(() => {
        chart.setScale("x", { min: history.now - ago - width, max: history.now - ago });
        chart.setScale("y", rangeOf(shown.window, columns[0]?.[0]));
      });
    };
    const stops = [
      effect(() => {
        void tick.value;
        if (performance.now() - last >= shortest) draw();
      }),
      effect(() => {
        void view.value;
        draw();
      }),
      listen(chart, view, history),
    ];
    return () => {
      for (const stop of stops) stop();
      destroy();
    };
  }, [history, tick, columns, isDiscrete, version, view]);
  return <div class="stage" ref={host} data-testid="motor-chart" />;
}

/** Wheel, drag and double click. */
function listen(u: uPlot, view: Signal<LiveWindow>, history: StepHistory): () => void {
  let press: { readonly x: number; readonly ago: number } | null = null;
  const handlers: Record<string, (event: MouseEvent) => void> = {
    wheel: (event) => {
      event.preventDefault();
      const { width, ago } = view.peek();
      const factor = Math.exp((event as WheelEvent).deltaY * 0.0015);
      view.value = { width: Math.max(WIDTHS[0], Math.min(WIDTHS[1], width * factor)), ago };
    },
    mousedown: (event) => (press = { x: event.clientX, ago: view.peek().ago }),
    mousemove: (event) => {
      if (press === null || event.buttons === 0) return;
      const { width } = view.peek();
      const moved = ((event.clientX - press.x) / Math.max(1, u.over.clientWidth)) * width;
      view.value = { width, ago: Math.max(0, Math.min(history.length - 1, press.ago + moved)) };
    },
    mouseup: () => (press = null),
    dblclick: () => (view.value = FOLLOWING),
  };
  for (const [name, handler] of Object.entries(handlers))
    u.over.addEventListener(name, handler as EventListener, { passive: false }); // all are mouse events
  return () => {
    for (const [name, handler] of Object.entries(handlers)) u.over.removeEventListener(name, handler as EventListener);
  };
}

function toData({ time, columns }: HistoryWindow): uPlot.AlignedData {
  return [time as number[], ...(columns as (number | null)[][])]; // uPlot only reads them
}

/** CfC neurons live in (-1, 1), probabilities in [0, 1]; others widen the range, in steps, so that the axis does not tremble. */
function rangeOf({ columns }: HistoryWindow, kind: TraceKind | undefined): { min: number; max: number } {
  if (kind === "probability") return { min: -0.03, max: 1.03 };
  let [low, high] = [Infinity, -Infinity];
  for (const column of columns)
    for (const v of column) if (v !== null) [low, high] = [Math.min(low, v), Math.max(high, v)];
  if (kind === "motor" || kind === "neuron") {
    const largest = Math.max(1, Math.abs(low), Math.abs(high));
    const top = largest <= 1 || !Number.isFinite(largest) ? 1.05 : Math.ceil(largest * 2) / 2;
    return { min: -top, max: top };
  }
  if (!(low <= high)) return { min: -1, max: 1 };
  const step = 10 ** Math.floor(Math.log10(Math.max(1e-6, high - low, Math.abs(high) * 0.1)));
  return { min: Math.floor(low / step) * step - step / 4, max: Math.ceil(high / step) * step + step / 4 };
}

function traceOptions(
  numColumns: number,
  isDiscrete: boolean,
  shown: { readonly window: HistoryWindow },
  view: Signal<LiveWindow>,
  now: () => number,
): Omit<uPlot.Options, "width" | "height"> {
  const axis = {
    stroke: cssValue("--muted"),
    grid: { stroke: cssValue("--line"), width: 1 },
    ticks: { show: false },
    font: "11px DejaVu Sans, sans-serif",
  };
  const agoOf = (time: number): string => {
    const ago = Math.round(now() - time);
    return ago <= 0 ? "now" : `−${ago}`;
  };
  return {
    padding: [8, 14, isDiscrete ? STRIP_HEIGHT + STRIP_GAP : 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, auto: false }, y: { auto: false } },
    series: [
      {},
      ...Array.from({ length: numColumns }, (_, c) => ({
        stroke: seriesColor(c),
        width: 1.75,
        points: { show: false },
      })),
    ],
    axes: [
      {
        ...axis,
        size: 26,
        gap: isDiscrete ? STRIP_HEIGHT + STRIP_GAP + 4 : 4,
        splits: (u) => {
          const { width } = view.peek();
          return [1, 0.75, 0.5, 0.25, 0].map((share) => (u.scales["x"]?.max ?? 0) - share * width);
        },
        values: (_, splits) => splits.map(agoOf),
      },
      { ...axis, size: 44, gap: 8, space: 24 },
    ],
    hooks: {
      drawAxes: [(u) => drawEpisodeStarts(u, shown.window)],
      draw: isDiscrete ? [(u) => drawActionStrip(u, shown.window)] : [],
    },
  };
}

function drawEpisodeStarts(u: uPlot, { episodeStarts }: HistoryWindow): void {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = cssValue("--faint");
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([3 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  for (const t of episodeStarts) {
    const x = Math.round(u.valToPos(t, "x", true)) + 0.5;
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
  }
  ctx.stroke();
  ctx.restore();
}

/** One rectangle for every run of equal actions. */
function drawActionStrip(u: uPlot, { time, action }: HistoryWindow): void {
  const { ctx, bbox } = u;
  const top = bbox.top + bbox.height + STRIP_GAP * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, top, bbox.width, STRIP_HEIGHT * devicePixelRatio);
  ctx.clip();
  let from = 0;
  for (let i = 1; i <= time.length; i++) {
    if (i < time.length && action[i] === action[from]) continue;
    const x0 = u.valToPos(time[from - 1] ?? (time[from] ?? 0) - 1, "x", true);
    const x1 = u.valToPos(time[i - 1] ?? 0, "x", true);
    ctx.fillStyle = seriesColor(action[from] ?? 0);
    ctx.fillRect(x0, top, Math.ceil(x1 - x0), STRIP_HEIGHT * devicePixelRatio);
    from = i;
  }
  ctx.restore();
}
