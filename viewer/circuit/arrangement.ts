import type { CircuitLayout } from "./layout.ts";

/** Places that neurons were dragged to, by id, in units of the layout. */
export type Arrangement = ReadonlyMap<number, { readonly x: number; readonly y: number }>;

const keyOf = (wiring: string): string => `elegans.arrangement.${wiring}`;

/** What was dragged earlier in a circuit of this wiring, on this machine. */
export function loadArrangement(wiring: string): Arrangement {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(wiring)) ?? "[]");
    return new Map(Array.isArray(stored) ? stored.filter(isEntry) : []);
  } catch {
    return new Map();
  }
}

function isEntry(entry: unknown): entry is [number, { x: number; y: number }] {
  if (!Array.isArray(entry) || typeof entry[0] !== "number") return false;
  const place: unknown = entry[1];
  return (
    typeof place === "object" &&
    place !== null &&
    "x" in place &&
    typeof place.x === "number" &&
    "y" in place &&
    typeof place.y === "number"
  );
}

/** Keeps an arrangement; an empty one is forgotten. */
export function saveArrangement(wiring: string, arrangement: Arrangement): void {
  if (arrangement.size === 0) localStorage.removeItem(keyOf(wiring));
  else localStorage.setItem(keyOf(wiring), JSON.stringify([...arrangement]));
}

/** The layout with dragged neurons where they were put. */
export function arranged(layout: CircuitLayout, arrangement: Arrangement): CircuitLayout {
  if (arrangement.size === 0) return layout;
  const positions = new Map(layout.positions);
  for (const [id, place] of arrangement) {
    const known = positions.get(id);
    if (known !== undefined) positions.set(id, { ...known, ...place });
  }
  return { ...layout, positions };
}
