import type { Arrangement } from "../circuit/arrangement.ts";

/** What the middle of the inspect page shows. */
export const CENTRE_VIEWS = ["Circuit", "Phase", "Correlation"] as const;
/** What the middle of the inspect page shows. */
export type CentreView = (typeof CENTRE_VIEWS)[number];
/** What its side shows. */
export const SIDE_VIEWS = ["Neuron", "Why"] as const;
/** What its side shows. */
export type SideView = (typeof SIDE_VIEWS)[number];
/** Usual choices of traces; `Chosen` are those of `lines`. */
export const TRACE_PRESETS = [
  "Observation",
  "Probabilities",
  "Value",
  "Reward",
  "Return",
  "Neuron",
  "Deviation",
  "Chosen",
] as const;
/** A usual choice of traces. */
export type TracePreset = (typeof TRACE_PRESETS)[number];

/** How the inspect page is arranged: all of it survives in a link. */
export interface PageLayout {
  readonly centre: CentreView;
  readonly side: SideView;
  /** null: what suits the episode */
  readonly traces: TracePreset | null;
  /** ids of quantities drawn where traces are `Chosen` */
  readonly lines: readonly string[];
  /** neurons that were dragged */
  readonly places: Arrangement;
}

/** The page as it is first seen. */
export const FIRST_LAYOUT: PageLayout = {
  centre: "Circuit",
  side: "Neuron",
  traces: null,
  lines: [],
  places: new Map(),
};

const MAX_LINES = 8;
const MAX_PLACES = 500;

/** Reads a layout from the parameters of an address. Whatever is missing or senseless gets its default. */
export function readLayout(params: URLSearchParams): PageLayout {
  const lines = (params.get("lines") ?? "").split(",").filter((id) => /^[a-z]+(\.\d{1,6})?$/.test(id));
  return {
    centre: CENTRE_VIEWS.find((v) => v === params.get("middle")) ?? FIRST_LAYOUT.centre,
    side: SIDE_VIEWS.find((v) => v === params.get("side")) ?? FIRST_LAYOUT.side,
    traces: TRACE_PRESETS.find((p) => p === params.get("traces")) ?? null,
    lines: lines.slice(0, MAX_LINES),
    places: placesIn(params.get("places") ?? ""),
  };
}

/** Such as `3_0.42_0.5,-1_0.1_0.25`: neuron, x and y in units of the layout. */
function placesIn(text: string): Arrangement {
  const found = text.matchAll(/(-?\d{1,6})_(-?\d{1,2}(?:\.\d{1,6})?)_(-?\d{1,2}(?:\.\d{1,6})?)(?:,|$)/g);
  const entries = [...found].map(([, id, x, y]) => [Number(id), { x: Number(x), y: Number(y) }] as const);
  return new Map(entries.slice(0, MAX_PLACES));
}

/** Adds what differs from the first layout. */
export function writeLayout(layout: PageLayout, params: URLSearchParams): void {
  if (layout.centre !== FIRST_LAYOUT.centre) params.set("middle", layout.centre);
  if (layout.side !== FIRST_LAYOUT.side) params.set("side", layout.side);
  if (layout.traces !== null) params.set("traces", layout.traces);
  if (layout.lines.length > 0) params.set("lines", layout.lines.join(","));
  const places = [...layout.places].slice(0, MAX_PLACES);
  const short = (v: number): string => String(Number(v.toFixed(4)));
  if (places.length > 0)
    params.set("places", places.map(([id, { x, y }]) => `${id}_${short(x)}_${short(y)}`).join(","));
}
