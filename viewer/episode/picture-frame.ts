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

/** Pixels of a PNG file, [height, width, 4], decoded by the browser. */
async function rgbaOfPng(file: Uint8Array<ArrayBuffer>): Promise<ImageData> {
  const bitmap = await createImageBitmap(new Blob([file], { type: "image/png" }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("this browser decodes no pictures");
  context.drawImage(bitmap, 0, 0);
  const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height);
  bitmap.close();
  return pixels;
}

/** A PNG file as a frame. */
export async function frameOfPng(file: Uint8Array<ArrayBuffer>): Promise<Frame> {
  const { data, width, height } = await rgbaOfPng(file);
  return frameOf({ pixelWidth: width, pixelHeight: height, channels: 4, pixels: new Uint8Array(data.buffer) });
}

/** A PNG file as an observation: [height, width, 3], or [height, width] where it is grey (byte 25 of the file says so). */
export async function rgbOfPng(file: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const { data } = await rgbaOfPng(file);
  const channels = file[25] === 0 ? 1 : 3;
  return Uint8Array.from(
    { length: (data.length / 4) * channels },
    (_, i) => data[Math.floor(i / channels) * 4 + (i % channels)] ?? 0,
  );
}

/** Raw pixels [H, W] or [H, W, C]. Of a stack of pictures the newest, the last, is shown. */
export function frameOfPixels(pixels: Uint8Array, [height = 1, width = 1, channels = 1]: readonly number[]): Frame {
  if (channels === 1 || channels === 3) return frameOf({ pixelWidth: width, pixelHeight: height, channels, pixels });
  const newest = Uint8Array.from({ length: height * width }, (_, i) => pixels[i * channels + channels - 1] ?? 0);
  return frameOf({ pixelWidth: width, pixelHeight: height, channels: 1, pixels: newest });
}
