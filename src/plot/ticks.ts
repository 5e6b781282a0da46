/** Round numbers (1, 2 or 5 times a power of ten) inside [low, high], about `count` of them, ascending. */
export function ticks(low: number, high: number, count: number): number[] {
  const raw = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // from whole multiples, so that 0.1 + 0.2 never shows; no minus before zero
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)) + 0);
}

const units = [
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** A number as an axis writes it: 1.5M, 20k, 0.25, 1e-5. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const unit = units.find(([least]) => size >= least);
  if (unit !== undefined) return `${Number((value / unit[0]).toPrecision(6))}${unit[1]}`;
  return size > 0 && size < 1e-3 ? value.toExponential() : String(Number(value.toPrecision(6)));
}
