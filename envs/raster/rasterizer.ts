import type { Bitmap, Color, Frame, Primitive } from "../frame.ts";
import { Canvas } from "./canvas.ts";
import { Coverage } from "./coverage.ts";
import { GLYPH_HEIGHT, GLYPH_WIDTH, glyph } from "./font.ts";
import { type ScaledBitmap, scaleBitmap } from "./scaled-bitmap.ts";

/** How a `Rasterizer` maps the shown part of a world to its pixels. */
export interface RasterOptions {
  /** Size in pixels. */
  readonly width: number;
  readonly height: number;
  /** 3: RGB (default). 1: grey, the luma of the same colours. */
  readonly channels?: 1 | 3;
  /** "contain" keeps the aspect ratio and shows background beside (default); "stretch" fills everything, as Atari preprocessing does. */
  readonly fit?: "contain" | "stretch";
}

/** Most sides a circle gets; they are taken from one table. */
const CIRCLE_SIDES = 64;
const CIRCLE = Float64Array.from({ length: 2 * CIRCLE_SIDES }, (_, i) => {
  const angle = (2 * Math.PI * (i >> 1)) / CIRCLE_SIDES;
  return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
});

/**
 * Draws frames into pixels on the CPU: anti-aliased polygons, lines, circles and text, sprites and images.
 *
 * One rasteriser owns one picture and draws into it again and again; after it has met every bitmap once it allocates nothing.
 * The same frame gives the same bytes on every machine. Also usable without a `Frame`: `begin`, then one call per primitive.
 */
export class Rasterizer {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** [height, width, channels], top row first; overwritten by the next frame. */
  readonly pixels: Uint8Array;
  readonly #canvas: Canvas;
  readonly #coverage: Coverage;
  readonly #stretches: boolean;
  readonly #bitmaps = new Map<string, CachedBitmap>();
  // Pixel = world * scale + offset, by axis; `#scaleY` is negative where y grows upwards.
  #scaleX = 1;
  #scaleY = 1;
  #offsetX = 0;
  #offsetY = 0;

  /** @throws RangeError where width or height is no positive integer */
  constructor({ width, height, channels = 3, fit = "contain" }: RasterOptions) {
    for (const [name, size] of [["width", width] as const, ["height", height] as const]) {
      if (!Number.isInteger(size) || size < 1 || size > 16384) {
        throw new RangeError(`Rasterizer: ${name} must be an integer from 1 to 16384, got ${size}`);
      }
    }
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.#canvas = new Canvas(width, height, channels);
    this.#coverage = new Coverage(width, height);
    this.pixels = this.#canvas.pixels;
    this.#stretches = fit === "stretch";
  }

  /**
   * Draws a whole frame and returns `pixels`.
   *
   * @throws RangeError where the view is empty or a coordinate is not finite; it names the primitive
   */
  draw(frame: Frame): Uint8Array {
    this.begin(frame.view, frame.yAxis, frame.background);
    for (let i = 0; i < frame.primitives.length; i++) {
      const primitive = frame.primitives[i]!;
      if (!isDrawable(primitive)) {
        throw new RangeError(`frame: primitives[${i}] (${primitive.kind}) has a coordinate or size that is not finite`);
      }
      this.#primitive(primitive);
    }
    return this.pixels;
  }

  /** Clears to the background and sets the part of the world that is shown. */
  begin(view: Frame["view"], yAxis: Frame["yAxis"], background: Color): void {
    if (!(view.width > 0 && view.height > 0 && Number.isFinite(view.x + view.y + view.width + view.height))) {
      throw new RangeError(`frame: the view must have a finite place and a positive size, got ${JSON.stringify(view)}`);
    }
    let scaleX = this.width / view.width;
    let scaleY = this.height / view.height;
    if (!this.#stretches) scaleX = scaleY = Math.min(scaleX, scaleY);
    const up = yAxis === "up";
    this.#scaleX = scaleX;
    this.#scaleY = up ? -scaleY : scaleY;
    this.#offsetX = (this.width - scaleX * view.width) / 2 - view.x * scaleX;
    const top = (this.height - scaleY * view.height) / 2;
    this.#offsetY = up ? top + (view.y + view.height) * scaleY : top - view.y * scaleY;
    this.#canvas.clear(background);
  }

  /** Fills a closed polygon x0, y0, x1, y1, … */
  fillPolygon(points: ArrayLike<number>, color: Color, alpha = 1): void {
    const n = points.length;
    let x = this.#x(points[n - 2]!);
    let y = this.#y(points[n - 1]!);
    for (let i = 0; i < n; i += 2) {
      const nextX = this.#x(points[i]!);
      const nextY = this.#y(points[i + 1]!);
      this.#coverage.edge(x, y, nextX, nextY);
      x = nextX;
      y = nextY;
    }
    this.#canvas.paint(this.#coverage, color, alpha);
  }

  /** Draws a polyline of the given world width with round joints. `closed` also joins its ends. */
  strokePath(points: ArrayLike<number>, width: number, color: Color, alpha = 1, closed = false): void {
    const n = points.length;
    const half = width / 2;
    const hasJoints = width * this.#scaleX > 1.5;
    for (let i = closed ? 0 : 2; i < n; i += 2) {
      const from = i === 0 ? n - 2 : i - 2;
      this.#segment(points[from]!, points[from + 1]!, points[i]!, points[i + 1]!, half);
      if (hasJoints && (closed || i < n - 2)) this.#disc(points[i]!, points[i + 1]!, half);
    }
    this.#canvas.paint(this.#coverage, color, alpha);
  }

  /** Fills a disc. */
  fillCircle(x: number, y: number, radius: number, color: Color, alpha = 1): void {
    this.#disc(x, y, radius);
    this.#canvas.paint(this.#coverage, color, alpha);
  }

  /** Draws a ring whose middle line has the given radius. */
  strokeCircle(x: number, y: number, radius: number, width: number, color: Color, alpha = 1): void {
    const inner = radius - width / 2;
    this.#disc(x, y, radius + width / 2);
    if (inner > 0) this.#disc(x, y, inner, true);
    this.#canvas.paint(this.#coverage, color, alpha);
  }

  /** Draws a bitmap around its centre; see the sprite primitive. Not turned, it is placed on whole pixels. */
  sprite(bitmap: Bitmap, x: number, y: number, width: number, height: number, angle = 0, alpha = 1): void {
    const wide = Math.abs(width * this.#scaleX);
    const high = Math.abs(height * this.#scaleY);
    if (wide < 0.5 || high < 0.5) return;
    const centerX = this.#x(x);
    const centerY = this.#y(y);
    if (angle !== 0) {
      this.#turned(
        this.#scaled(bitmap, Math.max(1, Math.round(wide)), Math.max(1, Math.round(high))),
        centerX,
        centerY,
        width,
        height,
        angle,
        alpha,
      );
      return;
    }
    const left = Math.round(centerX - wide / 2);
    const top = Math.round(centerY - high / 2);
    const right = Math.max(left + 1, Math.round(centerX + wide / 2));
    const bottom = Math.max(top + 1, Math.round(centerY + high / 2));
    this.#canvas.put(this.#scaled(bitmap, right - left, bottom - top), left, top, alpha);
  }

  /** Writes text; see the text primitive. Characters outside printable ASCII become "?". */
  text(
    text: string,
    x: number,
    y: number,
    size: number,
    color: Color,
    align: "left" | "center" | "right" = "left",
  ): void {
    const dot = (size * Math.abs(this.#scaleY)) / GLYPH_HEIGHT;
    const across = (size * this.#scaleX) / GLYPH_HEIGHT;
    const advance = (GLYPH_WIDTH + 1) * across;
    const length = text.length * advance - across;
    let left = this.#x(x) - (align === "center" ? length / 2 : align === "right" ? length : 0);
    const top = this.#y(y) - GLYPH_HEIGHT * dot;
    for (let i = 0; i < text.length; i++, left += advance)
      this.#glyph(glyph(text.charCodeAt(i)), left, top, across, dot);
    this.#canvas.paint(this.#coverage, color, 1);
  }

  /** Stretches raw pixels over a box; see the image primitive. Averages when reduced, repeats pixels when enlarged. */
  image(image: Extract<Primitive, { kind: "image" }>): void {
    const { pixelWidth, pixelHeight } = image;
    const left = this.#x(image.x);
    const top = this.#y(this.#scaleY < 0 ? image.y + image.height : image.y);
    const perX = pixelWidth / (image.width * this.#scaleX);
    const perY = pixelHeight / (image.height * Math.abs(this.#scaleY));
    const x1 = Math.min(this.width, Math.round(left + pixelWidth / perX));
    const y1 = Math.min(this.height, Math.round(top + pixelHeight / perY));
    for (let y = Math.max(0, Math.round(top)); y < y1; y++) {
      const fromY = Math.min(pixelHeight - 1, Math.max(0, Math.floor((y - top) * perY + 1e-6)));
      const toY = Math.min(pixelHeight, Math.max(fromY + 1, Math.round((y + 1 - top) * perY)));
      for (let x = Math.max(0, Math.round(left)); x < x1; x++) {
        const fromX = Math.min(pixelWidth - 1, Math.max(0, Math.floor((x - left) * perX + 1e-6)));
        const toX = Math.min(pixelWidth, Math.max(fromX + 1, Math.round((x + 1 - left) * perX)));
        this.#averaged(image, x, y, fromX, toX, fromY, toY);
      }
    }
  }

  #primitive(p: Primitive): void {
    switch (p.kind) {
      case "polygon":
        if (p.fill !== undefined) this.fillPolygon(p.points, p.fill, p.alpha);
        if (p.stroke !== undefined)
          this.strokePath(p.points, p.strokeWidth ?? this.#hairline(), p.stroke, p.alpha, true);
        return;
      case "line":
        this.strokePath(p.points, p.width, p.stroke, p.alpha);
        return;
      case "circle":
        if (p.fill !== undefined) this.fillCircle(p.x, p.y, p.radius, p.fill, p.alpha);
        if (p.stroke !== undefined)
          this.strokeCircle(p.x, p.y, p.radius, p.strokeWidth ?? this.#hairline(), p.stroke, p.alpha);
        return;
      case "sprite":
        this.sprite(p.bitmap, p.x, p.y, p.width, p.height, p.angle, p.alpha);
        return;
      case "text":
        this.text(p.text, p.x, p.y, p.size, p.fill, p.align);
        return;
      case "image":
        this.image(p);
        return;
      default:
        p satisfies never;
    }
  }

  /** Width in world units of an outline that gives none: one pixel. */
  #hairline(): number {
    return 1 / this.#scaleX;
  }

  #x(x: number): number {
    return x * this.#scaleX + this.#offsetX;
  }

  #y(y: number): number {
    return y * this.#scaleY + this.#offsetY;
  }

  /** One straight piece of a stroke as a quad; always wound the same way, so that pieces add up. */
  #segment(x0: number, y0: number, x1: number, y1: number, half: number): void {
    if (x0 === x1 || y0 === y1) {
      this.#straight(x0, y0, x1, y1, half);
      return;
    }
    const length = Math.hypot(x1 - x0, y1 - y0);
    const acrossX = (-(y1 - y0) / length) * half;
    const acrossY = ((x1 - x0) / length) * half;
    const ax = this.#x(x0 + acrossX);
    const ay = this.#y(y0 + acrossY);
    const bx = this.#x(x1 + acrossX);
    const by = this.#y(y1 + acrossY);
    const cx = this.#x(x1 - acrossX);
    const cy = this.#y(y1 - acrossY);
    const dx = this.#x(x0 - acrossX);
    const dy = this.#y(y0 - acrossY);
    this.#coverage.edge(dx, dy, cx, cy);
    this.#coverage.edge(cx, cy, bx, by);
    this.#coverage.edge(bx, by, ax, ay);
    this.#coverage.edge(ax, ay, dx, dy);
  }

  /** A piece along an axis: a box, half the edges of a quad. Nothing where both ends are the same. */
  #straight(x0: number, y0: number, x1: number, y1: number, half: number): void {
    if (x0 === x1 && y0 === y1) return;
    const wide = x0 === x1 ? half : 0;
    const high = y0 === y1 ? half : 0;
    const left = this.#x(Math.min(x0, x1) - wide);
    const right = this.#x(Math.max(x0, x1) + wide);
    const low = this.#y(Math.min(y0, y1) - high);
    const up = this.#y(Math.max(y0, y1) + high);
    // Wound like a quad: with y downwards, "low" is the upper border on screen and the right side runs down.
    if (this.#scaleY > 0) this.#coverage.box(right, low, left, up);
    else this.#coverage.box(left, up, right, low);
  }

  /** A disc as a polygon with about one side per pixel of radius, wound like `#segment`; `reversed` cuts a hole. */
  #disc(x: number, y: number, radius: number, reversed = false): void {
    const pixels = radius * Math.max(this.#scaleX, Math.abs(this.#scaleY));
    const stride = pixels > 12 ? 1 : pixels > 3 ? 2 : 4;
    let lastX = this.#x(x + radius);
    let lastY = this.#y(y);
    for (let side = stride; side <= CIRCLE_SIDES; side += stride) {
      const at = (side % CIRCLE_SIDES) * 2;
      const nextX = this.#x(x + radius * CIRCLE[at]!);
      const nextY = this.#y(y + radius * CIRCLE[at + 1]!);
      if (reversed) this.#coverage.edge(nextX, nextY, lastX, lastY);
      else this.#coverage.edge(lastX, lastY, nextX, nextY);
      lastX = nextX;
      lastY = nextY;
    }
  }

  /** Adds the dots of one glyph, joined to runs along each row; `rows` has one bit per dot, the highest on the left. */
  #glyph(rows: Uint8Array, left: number, top: number, across: number, dot: number): void {
    for (let row = 0; row < GLYPH_HEIGHT; row++) {
      const bits = rows[row]!;
      for (let column = 0; column < GLYPH_WIDTH; column++) {
        if (((bits >> (GLYPH_WIDTH - 1 - column)) & 1) === 0) continue;
        const start = column;
        while (column + 1 < GLYPH_WIDTH && ((bits >> (GLYPH_WIDTH - 2 - column)) & 1) === 1) column++;
        this.#coverage.box(left + start * across, top + row * dot, left + (column + 1) * across, top + (row + 1) * dot);
      }
    }
  }

  /** The bitmap at a size in pixels, made once per size. */
  #scaled(bitmap: Bitmap, width: number, height: number): ScaledBitmap {
    let cached = this.#bitmaps.get(bitmap.name);
    if (cached === undefined || (cached.bitmap !== bitmap && !isSameBitmap(cached.bitmap, bitmap))) {
      checkBitmap(bitmap);
      cached = { bitmap, sizes: new Map() };
      this.#bitmaps.set(bitmap.name, cached);
    }
    const size = width * 65536 + height;
    let scaled = cached.sizes.get(size);
    if (scaled === undefined) {
      scaled = scaleBitmap(bitmap, width, height, this.channels);
      if (cached.sizes.size >= 64) cached.sizes.clear();
      cached.sizes.set(size, scaled);
    }
    return scaled;
  }

  /** Draws a bitmap turned by `angle`: every pixel of its bounding box asks where it comes from, then mixes the four nearest. */
  #turned(
    bitmap: ScaledBitmap,
    centerX: number,
    centerY: number,
    width: number,
    height: number,
    angle: number,
    alpha: number,
  ): void {
    const flip = this.#scaleY < 0 ? 1 : -1;
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const aspect = Math.abs(this.#scaleX / this.#scaleY);
    const halfX = Math.abs((width / 2) * cos * this.#scaleX) + Math.abs((height / 2) * sin * this.#scaleX) + 1;
    const halfY = Math.abs((width / 2) * sin * this.#scaleY) + Math.abs((height / 2) * cos * this.#scaleY) + 1;
    const y1 = Math.min(this.height, Math.ceil(centerY + halfY));
    const x1 = Math.min(this.width, Math.ceil(centerX + halfX));
    for (let y = Math.max(0, Math.floor(centerY - halfY)); y < y1; y++) {
      for (let x = Math.max(0, Math.floor(centerX - halfX)); x < x1; x++) {
        // Offsets in isotropic pixels (those of the x axis), turned back by the angle as seen on screen.
        const dx = x + 0.5 - centerX;
        const dy = (y + 0.5 - centerY) * aspect;
        const u = dx * cos - flip * dy * sin;
        const v = (flip * dx * sin + dy * cos) / aspect;
        this.#mixed(bitmap, x, y, u + bitmap.width / 2 - 0.5, v + bitmap.height / 2 - 0.5, alpha);
      }
    }
  }

  /** Blends the bilinear sample of a scaled bitmap at (u, v) into pixel (x, y). */
  #mixed(bitmap: ScaledBitmap, x: number, y: number, u: number, v: number, alpha: number): void {
    const left = Math.floor(u);
    const top = Math.floor(v);
    if (left < -1 || top < -1 || left >= bitmap.width || top >= bitmap.height) return;
    let r = 0;
    let g = 0;
    let b = 0;
    let a = 0;
    for (let corner = 0; corner < 4; corner++) {
      const sx = left + (corner & 1);
      const sy = top + (corner >> 1);
      if (sx < 0 || sy < 0 || sx >= bitmap.width || sy >= bitmap.height) continue;
      const weight = (corner & 1 ? u - left : 1 - u + left) * (corner >> 1 ? v - top : 1 - v + top);
      const at = sy * bitmap.width + sx;
      a += weight * bitmap.alpha[at]!;
      if (this.channels === 1) {
        r += weight * bitmap.color[at]!;
      } else {
        r += weight * bitmap.color[at * 3]!;
        g += weight * bitmap.color[at * 3 + 1]!;
        b += weight * bitmap.color[at * 3 + 2]!;
      }
    }
    if (a < 0.5) return;
    const scale = 255 / a;
    const weight = Math.round((a * 256 * alpha) / 255);
    if (this.channels === 1) this.#canvas.blend(x, y, r * scale, r * scale, r * scale, weight);
    else this.#canvas.blend(x, y, r * scale, g * scale, b * scale, weight);
  }

  /** Sets pixel (x, y) to the mean of a block of image pixels. */
  #averaged(
    image: Extract<Primitive, { kind: "image" }>,
    x: number,
    y: number,
    x0: number,
    x1: number,
    y0: number,
    y1: number,
  ): void {
    const { pixels, channels, pixelWidth } = image;
    let r = 0;
    let g = 0;
    let b = 0;
    let a = 0;
    for (let sy = y0; sy < y1; sy++) {
      for (let sx = x0; sx < x1; sx++) {
        const at = (sy * pixelWidth + sx) * channels;
        const opacity = channels === 4 ? pixels[at + 3]! : 255;
        a += opacity;
        r += pixels[at]! * opacity;
        g += pixels[channels === 1 ? at : at + 1]! * opacity;
        b += pixels[channels === 1 ? at : at + 2]! * opacity;
      }
    }
    if (a === 0) return;
    const weight = Math.round((a * 256) / (255 * (x1 - x0) * (y1 - y0)));
    this.#canvas.blend(x, y, Math.round(r / a), Math.round(g / a), Math.round(b / a), weight);
  }
}

interface CachedBitmap {
  readonly bitmap: Bitmap;
  /** By width * 65536 + height. */
  readonly sizes: Map<number, ScaledBitmap>;
}

/** Bitmaps that came over a wire are new objects with old pixels. */
function isSameBitmap(a: Bitmap, b: Bitmap): boolean {
  if (a.width !== b.width || a.height !== b.height || a.rgba.length !== b.rgba.length) return false;
  for (let i = 0; i < a.rgba.length; i++) if (a.rgba[i] !== b.rgba[i]) return false;
  return true;
}

function checkBitmap({ name, width, height, rgba }: Bitmap): void {
  if (rgba.length === width * height * 4 && rgba.length > 0) return;
  throw new RangeError(
    `bitmap "${name}": ${width}×${height} RGBA pixels are ${width * height * 4} bytes, got ${rgba.length}`,
  );
}

/** Whether all numbers of a primitive are finite and an image has its pixels. */
function isDrawable(p: Primitive): boolean {
  switch (p.kind) {
    case "polygon":
      return areFinite(p.points) && p.points.length >= 4;
    case "line":
      return areFinite(p.points) && Number.isFinite(p.width);
    case "circle":
      return Number.isFinite(p.x + p.y + p.radius) && p.radius >= 0;
    case "sprite":
      return Number.isFinite(p.x + p.y + p.width + p.height + (p.angle ?? 0));
    case "text":
      return Number.isFinite(p.x + p.y + p.size);
    case "image":
      return (
        Number.isFinite(p.x + p.y + p.width + p.height) &&
        p.pixels.length === p.pixelWidth * p.pixelHeight * p.channels &&
        p.pixels.length > 0
      );
    default:
      return p satisfies never;
  }
}

function areFinite(points: readonly number[]): boolean {
  let sum = 0;
  for (let i = 0; i < points.length; i++) sum += points[i]!;
  return Number.isFinite(sum) && points.length % 2 === 0;
}
