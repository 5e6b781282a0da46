import { inflateSync } from "node:zlib";
import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { decodePng, pngSize } from "../../src/recording/decode-png.ts";

/** What is on the screen in the place of an element, as 0xRRGGBB per pixel. */
export type Pixels = Uint32Array;

/** Takes a screenshot of an element. */
export async function readPixels(element: Locator): Promise<Pixels> {
  const png = await element.screenshot({ animations: "disabled" });
  const size = pngSize(png);
  if (size === null) throw new Error("the screenshot is no PNG picture");
  const rgb = new Uint8Array(3 * size.width * size.height);
  decodePng(png, { ...size, channels: 3 }, inflateSync, rgb, 0);
  return Uint32Array.from(
    { length: size.width * size.height },
    (_, i) => (rgb[3 * i]! << 16) | (rgb[3 * i + 1]! << 8) | rgb[3 * i + 2]!,
  );
}

/** Waits until more than `count` pixels of an element differ from what it showed before; returns what it shows then. */
export async function waitForChange(element: Locator, before: Pixels, count: number): Promise<Pixels> {
  let now = before;
  const differing = async (): Promise<number> => {
    now = await readPixels(element);
    return differingPixels(before, now);
  };
  await expect.poll(differing).toBeGreaterThan(count);
  return now;
}

/** Waits until an element shows the same for a while; returns it. */
export async function restingPixels(element: Locator): Promise<Pixels> {
  let now = await readPixels(element);
  const differing = async (): Promise<number> => {
    await element.page().waitForTimeout(200);
    const before = now;
    now = await readPixels(element);
    return differingPixels(before, now);
  };
  await expect.poll(differing).toBe(0);
  return now;
}

/** Waits until an element shows more than `count` different colours. */
export async function waitForColors(element: Locator, count: number): Promise<void> {
  await expect.poll(async () => countColors(await readPixels(element))).toBeGreaterThan(count);
}

/** Number of different colours. */
export function countColors(pixels: Pixels): number {
  return new Set(pixels).size;
}

/** Number of pixels that differ; all of them when the sizes differ. */
export function differingPixels(a: Pixels, b: Pixels): number {
  if (a.length !== b.length) return Math.max(a.length, b.length);
  return a.reduce((count, value, i) => count + (value === b[i] ? 0 : 1), 0);
}

/** Mean difference per colour channel, in [0, 255]. Throws when the sizes differ. */
export function meanDifference(a: Pixels, b: Pixels): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} pixels beside ${b.length}`);
  const channels = (pixel: number): number[] => [pixel >> 16, (pixel >> 8) & 255, pixel & 255];
  const sum = a.reduce((total, pixel, i) => {
    const other = channels(b[i] ?? 0);
    return total + channels(pixel).reduce((d, v, c) => d + Math.abs(v - (other[c] ?? 0)), 0);
  }, 0);
  return sum / (3 * Math.max(1, a.length));
}
