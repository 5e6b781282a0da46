import { computed, effect, signal } from "@preact/signals";

/** A look of the page. */
export type Theme = "dark" | "light";

const STORE_KEY = "elegans.theme";
const system = matchMedia("(prefers-color-scheme: light)");
const systemTheme = signal<Theme>(system.matches ? "light" : "dark");
system.addEventListener("change", () => (systemTheme.value = system.matches ? "light" : "dark"));

function stored(): Theme | null {
  const text = localStorage.getItem(STORE_KEY);
  return text === "dark" || text === "light" ? text : null;
}
const chosen = signal<Theme | null>(stored());

/** The look in use: what was chosen here, else the system's. */
export const theme = computed<Theme>(() => chosen.value ?? systemTheme.value);

/** Changes the look and remembers it. */
export function toggleTheme(): void {
  chosen.value = theme.value === "dark" ? "light" : "dark";
  localStorage.setItem(STORE_KEY, chosen.value);
}

/** Shows a look without remembering it, for links that ask for one. */
export function showTheme(wanted: Theme): void {
  chosen.value = wanted;
}

/** Counts up after the style has changed; whoever draws with colours reads it. */
export const themeVersion = signal(0);
effect(() => {
  document.documentElement.dataset["theme"] = theme.value;
  themeVersion.value = themeVersion.peek() + 1;
});

let valuesOf = 0;
const values = new Map<string, string>();

/** Value of a CSS custom property; asked of the browser once per look, because that lays out the page. */
export function cssValue(name: string): string {
  if (valuesOf !== themeVersion.peek()) {
    values.clear();
    valuesOf = themeVersion.peek();
  }
  const known = values.get(name) ?? getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  values.set(name, known);
  return known;
}

/** A `#rgb` or `#rrggbb` custom property as red, green and blue in [0, 1]. */
export function cssRgb(name: string): readonly [number, number, number] {
  const digits = cssValue(name).slice(1);
  const value = Number.parseInt(digits.length === 3 ? digits.replaceAll(/./g, "$&$&") : digits, 16);
  return [((value >> 16) & 255) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

/** Colour of the k-th series, repeating after eight. */
export function seriesColor(k: number): string {
  return cssValue(`--series-${(k % 8) + 1}`);
}

/** Whether the user asked the system for less motion. */
export const prefersReducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
