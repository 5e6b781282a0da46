import { CanvasSource, Container, Graphics, Sprite, Text, Texture } from "pixi.js";
import type { Bitmap, Frame, Primitive } from "gymnasium-js";

type Painted = Pick<Of<"circle">, "fill" | "stroke" | "strokeWidth" | "alpha">;
type Of<K extends Primitive["kind"]> = Extract<Primitive, { kind: K }>;

/**
 * Draws frames into a container, scaled to fit. Everything is scaled to pixels before Pixi sees it, because Pixi rounds circles and joints
 * by their size in pixels. Shapes of one frame go into one Graphics between sprites and texts,
 * so that the order of primitives is kept; objects are used again from frame to frame.
 */
export class FramePainter {
  readonly container = new Container();
  readonly #bitmaps = new Map<string, Picture>();
  readonly #graphics: Graphics[] = [];
  readonly #sprites: Sprite[] = [];
  readonly #texts: Text[] = [];
  readonly #images = new Map<string, Picture>();
  #used = { graphics: 0, sprites: 0, texts: 0 };
  #scale = 1;
  #up = 1;

  /** Draws `frame` as large as fits into width × height, centred on its background. */
  paint(frame: Frame, width: number, height: number): void {
    const { view } = frame;
    this.#scale = Math.min(width / view.width, height / view.height);
    this.#up = frame.yAxis === "up" ? -1 : 1;
    const top = this.#up < 0 ? -(view.y + view.height) : view.y;
    this.container.position.set(
      (width - view.width * this.#scale) / 2 - view.x * this.#scale,
      (height - view.height * this.#scale) / 2 - top * this.#scale,
    );
    this.container.removeChildren();
    this.#used = { graphics: 0, sprites: 0, texts: 0 };
    const { x, y } = this.container.position;
    this.#nextGraphics().rect(-x, -y, width, height).fill(frame.background);
    for (const primitive of frame.primitives) this.#draw(primitive);
  }

  destroy(): void {
    this.container.removeChildren();
    for (const object of [...this.#graphics, ...this.#sprites, ...this.#texts]) object.destroy();
    for (const texture of [...this.#bitmaps.values(), ...this.#images.values()]) texture.destroy();
    this.container.destroy();
  }

  #draw(p: Primitive): void {
    switch (p.kind) {
      case "polygon":
        return this.#paintShape(this.#shapes().poly(this.#points(p.points), true), p);
      case "circle":
        return this.#paintShape(this.#shapes().circle(this.#x(p.x), this.#y(p.y), p.radius * this.#scale), p);
      case "line":
        return this.#line(p);
      case "sprite":
        return this.#sprite(p);
      case "image":
        return this.#image(p);
      case "text":
        return this.#text(p);
      default:
        return p satisfies never;
    }
  }

  #points(points: readonly number[]): number[] {
    return points.map((v, i) => (i % 2 === 0 ? this.#x(v) : this.#y(v)));
  }

  #x(x: number): number {
    return x * this.#scale;
  }

  #y(y: number): number {
    return y * this.#scale * this.#up;
  }

  #line(p: Of<"line">): void {
    const g = this.#shapes();
    const points = this.#points(p.points);
    g.moveTo(points[0] ?? 0, points[1] ?? 0);
    for (let i = 2; i + 1 < points.length; i += 2) g.lineTo(points[i] ?? 0, points[i + 1] ?? 0);
    g.stroke({ color: p.stroke, width: p.width * this.#scale, alpha: p.alpha ?? 1, cap: "round", join: "round" });
  }

  #sprite(p: Of<"sprite">): void {
    this.#place(this.#textureOf(p.bitmap), p, p.y, (p.angle ?? 0) * this.#up, p.alpha ?? 1);
  }

  #image(p: Of<"image">): void {
    const picture = this.#pictureOf(p);
    picture.write((rgba) => writeRgba(p, rgba));
    const center = { x: p.x + p.width / 2, width: p.width, height: p.height };
    this.#place(picture.texture, center, p.y + p.height / 2, 0, 1);
  }

  #text(p: Of<"text">): void {
    const text = (this.#texts[this.#used.texts++] ??= new Text({ resolution: 2 }));
    const capHeight = 0.72; // of the font size, for the fonts we use
    text.text = p.text;
    text.style = {
      fontFamily: "DejaVu Sans, Verdana, sans-serif",
      fontSize: Math.max(5, (p.size * this.#scale) / capHeight),
      fill: p.fill,
    };
    text.anchor.set({ left: 0, center: 0.5, right: 1 }[p.align ?? "left"], 0.8);
    text.position.set(this.#x(p.x), this.#y(p.y));
    this.container.addChild(text);
  }

  #place(
    texture: Texture,
    { x, width, height }: { readonly x: number; readonly width: number; readonly height: number },
    y: number,
    rotation: number,
    alpha: number,
  ): void {
    const sprite = this.#sprites[this.#used.sprites] ?? new Sprite();
    this.#sprites[this.#used.sprites++] = sprite;
    sprite.texture = texture;
    sprite.anchor.set(0.5);
    sprite.position.set(this.#x(x), this.#y(y));
    sprite.setSize(width * this.#scale, height * this.#scale);
    sprite.rotation = rotation;
    sprite.alpha = alpha;
    this.container.addChild(sprite);
  }

  #paintShape(g: Graphics, { fill, stroke, strokeWidth = 0, alpha = 1 }: Painted): void {
    if (fill !== undefined) g.fill({ color: fill, alpha });
    if (stroke !== undefined) g.stroke({ color: stroke, alpha, width: strokeWidth * this.#scale, join: "round" });
  }

  /** The Graphics on top, or a new one when something else lies above it. */
  #shapes(): Graphics {
    const last = this.container.children.at(-1);
    return last instanceof Graphics ? last : this.#nextGraphics();
  }

  #nextGraphics(): Graphics {
    const graphics = this.#graphics[this.#used.graphics] ?? new Graphics();
    this.#graphics[this.#used.graphics++] = graphics;
    graphics.clear();
    this.container.addChild(graphics);
    return graphics;
  }

  #textureOf(bitmap: Bitmap): Texture {
    const known = this.#bitmaps.get(bitmap.name);
    if (known !== undefined) return known.texture;
    const picture = new Picture(bitmap.width, bitmap.height);
    picture.write((rgba) => rgba.set(bitmap.rgba));
    this.#bitmaps.set(bitmap.name, picture);
    return picture.texture;
  }

  /** Images are told apart by size and place: the pixels of one change from frame to frame. */
  #pictureOf(p: Of<"image">): Picture {
    const key = `${p.pixelWidth}×${p.pixelHeight}@${p.x},${p.y}`;
    const known = this.#images.get(key);
    if (known !== undefined) return known;
    const picture = new Picture(p.pixelWidth, p.pixelHeight);
    this.#images.set(key, picture);
    return picture;
  }
}

/** Pixels as a texture that every renderer can draw: kept on a 2D canvas. */
class Picture {
  readonly texture: Texture<CanvasSource>;
  readonly #context: CanvasRenderingContext2D;
  readonly #data: ImageData;

  constructor(width: number, height: number) {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    if (context === null) throw new Error("this browser has no 2D canvas");
    this.#context = context;
    this.#data = context.createImageData(width, height);
    this.texture = new Texture({ source: new CanvasSource({ resource: canvas, scaleMode: "nearest" }) });
  }

  /** `fill` writes RGBA bytes, not premultiplied. */
  write(fill: (rgba: Uint8ClampedArray) => void): void {
    fill(this.#data.data);
    this.#context.putImageData(this.#data, 0, 0);
    this.texture.source.update();
  }

  destroy(): void {
    this.texture.destroy(true);
  }
}

function writeRgba({ channels, pixels }: Of<"image">, out: Uint8ClampedArray): void {
  for (let i = 0, o = 0; o < out.length; i += channels, o += 4) {
    for (let c = 0; c < 3; c++) out[o + c] = pixels[channels === 1 ? i : i + c] ?? 0;
    out[o + 3] = channels === 4 ? (pixels[i + 3] ?? 255) : 255;
  }
}
