import type { CircuitDescription } from "../../src/protocol/index.ts";
import type { CircuitCanvas, Edge } from "./circuit-canvas.ts";
import type { Point } from "./edge-path.ts";
import type { CircuitLayout } from "./layout.ts";

/** Room around the circuit for labels, and around one that is too narrow for any [px]. */
const MARGIN = { left: 92, right: 124, top: 18, bottom: 36 } as const;
const NARROW_MARGIN = { left: 22, right: 22, top: 14, bottom: 14 } as const;
const NARROW_PX = 420;

/** How far waves move along synapses with every step; slow enough to be followed at the usual 50 steps per second. */
const WAVES_PER_STEP = 0.03;

/** Neuron activity at one moment. */
export interface Activity {
  /** when it is [steps]: what flows along synapses moves with it */
  readonly time: number;
  /** [D] observation; sensory neurons show it through tanh */
  readonly sensory: Float32Array;
  /** [H] by neuron id */
  readonly state: Float32Array;
}

/** A circuit laid out on a canvas; made anew when the wiring or the size changes. */
export class CircuitScene {
  readonly layout: CircuitLayout;
  readonly circuit: CircuitDescription;
  readonly radius: number;
  /** whether there is no room for names */
  readonly isNarrow: boolean;
  readonly #points = new Map<number, Point>();
  readonly #order: readonly number[];
  readonly #inner: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  readonly #canvas: CircuitCanvas;
  #focus: ReadonlySet<number> | null = null;
  #focusId: number | null = null;
  #strongest = 0;
  #isFlowing = false;
  #cut: ReadonlySet<string> = new Set();

  constructor(circuit: CircuitDescription, layout: CircuitLayout, canvas: CircuitCanvas) {
    const { width, height } = canvas;
    this.circuit = circuit;
    this.layout = layout;
    this.isNarrow = width < NARROW_PX;
    const { left, right, top, bottom } = this.isNarrow ? NARROW_MARGIN : MARGIN;
    const inner = { left, top, width: width - left - right, height: height - top - bottom };
    this.#inner = inner;
    for (const [id, { x, y }] of layout.positions)
      this.#points.set(id, { x: left + x * inner.width, y: top + y * inner.height });
    const longest = Math.max(1, ...Object.values(layout.columns).map((ids) => ids.length));
    this.radius = Math.max(2, Math.min(10, (inner.height / longest) * 0.34));
    this.#order = [...layout.positions.keys()];
    this.#canvas = canvas;
    const discs = this.#order.map((id) => ({ ...this.pointOf(id), radius: this.radius }));
    canvas.load(this.#drawnEdges(), discs, this.radius);
  }

  /** The layout's units at a point of the panel (zoom 1): the opposite of `pointOf`. */
  unitsAt({ x, y }: Point): { readonly x: number; readonly y: number } {
    const { left, top, width, height } = this.#inner;
    return { x: (x - left) / width, y: (y - top) / height };
  }

  /** Where a neuron is, in CSS pixels at zoom 1. */
  pointOf(id: number): Point {
    return this.#points.get(id) ?? { x: 0, y: 0 };
  }

  /** The neuron under a point of the panel, or null. */
  neuronAt(x: number, y: number, reach: number): number | null {
    let best: number | null = null;
    let nearest = reach * reach;
    for (const [id, p] of this.#points) {
      const d = (p.x - x) ** 2 + (p.y - y) ** 2;
      if (d < nearest) [best, nearest] = [id, d];
    }
    return best;
  }

  /** Whether what flows along synapses is shown to move. */
  setFlowing(isFlowing: boolean): void {
    this.#isFlowing = isFlowing;
  }

  /** Synapses that are drawn as cut: `from,to`. */
  setCut(cut: ReadonlySet<string>): void {
    this.#cut = cut;
  }

  /** Shows one neuron with its synapses and their other ends, everything else faint; null for all. */
  focus(id: number | null): void {
    if (id === this.#focusId) return;
    this.#focus = id === null ? null : this.#withNeighbours(id);
    this.#focusId = id;
  }

  /** Lights neurons by activation. */
  showNeurons(activity: Activity): void {
    this.#order.forEach((id, n) => {
      const visible = this.#focus === null || this.#focus.has(id) ? 1 : 0.22;
      this.#canvas.setNeuron(n, activationOf(id, activity), visible);
    });
  }

  /** Lights synapses by what they carry: |activation of the source| × relative strength; or by how much they matter, [E] in [0, 1]. */
  showSynapses(activity: Activity, weights: Float32Array | null = null): void {
    const { from, to } = this.circuit;
    if (weights !== null) return this.#showWeights(weights);
    this.#canvas.setFlow(this.#isFlowing ? activity.time * WAVES_PER_STEP : null);
    for (let e = 0; e < from.length; e++) {
      const source = from[e] ?? 0;
      const isShown = this.#focusId === null || source === this.#focusId || to[e] === this.#focusId;
      const carried = Math.min(1, Math.abs(activationOf(source, activity)) * (0.35 + 0.65 * this.#relative(e)));
      const isCut = this.#cut.size > 0 && this.#cut.has(`${source},${to[e]}`);
      this.#canvas.setEdge(e, isCut ? 0 : carried, isCut ? 0.12 : isShown ? 1 : 0.06);
    }
  }

  #showWeights(weights: Float32Array): void {
    this.#canvas.setFlow(null);
    weights.forEach((weight, e) => {
      this.#canvas.setEdge(e, weight, 0.05 + 0.95 * Math.sqrt(weight));
    });
  }

  #relative(e: number): number {
    this.#strongest ||= Math.max(1e-9, ...this.circuit.strength);
    return (this.circuit.strength[e] ?? 0) / this.#strongest;
  }

  #drawnEdges(): Edge[] {
    const { from, to, polarity } = this.circuit;
    const thin = from.length > 600 ? 0.6 : 1;
    return from.map((source, e) => ({
      a: this.pointOf(source),
      b: this.pointOf(to[e] ?? source),
      polarity: polarity[e] ?? 1,
      halfWidth: thin * (0.4 + 1.5 * this.#relative(e)),
    }));
  }

  #withNeighbours(id: number): ReadonlySet<number> {
    const near = new Set([id]);
    this.circuit.from.forEach((source, e) => {
      const target = this.circuit.to[e] ?? source;
      if (source === id) near.add(target);
      if (target === id) near.add(source);
    });
    return near;
  }
}

/** Activation as it is shown, in [-1, 1]: neuron states as they are, sensory inputs through tanh. */
export function activationOf(id: number, { sensory, state }: Omit<Activity, "time">): number {
  return id < 0 ? Math.tanh(sensory[-1 - id] ?? 0) : (state[id] ?? 0);
}
