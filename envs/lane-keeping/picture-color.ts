import type { Color } from "../frame.ts";
import type { Rgb } from "./look.ts";

/** A colour of a look as 0xRRGGBB, made lighter or darker by `factor`. */
export function toColor(rgb: Rgb, factor = 1): Color {
  return (byte(rgb[0] * factor) << 16) | (byte(rgb[1] * factor) << 8) | byte(rgb[2] * factor);
}

const byte = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));
