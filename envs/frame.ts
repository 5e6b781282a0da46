/** A colour as 0xRRGGBB. */
export type Color = number;

/** A small named picture. The same object (same `name`) must always hold the same pixels, so that a viewer can keep it. */
export interface Bitmap {
  readonly name: string;
  /** Size in pixels. */
  readonly width: number;
  readonly height: number;
  /** Row-major RGBA bytes, [height, width, 4], not premultiplied. */
  readonly rgba: Uint8Array;
}

interface Painted {
  /** Fill colour; absent: not filled. */
  readonly fill?: Color;
  /** Outline colour; absent: no outline. */
  readonly stroke?: Color;
  /** Outline width in world units. */
  readonly strokeWidth?: number;
  /** Opacity in [0, 1]; absent: 1. */
  readonly alpha?: number;
}

/**
 * One thing to draw, in world units. Later primitives are drawn over earlier ones. Polygons and circles may have `fill` and `stroke` (colours),
 * `strokeWidth` (world units) and `alpha` (opacity in [0, 1]).
 */
export type Primitive =
  /** Closed polygon; points are x0, y0, x1, y1, … */
  | ({ readonly kind: "polygon"; readonly points: readonly number[] } & Painted)
  /** Open polyline; points as above. `width` in world units. */
  | {
      readonly kind: "line";
      readonly points: readonly number[];
      readonly stroke: Color;
      readonly width: number;
      readonly alpha?: number;
    }
  | ({ readonly kind: "circle"; readonly x: number; readonly y: number; readonly radius: number } & Painted)
  /** A bitmap scaled to width × height around its centre (x, y), turned by `angle` [rad, counter-clockwise in world axes]. */
  | {
      readonly kind: "sprite";
      readonly bitmap: Bitmap;
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly angle?: number;
      readonly alpha?: number;
    }
  /** Text with its baseline's left end (or middle, or right end) at (x, y); `size` is the cap height in world units. */
  | {
      readonly kind: "text";
      readonly text: string;
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly fill: Color;
      readonly align?: "left" | "center" | "right";
    }
  /** Raw pixels that change every frame (a camera), top row first, stretched over the box whose lower left corner (in world axes) is (x, y). */
  | {
      readonly kind: "image";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly pixelWidth: number;
      readonly pixelHeight: number;
      readonly channels: 1 | 3 | 4;
      readonly pixels: Uint8Array;
    };

/** A picture of a world as drawing primitives: what `render()` returns. */
export interface Frame {
  /** The part of the world that is shown, in world units. */
  readonly view: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** Whether y grows upwards in world units (physics) or downwards (grids). */
  readonly yAxis: "up" | "down";
  readonly background: Color;
  /** What is drawn, from the back to the front. */
  readonly primitives: readonly Primitive[];
}
