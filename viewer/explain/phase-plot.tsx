import { effect, type ReadonlySignal, type Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { cssValue, themeVersion } from "../app/theme.ts";
import { compact } from "../chart/metric-chart.tsx";
import type { Quantity } from "../chart/quantities.ts";
import type { Episode } from "../episode/episode.ts";
import { nearestStep, phasePath, type PhasePath } from "./phase-path.ts";
import { QuantitySelect } from "./quantity-select.tsx";

/** Which two quantities are drawn against each other, by id. */
export interface PhaseChoice {
  readonly x: string;
  readonly y: string;
}

/** What a phase plot needs. */
export interface PhasePlotProps {
  readonly episode: Episode;
  readonly quantities: readonly Quantity[];
  readonly choice: Signal<PhaseChoice>;
  readonly time: ReadonlySignal<number>;
  seek(step: number): void;
}

const MARGIN = { left: 52, right: 18, top: 14, bottom: 30 };
/** Steps before the cursor that are drawn bright. */
const TAIL = 60;
const REACH = 0.04;

/** Two quantities against each other over the episode, with the moment under the cursor and the steps that led to it. A click goes to a step. */
export function PhasePlot({ episode, quantities, choice, time, seek }: PhasePlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [x, y] = chosen(quantities, choice.value);
  const path = useMemo(
    () => (x === undefined || y === undefined ? null : phasePath(x.of(episode), y.of(episode), episode.length)),
    [episode, x, y],
  );
  useEffect(() => {
    const element = canvas.current;
    if (element === null || path === null) return;
    const draw = (): void => paint(element, path, Math.floor(time.peek()));
    const stop = effect(() => {
      void [time.value, themeVersion.value];
      draw();
    });
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    return () => {
      stop();
      observer.disconnect();
    };
  }, [path, time]);
  const go = (event: MouseEvent): void => {
    const box = canvas.current?.getBoundingClientRect();
    if (box === undefined || path === null) return;
    const inner = innerOf(box.width, box.height);
    const step = nearestStep(
      path,
      (event.clientX - box.left - inner.left) / inner.width,
      1 - (event.clientY - box.top - inner.top) / inner.height,
      REACH,
    );
    if (step !== null) seek(step);
  };
  return (
    <div class="phase">
      <div class="row-of">
        <QuantitySelect
          label="Across"
          quantities={quantities}
          value={x?.id ?? ""}
          choose={(id) => (choice.value = { ...choice.value, x: id })}
        />
        <span>against</span>
        <QuantitySelect
          label="Up"
          quantities={quantities}
          value={y?.id ?? ""}
          choose={(id) => (choice.value = { ...choice.value, y: id })}
        />
        <span class="spacer" />
        <span>click: go to that step</span>
      </div>
      <canvas
        ref={canvas}
        data-testid="phase"
        role="img"
        aria-label={`${y?.label ?? ""} against ${x?.label ?? ""}`}
        onClick={go}
      />
    </div>
  );
}

function chosen(quantities: readonly Quantity[], { x, y }: PhaseChoice): [Quantity | undefined, Quantity | undefined] {
  const find = (id: string, otherwise: number): Quantity | undefined =>
    quantities.find((q) => q.id === id) ?? quantities[otherwise];
  return [find(x, 0), find(y, 1)];
}

const innerOf = (width: number, height: number): { left: number; top: number; width: number; height: number } => ({
  left: MARGIN.left,
  top: MARGIN.top,
  width: Math.max(1, width - MARGIN.left - MARGIN.right),
  height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
});

function paint(canvas: HTMLCanvasElement, path: PhasePath, step: number): void {
  const scale = Math.min(2, devicePixelRatio);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  if (canvas.width !== size.width || canvas.height !== size.height) Object.assign(canvas, size);
  const context = canvas.getContext("2d");
  if (context === null) return;
  const inner = innerOf(width, height);
  const length = path.points.length / 2;
  const at = (t: number): [number, number] => [
    inner.left + (path.points[2 * t] ?? NaN) * inner.width,
    inner.top + (1 - (path.points[2 * t + 1] ?? NaN)) * inner.height,
  ];
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  paintAxes(context, path, inner);
  context.lineJoin = "round";
  stroke(context, at, 0, length - 1, cssValue("--faint"), 0.55, 1);
  const now = Math.max(0, Math.min(length - 1, step));
  stroke(context, at, Math.max(0, now - TAIL), now, cssValue("--accent"), 1, 2);
  const [x, y] = at(now);
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.fillStyle = cssValue("--text");
  context.fill();
}

function stroke(
  context: CanvasRenderingContext2D,
  at: (t: number) => [number, number],
  from: number,
  to: number,
  color: string,
  alpha: number,
  width: number,
): void {
  context.beginPath();
  for (let t = from; t <= to; t++) context.lineTo(...at(t));
  Object.assign(context, { strokeStyle: color, globalAlpha: alpha, lineWidth: width });
  context.stroke();
  context.globalAlpha = 1;
}

const TICKS = [0, 0.25, 0.5, 0.75, 1];

function paintAxes(
  context: CanvasRenderingContext2D,
  { rangeX, rangeY }: PhasePath,
  inner: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
): void {
  const value = ([low, high]: readonly [number, number], share: number): string =>
    compact(Number((low + (high - low) * share).toPrecision(3)));
  Object.assign(context, { strokeStyle: cssValue("--line"), fillStyle: cssValue("--muted"), lineWidth: 1 });
  context.font = "11px DejaVu Sans, sans-serif";
  for (const share of TICKS) {
    const [x, y] = [inner.left + share * inner.width, inner.top + (1 - share) * inner.height];
    context.beginPath();
    context.moveTo(x, inner.top);
    context.lineTo(x, inner.top + inner.height);
    context.moveTo(inner.left, y);
    context.lineTo(inner.left + inner.width, y);
    context.stroke();
    Object.assign(context, { textAlign: "center", textBaseline: "top" });
    context.fillText(value(rangeX, share), x, inner.top + inner.height + 8);
    Object.assign(context, { textAlign: "right", textBaseline: "middle" });
    context.fillText(value(rangeY, share), inner.left - 8, y);
  }
}
