import type { Frame, Primitive } from "gymnasium-js";

type Image = Extract<Primitive, { kind: "image" }>;

/** A picture alone, as a frame of a world. */
function frameOf(image: Pick<Image, "pixelWidth" | "pixelHeight" | "channels" | "pixels">): Frame {
  const [width, height] = [image.pixelWidth, image.pixelHeight];
  return {
    view: { x: 0, y: 0, width, height },
    yAxis: "down",
    background: 0x10161c,
    primitives: [{ kind: "image", x: 0, y: 0, width, height, ...image }],
  };
}

/** A PNG file, decoded by the browser. */
export async function frameOfPng(file: Uint8Array<ArrayBuffer>): Promise<Frame> {
  const bitmap = await createImageBitmap(new Blob([file], { type: "image/png" }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  if (context === null) throw new Error("this browser decodes no pictures");
  context.drawImage(bitmap, 0, 0);
  const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  bitmap.close();
  return frameOf({ pixelWidth: width, pixelHeight: height, channels: 4, pixels: new Uint8Array(data.buffer) });
}

/** Raw pixels [H, W] or [H, W, C]. Of a stack of pictures the newest, the last, is shown. */
export function frameOfPixels(pixels: Uint8Array, [height = 1, width = 1, channels = 1]: readonly number[]): Frame {
  if (channels === 1 || channels === 3) return frameOf({ pixelWidth: width, pixelHeight: height, channels, pixels });
  const newest = Uint8Array.from({ length: height * width }, (_, i) => pixels[i * channels + channels - 1] ?? 0);
  return frameOf({ pixelWidth: width, pixelHeight: height, channels: 1, pixels: newest });
}
