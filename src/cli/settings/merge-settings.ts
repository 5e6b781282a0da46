import { type Settings, isSettings } from "../../settings/settings-schema.ts";

/** `over` on top of `base`, object by object. Where `over` chooses another `kind`, the settings of the old kind do not carry over. */
export function mergeSettings(base: Settings, over: Settings): Settings {
  const isOtherKind = "kind" in over && "kind" in base && over["kind"] !== base["kind"];
  const merged: Record<string, unknown> = isOtherKind ? {} : { ...base };
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    const joined = isSettings(value) && isSettings(below) ? mergeSettings(below, value) : value;
    Object.defineProperty(merged, name, { value: joined, enumerable: true, writable: true, configurable: true });
  }
  return merged;
}
