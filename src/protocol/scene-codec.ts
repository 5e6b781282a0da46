import type { Bitmap, Frame, Primitive } from "gymnasium-js";
import { FormatError } from "../errors.ts";

/** A picture as it travels: numbers, and the raw pixels of its images one after the other. */
export interface EncodedScene {
  /** header of 7 numbers, then one run of numbers per primitive; see docs/protocol.md */
  readonly ops: Float32Array;
  readonly pixels: Uint8Array;
}

const OP = { polygon: 1, line: 2, circle: 3, sprite: 4, text: 5, image: 6 } as const;
const ALIGNMENTS = ["left", "center", "right"] as const;
/** Stands for an absent colour or width. */
const ABSENT = -1;

/** Packs a picture. Bitmaps are named by number: `bitmapId` gives the number and sees to it that the receiver has the pixels. */
export function encodeScene(frame: Frame, bitmapId: (bitmap: Bitmap) => number): EncodedScene {
  const { view } = frame;
  const out: number[] = [
    view.x,
    view.y,
    view.width,
    view.height,
    frame.yAxis === "up" ? 1 : -1,
    frame.background,
    frame.primitives.length,
  ];
  const images: Uint8Array[] = [];
  let pixelOffset = 0;
  for (const primitive of frame.primitives) {
    pushPrimitive(out, primitive, pixelOffset, bitmapId);
    if (primitive.kind === "image") {
      images.push(primitive.pixels);
      pixelOffset += primitive.pixels.length;
    }
  }
  const pixels = new Uint8Array(pixelOffset);
  pixelOffset = 0;
  for (const image of images) {
    pixels.set(image, pixelOffset);
    pixelOffset += image.length;
  }
  return { ops: Float32Array.from(out), pixels };
}

function pushPrimitive(out: number[], p: Primitive, pixelOffset: number, bitmapId: (bitmap: Bitmap) => number): void {
  switch (p.kind) {
    case "polygon":
      out.push(OP.polygon, p.fill ?? ABSENT, p.stroke ?? ABSENT, p.strokeWidth ?? ABSENT, p.alpha ?? 1);
      return pushPoints(out, p.points);
    case "line":
      out.push(OP.line, p.stroke, p.width, p.alpha ?? 1);
      return pushPoints(out, p.points);
    case "circle":
      out.push(
        OP.circle,
        p.fill ?? ABSENT,
        p.stroke ?? ABSENT,
        p.strokeWidth ?? ABSENT,
        p.alpha ?? 1,
        p.x,
        p.y,
        p.radius,
      );
      return;
    case "sprite":
      out.push(OP.sprite, bitmapId(p.bitmap), p.x, p.y, p.width, p.height, p.angle ?? 0, p.alpha ?? 1);
      return;
    case "text":
      out.push(OP.text, p.fill, p.x, p.y, p.size, ALIGNMENTS.indexOf(p.align ?? "left"), p.text.length);
      for (let i = 0; i < p.text.length; i++) out.push(p.text.charCodeAt(i));
      return;
    case "image":
      out.push(OP.image, p.x, p.y, p.width, p.height, p.pixelWidth, p.pixelHeight, p.channels, pixelOffset);
      return;
    default:
      return p satisfies never;
  }
}

function pushPoints(out: number[], points: readonly number[]): void {
  out.push(points.length);
  for (const x of points) out.push(x);
}

/** Reads one number after the other and never past the end. */
class Cursor {
  readonly #ops: Float32Array;
  #at = 0;
  constructor(ops: Float32Array) {
    this.#ops = ops;
  }
  next(): number {
    const x = this.#ops[this.#at++];
    if (x === undefined) throw bad("it ends inside a primitive");
    return x;
  }
  count(what: string, limit: number): number {
    const n = this.next();
    if (!Number.isInteger(n) || n < 0 || n > limit) throw bad(`${n} ${what}`);
    return n;
  }
  points(): readonly number[] {
    return this.numbers(this.count("coordinates", this.#ops.length));
  }
  numbers(length: number): number[] {
    return Array.from({ length }, () => this.next());
  }
  color(): number {
    return this.count("as a colour", 0xffffff);
  }
  painted(): { fill?: number; stroke?: number; strokeWidth?: number; alpha: number } {
    const [fill = 0, stroke = 0, strokeWidth = 0, alpha = 1] = this.numbers(4);
    return {
      ...(fill >= 0 && { fill }),
      ...(stroke >= 0 && { stroke }),
      ...(strokeWidth >= 0 && { strokeWidth }),
      alpha,
    };
  }
  atEnd(): boolean {
    return this.#at === this.#ops.length;
  }
}

/**
 * Unpacks a picture; the opposite of `encodeScene` within float32 precision. `bitmap` looks a number up; a sprite whose bitmap has not
 * come is left out. Throws FormatError `bad-scene`.
 */
export function decodeScene({ ops, pixels }: EncodedScene, bitmap: (id: number) => Bitmap | undefined): Frame {
  const cursor = new Cursor(ops);
  const [x = 0, y = 0, width = 0, height = 0, yAxis = 1] = cursor.numbers(5);
  const background = cursor.color();
  const count = cursor.count("primitives", ops.length);
  const primitives: Primitive[] = [];
  for (let i = 0; i < count; i++) {
    const primitive = readPrimitive(cursor, pixels, bitmap);
    if (primitive !== null) primitives.push(primitive);
  }
  if (!cursor.atEnd()) throw bad("numbers are left over");
  return { view: { x, y, width, height }, yAxis: yAxis > 0 ? "up" : "down", background, primitives };
}

function readPrimitive(
  cursor: Cursor,
  pixels: Uint8Array,
  bitmap: (id: number) => Bitmap | undefined,
): Primitive | null {
  const op = cursor.next();
  switch (op) {
    case OP.polygon: {
      const painted = cursor.painted();
      return { kind: "polygon", ...painted, points: cursor.points() };
    }
    case OP.line: {
      const [stroke = 0, width = 0, alpha = 1] = cursor.numbers(3);
      return { kind: "line", stroke, width, alpha, points: cursor.points() };
    }
    case OP.circle: {
      const painted = cursor.painted();
      const [x = 0, y = 0, radius = 0] = cursor.numbers(3);
      return { kind: "circle", ...painted, x, y, radius };
    }
    case OP.sprite: {
      const found = bitmap(cursor.next());
      const [x = 0, y = 0, width = 0, height = 0, angle = 0, alpha = 1] = cursor.numbers(6);
      return found === undefined ? null : { kind: "sprite", bitmap: found, x, y, width, height, angle, alpha };
    }
    case OP.text:
      return readText(cursor);
    case OP.image:
      return readImage(cursor, pixels);
    default:
      throw bad(`unknown primitive ${op}`);
  }
}

function readText(cursor: Cursor): Primitive {
  const fill = cursor.color();
  const [x = 0, y = 0, size = 0] = cursor.numbers(3);
  const align = ALIGNMENTS[cursor.count("as an alignment", 2)] ?? "left";
  const codes = cursor.points();
  return { kind: "text", fill, x, y, size, align, text: String.fromCharCode(...codes) };
}

function readImage(cursor: Cursor, all: Uint8Array): Primitive {
  const [x = 0, y = 0, width = 0, height = 0] = cursor.numbers(4);
  const pixelWidth = cursor.count("pixels wide", 65_536);
  const pixelHeight = cursor.count("pixels high", 65_536);
  const channels = cursor.next();
  if (channels !== 1 && channels !== 3 && channels !== 4) throw bad(`${channels} channels`);
  const offset = cursor.count("as a pixel offset", all.length);
  const size = pixelWidth * pixelHeight * channels;
  if (offset + size > all.length) throw bad("an image reaches past its pixels");
  const pixels = all.subarray(offset, offset + size);
  return { kind: "image", x, y, width, height, pixelWidth, pixelHeight, channels, pixels };
}

function bad(what: string): FormatError {
  return new FormatError("bad-scene", `scene: ${what}`);
}
