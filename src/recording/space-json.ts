import { Box, type DType, Discrete } from "gymnasium-js";
import { ConfigError, FormatError } from "../errors.ts";

/** Spaces whose values episodes can hold. */
export type RecordedSpace = Box | Discrete;

/** The space itself, if episodes can hold its values. Throws ConfigError `unrecordable-space`. */
export function recordedSpace(space: unknown, what: string): RecordedSpace {
  if (space instanceof Box || space instanceof Discrete) return space;
  throw new ConfigError("unrecordable-space", `${what} of ${String(space)} cannot be recorded; Box and Discrete can`);
}

/** A space as Minari writes it: JSON, with Infinity where a bound is infinite. */
export function spaceJson(space: RecordedSpace): string {
  if (space instanceof Discrete)
    return `{"type": "Discrete", "dtype": "int64", "start": ${space.start}, "n": ${space.n}}`;
  const [low, high] = [boundJson(space.low, space.shape), boundJson(space.high, space.shape)];
  return `{"type": "Box", "dtype": "${space.dtype}", "shape": ${JSON.stringify(space.shape)}, "low": ${low}, "high": ${high}}`;
}

function boundJson(values: Float64Array, shape: readonly number[]): string {
  const [first, ...rest] = shape;
  if (first === undefined) return pythonNumber(values[0]!);
  const size = values.length / first;
  const parts = Array.from({ length: first }, (_, i) => boundJson(values.subarray(i * size, (i + 1) * size), rest));
  return `[${parts.join(", ")}]`;
}

const pythonNumber = (value: number): string =>
  Number.isFinite(value) ? JSON.stringify(value) : value > 0 ? "Infinity" : "-Infinity";

/** The space that `spaceJson` or Minari wrote. Throws FormatError `space` on kinds that are not read. */
export function parseSpace(json: string, what: string): RecordedSpace {
  let fields: unknown;
  try {
    fields = JSON.parse(json.replaceAll(/-?Infinity/g, (text) => (text.startsWith("-") ? "-1e999" : "1e999")));
  } catch (cause) {
    throw new FormatError("space", `${what} is not JSON`, { cause });
  }
  const { type, n, start, dtype, shape, low, high } = (fields ?? {}) as Record<string, unknown>; // checked below
  try {
    if (type === "Discrete") return new Discrete(Number(n), { start: Number(start ?? 0) });
    if (type === "Box" && Array.isArray(shape))
      return new Box(low as number[], high as number[], { shape: shape as number[], dtype: dtype as DType }); // Box checks them
  } catch (cause) {
    throw new FormatError("space", `${what}: ${(cause as Error).message}`, { cause });
  }
  throw new FormatError("space", `${what} is a ${String(type)}; Box and Discrete are read`);
}

/** Whether Python's reader takes this for an image, and PNG can hold it: [H, W] or [H, W, 3] bytes, H and W ≥ 32, from 0 to 255. */
export function isImageSpace(space: RecordedSpace): space is Box {
  if (!(space instanceof Box) || space.dtype !== "uint8") return false;
  const [H = 0, W = 0, C = 3] = space.shape;
  const isPicture = (space.shape.length === 2 || space.shape.length === 3) && H >= 32 && W >= 32 && C === 3;
  return isPicture && space.low.every((v) => v === 0) && space.high.every((v) => v === 255);
}
