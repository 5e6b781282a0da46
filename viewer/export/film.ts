import { paintPage } from "./page-picture.ts";

/** Kinds of films. */
export type FilmFormat = "webm" | "mp4" | "gif";

/** A film to be made. Every picture is drawn and then encoded, so that a slow machine makes the same film, only later. */
export interface FilmOptions {
  readonly format: FilmFormat;
  /** part of the page that is filmed */
  readonly root: HTMLElement;
  readonly numPictures: number;
  readonly fps: number;
  /** Brings picture i onto the page; resolves when everything is drawn. */
  show(i: number): Promise<void>;
  /** told after every picture */
  progress?(done: number): void;
  readonly signal?: AbortSignal;
}

const GIF_WIDTH = 640;
/** Pictures of an animated GIF wait in memory together. */
const MAX_GIF_PICTURES = 240;

/** Whether this browser encodes videos: only for pages from this machine or over https. */
export const canEncodeVideo = (): boolean => typeof VideoEncoder !== "undefined";

/** Makes a film. Rejects with an AbortError when it was cancelled, and with words for people where it cannot be made. */
export function makeFilm(options: FilmOptions): Promise<Blob> {
  return options.format === "gif" ? makeGif(options) : makeVideo(options, options.format);
}

async function makeVideo(options: FilmOptions, format: "webm" | "mp4"): Promise<Blob> {
  if (!canEncodeVideo()) throw new Error("this browser encodes videos only for pages from this machine or over https");
  const { writeVideo } = await import("./video-writer.ts");
  const canvas = document.createElement("canvas");
  paintPage(options.root, canvas, 1, "even");
  const writer = await writeVideo(canvas, format, options.fps);
  try {
    for (let i = 0; i < options.numPictures; i++) {
      await takePicture(options, canvas, 1, i);
      await writer.add();
    }
    return await writer.finish();
  } catch (error) {
    await writer.cancel();
    throw error;
  }
}

async function makeGif(options: FilmOptions): Promise<Blob> {
  const { encodeGif } = await import("../lab/index.ts");
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, GIF_WIDTH / options.root.getBoundingClientRect().width);
  const every = Math.ceil(options.numPictures / MAX_GIF_PICTURES);
  const pictures: Uint8Array[] = [];
  for (let i = 0; i < options.numPictures; i += every) {
    await takePicture(options, canvas, scale, i);
    pictures.push(rgbOf(canvas));
  }
  const { width, height } = canvas;
  const gif = encodeGif(pictures, { width, height, fps: options.fps / every });
  return new Blob([new Uint8Array(gif)], { type: "image/gif" });
}

async function takePicture(options: FilmOptions, canvas: HTMLCanvasElement, scale: number, i: number): Promise<void> {
  options.signal?.throwIfAborted();
  await options.show(i);
  paintPage(options.root, canvas, scale, "even");
  options.progress?.(i + 1);
}

function rgbOf(canvas: HTMLCanvasElement): Uint8Array {
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("this browser draws no pictures");
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  return Uint8Array.from({ length: (data.length / 4) * 3 }, (_, i) => data[Math.floor(i / 3) * 4 + (i % 3)] ?? 0);
}
