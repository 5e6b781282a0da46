/** A setting over the run: `constant` stays at `start`, `linear` falls from `start` at progress 0 to 0 at progress 1 and stays there. */
export function scheduled(kind: "constant" | "linear", start: number, progress: number): number {
  return kind === "constant" ? start : start * Math.max(0, 1 - progress);
}
