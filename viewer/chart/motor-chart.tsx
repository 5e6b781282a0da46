import { effect, type ReadonlySignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { cssValue, seriesColor, themeVersion } from "../app/theme.ts";
import { hasSoftwareGl } from "../render/stage.ts";
import type { HistoryWindow, StepHistory } from "../player/step-history.ts";
import { hostChart } from "./chart-host.ts";

/** Steps shown at once. */
const WINDOW = 400;
const STRIP_HEIGHT = 12;
const STRIP_GAP = 6;

/** What the scrolling traces need. */
export interface MotorChartProps {
  readonly history: StepHistory;
  /** changes whenever the history has grown */
  readonly tick: ReadonlySignal<unknown>;
  /** number of motor neurons */
  readonly numMotor: number;
  /** whether the action is one of the motor neurons (Discrete) */
  readonly isDiscrete: boolean;
}

/** Motor neurons over the last steps, scrolling, with the chosen action as a coloured strip below and episode borders as thin lines. */
export function MotorChart({ history, tick, numMotor, isDiscrete }: MotorChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const version = themeVersion.value;
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const shown: { window: HistoryWindow } = { window: history.window(WINDOW) };
    const { chart, destroy } = hostChart(element, motorOptions(numMotor, isDiscrete, shown), toData(shown.window));
    const shortest = 1000 / (hasSoftwareGl() ? 12 : 60);
    let last = 0;
    const stop = effect(() => {
      void tick.value;
      const now = performance.now();
      if (now - last < shortest) return;
      last = now;
      shown.window = history.window(WINDOW);
      chart.setData(toData(shown.window), false);
      chart.batch(() => {
        chart.setScale("x", { min: history.now - WINDOW, max: history.now });
        chart.setScale("y", rangeOf(shown.window));
      });
    });
    return () => {
      stop();
      destroy();
    };
  }, [history, tick, numMotor, isDiscrete, version]);
  return <div class="stage" ref={host} data-testid="motor-chart" />;
}

function toData({ time, motor }: HistoryWindow): uPlot.AlignedData {
  return [time as number[], ...(motor as number[][])]; // uPlot only reads them
}

/** CfC neurons live in (-1, 1); others widen the range, in steps, so that the axis does not tremble. */
function rangeOf({ motor }: HistoryWindow): { min: number; max: number } {
  let largest = 1;
  for (const column of motor) for (const v of column) largest = Math.max(largest, Math.abs(v));
  const top = largest <= 1 ? 1.05 : Math.ceil(largest * 2) / 2;
  return { min: -top, max: top };
}

function motorOptions(
  numMotor: number,
  isDiscrete: boolean,
  shown: { readonly window: HistoryWindow },
): Omit<uPlot.Options, "width" | "height"> {
  const axis = {
    stroke: cssValue("--muted"),
    grid: { stroke: cssValue("--line"), width: 1 },
    ticks: { show: false },
    font: "11px DejaVu Sans, sans-serif",
  };
  return {
    padding: [8, 14, isDiscrete ? STRIP_HEIGHT + STRIP_GAP : 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, auto: false }, y: { auto: false } },
    series: [
      {},
      ...Array.from({ length: numMotor }, (_, m) => ({ stroke: seriesColor(m), width: 1.75, points: { show: false } })),
    ],
    axes: [
      {
        ...axis,
        size: 26,
        gap: isDiscrete ? STRIP_HEIGHT + STRIP_GAP + 4 : 4,
        splits: (u) => [400, 300, 200, 100, 0].map((ago) => (u.scales["x"]?.max ?? 0) - ago),
        values: (_, splits) => splits.map((_, i) => (i === 4 ? "now" : `${i * 100 - 400}`)),
      },
      {
        ...axis,
        size: 44,
        gap: 8,
        splits: (u) => yTicks(u.scales["y"]?.max ?? 1),
        values: (_, splits) => splits.map(String),
      },
    ],
    hooks: {
      drawAxes: [(u) => drawEpisodeStarts(u, shown.window)],
      draw: isDiscrete ? [(u) => drawActionStrip(u, shown.window)] : [],
    },
  };
}

const yTicks = (max: number): number[] => (max <= 1.05 ? [-1, -0.5, 0, 0.5, 1] : [-max, -max / 2, 0, max / 2, max]);

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

function drawActionStrip(u: uPlot, { time, action }: HistoryWindow): void {
  const { ctx, bbox } = u;
  const top = bbox.top + bbox.height + STRIP_GAP * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, top, bbox.width, STRIP_HEIGHT * devicePixelRatio);
  ctx.clip();
  const colors = Array.from({ length: 8 }, (_, k) => seriesColor(k));
  for (let i = 0; i < time.length; i++) {
    const x0 = u.valToPos(time[i - 1] ?? (time[i] ?? 0) - 1, "x", true);
    const x1 = u.valToPos(time[i] ?? 0, "x", true);
    ctx.fillStyle = colors[(action[i] ?? 0) % 8] ?? "";
    ctx.fillRect(x0, top, Math.ceil(x1 - x0), STRIP_HEIGHT * devicePixelRatio);
  }
  ctx.restore();
}
