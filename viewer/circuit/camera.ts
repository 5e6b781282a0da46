import type { Point } from "./edge-path.ts";

/** What part of the circuit is seen: screen = world × zoom + offset, in CSS pixels. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Everything, as it was laid out. */
export const WHOLE: Camera = { x: 0, y: 0, zoom: 1 };
const ZOOM_RANGE = [0.5, 12] as const;

/** Screen position of a point. */
export function toScreen(camera: Camera, { x, y }: Point): Point {
  return { x: x * camera.zoom + camera.x, y: y * camera.zoom + camera.y };
}

/** Point at a screen position. */
export function toWorld(camera: Camera, { x, y }: Point): Point {
  return { x: (x - camera.x) / camera.zoom, y: (y - camera.y) / camera.zoom };
}

/** Zooms by a factor while what lies under `at` stays there. */
export function zoomAt(camera: Camera, at: Point, factor: number): Camera {
  const zoom = Math.max(ZOOM_RANGE[0], Math.min(ZOOM_RANGE[1], camera.zoom * factor));
  const fixed = toWorld(camera, at);
  return { zoom, x: at.x - fixed.x * zoom, y: at.y - fixed.y * zoom };
}
