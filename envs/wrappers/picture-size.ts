import type { Env } from "../env.ts";
import { ValueError } from "../errors.ts";

export interface PictureSize {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export function pictureSize(env: Env, name: string, channels?: number): PictureSize {
  const { shape, dtype } = env.observationSpace;
  const isPicture = dtype === "uint8" && shape !== null && (shape.length === 3 || shape.length === 2);
  if (!isPicture || (channels !== undefined && shape[2] !== channels)) {
    const expected =
      channels === undefined ? "a uint8 picture [H, W] or [H, W, C]" : `a uint8 picture [H, W, ${channels}]`;
    throw new ValueError(`${name}: got ${String(env.observationSpace)}, expected ${expected}`);
  }
  return { height: shape[0]!, width: shape[1]!, channels: shape[2] ?? 1 };
}
