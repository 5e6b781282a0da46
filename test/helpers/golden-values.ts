/** A golden number: non-finite ones are written as text. */
export function goldenNumber(value: number | string): number {
  if (typeof value === "number") return value;
  if (value === "inf") return Infinity;
  if (value === "-inf") return -Infinity;
  return value === "nan" ? NaN : Number(value);
}

/** Shortest decimals of float32 values, as float32. */
export function float32s(values: readonly (number | string)[]): Float32Array {
  return Float32Array.from(values, goldenNumber);
}

/** `max_episode_steps` as `maxEpisodeSteps`, for every key of an object. */
export function camelKeys(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const camel = (key: string): string => key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [camel(key), value]));
}
