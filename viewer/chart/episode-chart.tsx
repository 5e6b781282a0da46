import { useSignalEffect, type ReadonlySignal, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import { cssValue, seriesColor, themeVersion } from "../app/theme.ts";
import { hostChart } from "./chart-host.ts";
import { decimate, type SeriesData } from "./decimate.ts";

/** A line of an episode chart. */
export interface Line extends SeriesData {
  readonly label: string;
  readonly color: string;
  readonly isDashed?: boolean;
}

/** The stretch of steps that all charts show together; null for the whole episode. */
export type Zoom = { readonly from: number; readonly to: number } | null;

/** What a chart over an episode needs. */
export interface EpisodeChartProps {
  readonly lines: readonly Line[];
  readonly length: number;
  readonly time: ReadonlySignal<number>;
  readonly zoom: Signal<Zoom>;
  readonly label: string;
  /** fixed range of y; fitted when absent */
  readonly range?: readonly [number, number];
  /** the action taken at every step, as a strip of the actions' colours below the lines */
  readonly actions?: SeriesData | undefined;
  seek(time: number): void;
}

const AXIS_WIDTH = 46;
const STRIP_HEIGHT = 8;
const STRIP_GAP = 4;
const DRAG_FROM_PX = 5;

/** Lines over the steps of an episode, with the replay's time as a vertical line. Click goes there, drag zooms, double click shows all. */
export function EpisodeChart(props: EpisodeChartProps) {
  const { lines, length, time, zoom, label, range, actions } = props;
  const host = useRef<HTMLDivElement>(null);
  const needle = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const version = themeVersion.value;
  const visible = zoom.value ?? { from: 0, to: Math.max(1, length - 1) };
  const follow = (): void => {
    placeNeedle(chart.current, needle.current);
    moveNeedle(chart.current, needle.current, time.peek());
  };
  const shape = lines.map((l) => `${l.color}${l.isDashed === true ? "-" : ""}`).join();
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const hosted = hostChart(element, optionsOf(lines, range, props.seek, zoom, follow, actions), [
      [],
      ...lines.map(() => []),
    ]);
    chart.current = hosted.chart;
    return () => {
      chart.current = null;
      hosted.destroy();
    };
  }, [shape, version, zoom, range?.[0], range?.[1], actions?.values]);
  useEffect(() => {
    const u = chart.current;
    if (u === null) return;
    const { x, y } = decimate(lines, visible.from, visible.to, Math.max(100, u.width));
    u.setData([x, ...y], false);
    u.batch(() => {
      u.setScale("x", { min: visible.from, max: Math.max(visible.from + 1, visible.to) });
      u.setScale("y", yRange(y, range));
    });
  }, [lines, shape, version, visible.from, visible.to, range?.[0], range?.[1], actions?.values]);
  useSignalEffect(() => moveNeedle(chart.current, needle.current, time.value));
  useEffect(follow);
  return (
    <div class="stage episode-chart" role="img" aria-label={label}>
      <div class="stage" ref={host} />
      <div class="needle" ref={needle} />
    </div>
  );
}

/** Lays the needle over the plot. Asks the browser for a layout, so only after the chart has been drawn. */
function placeNeedle(u: uPlot | null, needle: HTMLElement | null): void {
  if (u === null || needle === null) return;
  const { offsetLeft, offsetTop, offsetHeight } = u.over;
  Object.assign(needle.style, { left: `${offsetLeft}px`, top: `${offsetTop}px`, height: `${offsetHeight}px` });
}

function moveNeedle(u: uPlot | null, needle: HTMLElement | null, time: number): void {
  if (u === null || needle === null) return;
  const { min = 0, max = 1 } = u.scales["x"] ?? {};
  const isVisible = min !== null && max !== null && time >= min && time <= max;
  needle.style.visibility = isVisible ? "visible" : "hidden";
  if (isVisible) needle.style.transform = `translateX(${u.valToPos(time, "x")}px)`;
}

function yRange(
  y: readonly (readonly (number | null)[])[],
  range: readonly [number, number] | undefined,
): { min: number; max: number } {
  if (range !== undefined) return { min: range[0], max: range[1] };
  let [min, max] = [Infinity, -Infinity];
  for (const column of y)
    for (const v of column) {
      if (v === null) continue;
      min = Math.min(min, v);
      max = Math.max(max, v);
    }
  if (min === Infinity) return { min: -1, max: 1 };
  const pad = (max - min) * 0.08 || Math.max(0.5, Math.abs(max) * 0.1);
  return { min: min - pad, max: max + pad };
}

function optionsOf(
  lines: readonly Line[],
  range: readonly [number, number] | undefined,
  seek: (time: number) => void,
  zoom: Signal<Zoom>,
  drawn: () => void,
  actions: SeriesData | undefined,
): Omit<uPlot.Options, "width" | "height"> {
  const axis = {
    stroke: cssValue("--muted"),
    grid: { stroke: cssValue("--line"), width: 1 },
    ticks: { show: false },
    font: "11px DejaVu Sans, sans-serif",
  };
  return {
    padding: [8, 14, actions === undefined ? 0 : STRIP_GAP + STRIP_HEIGHT, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false, dist: DRAG_FROM_PX },
    },
    hooks: {
      draw: actions === undefined ? [drawn] : [(u) => drawActions(u, actions), drawn],
      ready: [(u) => listen(u, seek, zoom)],
      setSelect: [
        (u) => {
          const { left, width } = u.select;
          if (width >= DRAG_FROM_PX) zoom.value = { from: u.posToVal(left, "x"), to: u.posToVal(left + width, "x") };
          u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
        },
      ],
    },
    scales: { x: { time: false, auto: false }, y: { auto: false } },
    series: [
      {},
      ...lines.map(({ color, isDashed }) => ({
        stroke: color.startsWith("--") ? cssValue(color) : color,
        width: 1.6,
        points: { show: false },
        ...(isDashed === true && { dash: [5, 4] }),
      })),
    ],
    axes: [
      {
        ...axis,
        size: 24,
        gap: actions === undefined ? 5 : STRIP_GAP + STRIP_HEIGHT + 3,
        space: 60,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4],
      },
      {
        ...axis,
        size: AXIS_WIDTH,
        gap: 6,
        space: 24,
        ...(range !== undefined && range[0] === -1.05 && { splits: () => [-1, -0.5, 0, 0.5, 1] }),
      },
    ],
  };
}

/** One rectangle for every run of equal actions, one pixel at least. */
function drawActions(u: uPlot, actions: SeriesData): void {
  const { ctx, bbox } = u;
  const { min = 0, max = 1 } = u.scales["x"] ?? {};
  if (min === null || max === null) return;
  const [top, height] = [bbox.top + bbox.height + STRIP_GAP * devicePixelRatio, STRIP_HEIGHT * devicePixelRatio];
  const actionAt = (px: number): number | undefined => {
    const t = Math.round(min + (px / bbox.width) * (max - min));
    return actions.values[t * actions.stride + actions.offset];
  };
  let from = 0;
  for (let px = 1; px <= bbox.width; px++) {
    const action = actionAt(from);
    if (px < bbox.width && actionAt(px) === action) continue;
    if (action !== undefined) {
      ctx.fillStyle = seriesColor(action);
      ctx.fillRect(bbox.left + from, top, px - from, height);
    }
    from = px;
  }
}

/** A click goes to a step, a double click shows the whole episode; what ends a drag is not a click. */
function listen(u: uPlot, seek: (time: number) => void, zoom: Signal<Zoom>): void {
  let pressedAt = 0;
  u.over.addEventListener("mousedown", (event) => (pressedAt = event.clientX));
  u.over.addEventListener("click", (event) => {
    if (Math.abs(event.clientX - pressedAt) < DRAG_FROM_PX)
      seek(u.posToVal(event.clientX - u.over.getBoundingClientRect().left, "x"));
  });
  u.over.addEventListener("dblclick", () => (zoom.value = null));
}
