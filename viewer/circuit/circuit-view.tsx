import { effect, signal, type ReadonlySignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { CircuitDescription } from "../../src/protocol/index.ts";
import { themeVersion } from "../app/theme.ts";
import { createStage, type Stage } from "../render/stage.ts";
import { CircuitScene, type Activity } from "./circuit-scene.ts";
import { COLUMNS } from "./layout.ts";

/** What the circuit view needs. */
export interface CircuitViewProps {
  readonly circuit: ReadonlySignal<CircuitDescription | null>;
  readonly activity: ReadonlySignal<Activity | null>;
}

const TITLES = { sensory: "sensory", inter: "inter", command: "command", motor: "motor" } as const;
const MAX_LABELS = 24;

/** The circuit: columns of neurons lit by activation, synapses by polarity, strength and what they carry. */
export function CircuitView({ circuit, activity }: CircuitViewProps) {
  const host = useRef<HTMLDivElement>(null);
  const scene = useMemo(() => signal<CircuitScene | null>(null), []);
  const hovered = useMemo(() => signal<number | null>(null), []);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    return mount(element, circuit, activity, scene, hovered);
  }, [circuit, activity]);
  return (
    <>
      <div class="stage" ref={host} data-testid="circuit" />
      <Labels scene={scene} hovered={hovered} />
    </>
  );
}

function Labels({
  scene,
  hovered,
}: {
  scene: ReadonlySignal<CircuitScene | null>;
  hovered: ReadonlySignal<number | null>;
}) {
  const shown = scene.value;
  if (shown === null) return null;
  const { circuit, layout } = shown;
  const columns = COLUMNS.filter((c) => layout.columns[c].length > 0);
  const bottom = (c: (typeof COLUMNS)[number]): number => shown.pointOf(layout.columns[c][0] ?? 0).x;
  const named = (id: number): string =>
    id < 0 ? (circuit.sensory[-1 - id] ?? "") : (circuit.neurons.find((n) => n.id === id)?.label ?? "");
  const sensory = layout.columns.sensory.length <= MAX_LABELS ? layout.columns.sensory : [];
  const motor = layout.columns.motor.length <= MAX_LABELS ? layout.columns.motor : [];
  const extra = hovered.value;
  const place = (id: number, gap: number): { left: string; top: string } => {
    const { x, y } = shown.pointOf(id);
    return { left: `${x + gap}px`, top: `${y}px` };
  };
  return (
    <div class="labels" aria-hidden="true">
      {columns.map((c) => (
        <span class="column" key={c} style={{ left: `${bottom(c)}px` }}>
          {layout.columns[c].length} {TITLES[c]}
        </span>
      ))}
      {sensory.map((id) => (
        <span class="name before" key={id} style={place(id, -(shown.radius + 8))}>
          {named(id)}
        </span>
      ))}
      {motor.map((id) => (
        <span class="name" key={id} style={place(id, shown.radius + 8)}>
          {named(id)}
        </span>
      ))}
      {extra !== null && !sensory.includes(extra) && !motor.includes(extra) && (
        <span class="name" style={place(extra, shown.radius + 8)}>
          {named(extra)}
        </span>
      )}
    </div>
  );
}

function mount(
  host: HTMLElement,
  circuit: CircuitViewProps["circuit"],
  activity: CircuitViewProps["activity"],
  scene: { value: CircuitScene | null; peek(): CircuitScene | null },
  hovered: { value: number | null },
): () => void {
  let stage: Stage | null = null;
  let isGone = false;
  const stops: (() => void)[] = [];
  const size = signal({ width: 0, height: 0 });
  const rebuild = (): void => {
    const description = circuit.value;
    const { width, height } = size.value;
    if (stage === null || width === 0) return;
    const old = scene.peek();
    const keep = description !== null && old?.circuit.wiring === description.wiring ? old.layout : undefined;
    stage.root.removeChildren();
    const next = description === null ? null : new CircuitScene(description, width, height, keep);
    if (next !== null) stage.root.addChild(next.container);
    scene.value = next;
    old?.destroy();
    stage.render();
  };
  const show = (): void => {
    const current = activity.value;
    void themeVersion.value;
    if (stage === null || scene.value === null) return;
    scene.value.recolor();
    if (current !== null) scene.value.show(current);
    stage.render();
  };
  const onResize = (width: number, height: number): void => void (size.value = { width, height });
  void createStage(host, { label: "Circuit", antialias: false, onResize }).then((made) => {
    if (isGone) return made.destroy();
    stage = made;
    size.value = { width: made.width, height: made.height };
    stops.push(effect(rebuild), effect(show));
  });
  const onMove = (event: PointerEvent): void => {
    const current = scene.peek();
    if (current === null) return;
    const box = host.getBoundingClientRect();
    const id = current.neuronAt(event.clientX - box.left, event.clientY - box.top, current.radius * 2);
    if (id === hovered.value) return;
    hovered.value = id;
    current.focus(id);
    stage?.render();
  };
  host.addEventListener("pointermove", onMove);
  return () => {
    isGone = true;
    host.removeEventListener("pointermove", onMove);
    for (const stop of stops) stop();
    scene.peek()?.destroy();
    stage?.destroy();
  };
}
