import { batch, effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { CircuitDescription } from "../../src/protocol/index.ts";
import { cssRgb, prefersReducedMotion, theme, themeVersion } from "../app/theme.ts";
import { arranged, loadArrangement, saveArrangement, type Arrangement } from "./arrangement.ts";
import { toScreen, toWorld, WHOLE, zoomAt, type Camera } from "./camera.ts";
import type { CircuitCanvas, CircuitColors } from "./circuit-canvas.ts";
import { CircuitScene, type Activity } from "./circuit-scene.ts";
import { createCircuitCanvas } from "./create-circuit-canvas.ts";
import type { Point } from "./edge-path.ts";
import { nameOf } from "./neuron-name.ts";
import { COLUMNS, layoutCircuit, type CircuitLayout, type Column } from "./layout.ts";

/** What the circuit view needs. */
export interface CircuitViewProps {
  readonly circuit: ReadonlySignal<CircuitDescription | null>;
  readonly activity: ReadonlySignal<Activity | null>;
  /** neuron that was clicked, sensory ones as -1 - s */
  readonly selection: Signal<number | null>;
  /** neurons that were dragged, where the page keeps them; what it begins with goes before what this browser remembers */
  readonly arrangement?: Signal<Arrangement>;
  /** neurons held at a value, for a mark beside them */
  readonly clamped?: ReadonlySignal<ReadonlySet<number>>;
  /** synapses drawn as cut, as `from,to` */
  readonly cut?: ReadonlySignal<ReadonlySet<string>>;
  /** [E] in [0, 1]: synapses are shown by this instead of what they carry; null for activity */
  readonly weights?: ReadonlySignal<Float32Array | null>;
}

const MAX_LABELS = 24;
const DRAG_FROM_PX = 4;
const AT_REST: Activity = { time: 0, sensory: new Float32Array(), state: new Float32Array() };
const NOTHING: ReadonlySignal<ReadonlySet<never>> = signal(new Set<never>());
const ACTIVITY: ReadonlySignal<null> = signal(null);

/** What is drawn, complete. */
type Drawn = Required<Omit<CircuitViewProps, "arrangement">>;

/** Signals of one mounted view. */
class ViewState {
  readonly scene = signal<CircuitScene | null>(null);
  readonly hovered = signal<number | null>(null);
  readonly camera = signal<Camera>(WHOLE);
  readonly arrangement: Signal<Arrangement>;

  constructor(arrangement: Signal<Arrangement> = signal<Arrangement>(new Map())) {
    this.arrangement = arrangement;
  }
}

/**
 * The circuit: columns of neurons lit by activation, synapses by polarity, strength and what they carry. Wheel zooms, dragging the
 * background pans, dragging a neuron moves it, double click shows everything again.
 */
export function CircuitView(props: CircuitViewProps) {
  const { circuit, activity, selection, clamped = NOTHING, cut = NOTHING, weights = ACTIVITY } = props;
  const host = useRef<HTMLDivElement>(null);
  const state = useMemo(() => new ViewState(props.arrangement), [props.arrangement]);
  useEffect(() => {
    const element = host.current;
    return element === null
      ? undefined
      : mount(element, { circuit, activity, selection, clamped, cut, weights }, state);
  }, [circuit, activity, selection, clamped, cut, weights]);
  return (
    <>
      <div class="stage" ref={host} data-testid="circuit" />
      <Labels state={state} selection={selection} clamped={clamped} />
    </>
  );
}

interface LabelProps {
  readonly state: ViewState;
  readonly selection: ReadonlySignal<number | null>;
  readonly clamped: ReadonlySignal<ReadonlySet<number>>;
}

function Labels({ state, selection, clamped }: LabelProps) {
  const shown = state.scene.value;
  if (shown === null) return null;
  const camera = state.camera.value;
  const { layout } = shown;
  const gap = shown.radius * Math.sqrt(camera.zoom) + 8;
  const few = (ids: readonly number[]): readonly number[] =>
    !shown.isNarrow && ids.length * 13 < 340 * camera.zoom && ids.length <= MAX_LABELS * camera.zoom ? ids : [];
  const before = few(layout.columns.sensory);
  const after = new Set([
    ...few(layout.columns.motor),
    ...(camera.zoom > 2 ? [...layout.columns.inter, ...layout.columns.command] : []),
  ]);
  for (const id of [state.hovered.value, selection.value, ...clamped.value]) if (id !== null && id >= 0) after.add(id);
  const at = (id: number): Point => toScreen(camera, shown.pointOf(id));
  const chosen = selection.value;
  return (
    <div class="labels" aria-hidden="true">
      {camera === WHOLE &&
        !shown.isNarrow &&
        COLUMNS.filter((c) => layout.columns[c].length > 0).map((c) => (
          <ColumnTitle key={c} column={c} scene={shown} />
        ))}
      {before.map((id) => (
        <span class="name before" key={id} style={{ left: `${at(id).x - gap}px`, top: `${at(id).y}px` }}>
          {nameOf(shown.circuit, id)}
          {clamped.value.has(id) && " ⊘"}
        </span>
      ))}
      {[...after].map((id) => (
        <span class="name" key={id} style={{ left: `${at(id).x + gap}px`, top: `${at(id).y}px` }}>
          {nameOf(shown.circuit, id)}
          {clamped.value.has(id) && " ⊘"}
        </span>
      ))}
      {chosen !== null && layout.positions.has(chosen) && (
        <span
          class="ring"
          style={{
            left: `${at(chosen).x}px`,
            top: `${at(chosen).y}px`,
            width: `${2 * gap - 6}px`,
            height: `${2 * gap - 6}px`,
          }}
        />
      )}
    </div>
  );
}

function ColumnTitle({ column, scene }: { readonly column: Column; readonly scene: CircuitScene }) {
  const ids = scene.layout.columns[column];
  const x = ids.reduce((sum, id) => sum + scene.pointOf(id).x, 0) / ids.length;
  return (
    <span class="column" style={{ left: `${x}px` }}>
      {column === "sensory" ? scene.circuit.numInputs : ids.length} {column}
    </span>
  );
}

function mount(host: HTMLElement, props: Drawn, state: ViewState): () => void {
  let isGone = false;
  const size = signal({ width: 0, height: 0 });
  const stops = [listen(host, props, state)];
  void createCircuitCanvas(host, (width, height) => void (size.value = { width, height })).then((canvas) => {
    if (isGone) return canvas.destroy();
    size.value = { width: canvas.width, height: canvas.height };
    stops.push(...drawCircuit(canvas, props, state, size), () => canvas.destroy());
  });
  return () => {
    isGone = true;
    for (const stop of stops) stop();
  };
}

/** When nothing has moved for so long, what was left out for speed is drawn. */
const REST_MS = 150;

/** Keeps the picture up to date, until all returned functions are called. */
function drawCircuit(
  canvas: CircuitCanvas,
  props: Drawn,
  state: ViewState,
  size: ReadonlySignal<{ readonly width: number; readonly height: number }>,
): (() => void)[] {
  const known = new Map<string, CircuitLayout>();
  let isGiven = state.arrangement.peek().size > 0;
  const loadOnce = (): void => {
    const description = props.circuit.value;
    if (description === null || known.has(description.wiring)) return;
    if (!isGiven) state.arrangement.value = loadArrangement(description.wiring);
    isGiven = false;
  };
  const rebuild = (): void => {
    void size.value;
    const description = props.circuit.value;
    const arrangement = state.arrangement.value;
    if (description === null) {
      canvas.load([], [], 1);
      state.scene.value = null;
      return;
    }
    const layout = known.get(description.wiring) ?? layoutCircuit(description);
    known.set(description.wiring, layout);
    state.scene.value = new CircuitScene(description, arranged(layout, arrangement), canvas);
  };
  const show = (): void => {
    const activity = props.activity.peek() ?? AT_REST;
    state.scene.peek()?.showNeurons(activity);
    state.scene.peek()?.showSynapses(activity, props.weights.peek());
  };
  let atRest: ReturnType<typeof setTimeout> | undefined;
  const drawAll = (): void => {
    clearTimeout(atRest);
    show();
    canvas.draw();
  };
  const aim = (): void => {
    void [themeVersion.value, size.value, props.weights.value];
    const scene = state.scene.value;
    canvas.setColors(colorsOfTheme());
    canvas.setCamera(state.camera.value);
    scene?.setCut(props.cut.value);
    scene?.setFlowing(!prefersReducedMotion.matches);
    scene?.focus(state.hovered.value ?? props.selection.value);
    drawAll();
  };
  const follow = (): void => {
    void props.activity.value;
    clearTimeout(atRest);
    show();
    if (!canvas.drawOn()) atRest = setTimeout(drawAll, REST_MS);
  };
  return [effect(loadOnce), effect(rebuild), effect(aim), effect(follow), () => clearTimeout(atRest)];
}

const colorsOfTheme = (): CircuitColors => ({
  positive: cssRgb("--positive"),
  negative: cssRgb("--negative"),
  neutral: cssRgb("--neutral"),
  paper: cssRgb("--panel"),
  quiet: theme.value === "dark" ? 0.3 : 0.34,
});

/** Mouse, touch and wheel. */
function listen(host: HTMLElement, props: Drawn, state: ViewState): () => void {
  const wiring = (): string => props.circuit.peek()?.wiring ?? "";
  let press: { readonly at: Point; readonly id: number | null; readonly camera: Camera; isDrag: boolean } | null = null;
  const pointOf = (event: MouseEvent): Point => {
    const box = host.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const neuronUnder = (event: MouseEvent): number | null => {
    const scene = state.scene.peek();
    const camera = state.camera.peek();
    const { x, y } = toWorld(camera, pointOf(event));
    return scene === null ? null : scene.neuronAt(x, y, (scene.radius * Math.sqrt(camera.zoom) + 6) / camera.zoom);
  };
  const move = (event: PointerEvent): void => {
    const at = pointOf(event);
    const scene = state.scene.peek();
    if (press === null || scene === null) {
      state.hovered.value = neuronUnder(event);
      host.style.cursor = state.hovered.value === null ? "" : "pointer";
      return;
    }
    if (!press.isDrag && Math.hypot(at.x - press.at.x, at.y - press.at.y) < DRAG_FROM_PX) return;
    press.isDrag = true;
    if (press.id === null)
      state.camera.value = {
        ...press.camera,
        x: press.camera.x + at.x - press.at.x,
        y: press.camera.y + at.y - press.at.y,
      };
    else
      state.arrangement.value = new Map(state.arrangement.peek()).set(
        press.id,
        scene.unitsAt(toWorld(press.camera, at)),
      );
  };
  const handlers = {
    pointerdown: (event: PointerEvent): void => {
      host.setPointerCapture(event.pointerId);
      press = { at: pointOf(event), id: neuronUnder(event), camera: state.camera.peek(), isDrag: false };
    },
    pointermove: move,
    pointerup: (): void => {
      if (press?.isDrag === false) props.selection.value = press.id === props.selection.peek() ? null : press.id;
      if (press?.isDrag === true && press.id !== null) saveArrangement(wiring(), state.arrangement.peek());
      press = null;
    },
    pointerleave: (): void => void (state.hovered.value = null),
    dblclick: (): void =>
      batch(() => {
        state.camera.value = WHOLE;
        state.arrangement.value = new Map();
        saveArrangement(wiring(), new Map());
      }),
    wheel: (event: WheelEvent): void => {
      event.preventDefault();
      state.camera.value = zoomAt(state.camera.peek(), pointOf(event), Math.exp(-event.deltaY * 0.0015));
    },
  };
  const entries = Object.entries(handlers) as [string, EventListener][]; // each handler takes the event of its name
  for (const [name, handler] of entries) host.addEventListener(name, handler, { passive: false });
  return () => {
    for (const [name, handler] of entries) host.removeEventListener(name, handler);
  };
}
