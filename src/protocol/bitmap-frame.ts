import type { Bitmap } from "gymnasium-js";
import { FormatError } from "../errors.ts";
import { encodeBinaryFrame, FrameKind, type BinaryFrame } from "./binary-frame.ts";

const SECTION = { id: 1, size: 2, name: 3, rgba: 4 } as const;

/** Packs a bitmap, which is sent once per connection, before the first step that shows it. Needs no credit. */
export function encodeBitmap(id: number, bitmap: Bitmap): Uint8Array<ArrayBuffer> {
  return encodeBinaryFrame({ kind: FrameKind.bitmap, seq: 0, dropped: 0, sentAt: 0 }, [
    { id: SECTION.id, data: Int32Array.of(id) },
    { id: SECTION.size, data: Int32Array.of(bitmap.width, bitmap.height) },
    { id: SECTION.name, data: new TextEncoder().encode(bitmap.name) },
    { id: SECTION.rgba, data: bitmap.rgba },
  ]);
}

/** Unpacks a bitmap and its number. Throws FormatError `bad-bitmap`. */
export function decodeBitmap({ sections }: BinaryFrame): { readonly id: number; readonly bitmap: Bitmap } {
  const [id, size, name, rgba] = [SECTION.id, SECTION.size, SECTION.name, SECTION.rgba].map((s) => sections.get(s));
  const [width = 0, height = 0] = size ?? [];
  if (!(name instanceof Uint8Array) || !(rgba instanceof Uint8Array) || id?.[0] === undefined)
    throw new FormatError("bad-bitmap", "bitmap frame: a section is missing");
  if (rgba.length !== width * height * 4)
    throw new FormatError("bad-bitmap", `bitmap frame: ${rgba.length} bytes for ${width} × ${height} pixels`);
  return { id: id[0], bitmap: { name: new TextDecoder().decode(name), width, height, rgba } };
}
