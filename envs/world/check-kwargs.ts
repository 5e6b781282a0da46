import { closestMatch } from "../registration/closest-match.ts";
import type { Kwargs } from "../registration/env-spec.ts";

/** Takes a world's arguments: defaults for the absent ones. Throws TypeError on an unknown name or a value of another type than the default. */
export function checkKwargs<T extends Readonly<Record<string, unknown>>>(
  where: string,
  kwargs: Kwargs,
  defaults: T,
): T {
  for (const [name, value] of Object.entries(kwargs)) {
    if (!(name in defaults)) {
      const match = closestMatch(name, Object.keys(defaults));
      const known = Object.keys(defaults).join(", ") || "none";
      throw new TypeError(
        `${where}: unknown argument ${name}${match === null ? `, expected ${known}` : `; did you mean ${match}?`}`,
      );
    }
    const expected = typeof defaults[name];
    if (typeof value !== expected || (expected === "number" && !Number.isFinite(value))) {
      throw new TypeError(`${where}.${name}: got ${JSON.stringify(value) ?? String(value)}, expected a ${expected}`);
    }
  }
  return { ...defaults, ...kwargs };
}
