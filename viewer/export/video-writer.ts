import {
  BufferTarget,
  CanvasSource,
  getFirstEncodableVideoCodec,
  Mp4OutputFormat,
  Output,
  WebMOutputFormat,
} from "mediabunny";

const BITS_PER_SECOND = 6_000_000;
const CODECS = { webm: ["vp9", "vp8", "av1"], mp4: ["avc", "vp9", "av1"] } as const;

/** A video of what is on a canvas, picture by picture. */
export interface VideoWriter {
  /** Takes the picture that is on the canvas now. */
  add(): Promise<void>;
  finish(): Promise<Blob>;
  cancel(): Promise<void>;
}

/** Begins a video; the canvas keeps its size. Rejects with words for people where the browser cannot encode it. */
export async function writeVideo(canvas: HTMLCanvasElement, format: "webm" | "mp4", fps: number): Promise<VideoWriter> {
  const { width, height } = canvas;
  const codec = await getFirstEncodableVideoCodec([...CODECS[format]], { width, height });
  if (codec === null) throw new Error(`this browser cannot encode ${format === "webm" ? "WebM" : "MP4"}`);
  const target = new BufferTarget();
  const output = new Output({ format: format === "webm" ? new WebMOutputFormat() : new Mp4OutputFormat(), target });
  const source = new CanvasSource(canvas, { codec, bitrate: BITS_PER_SECOND });
  output.addVideoTrack(source, { frameRate: fps });
  await output.start();
  let count = 0;
  return {
    add: () => source.add(count++ / fps, 1 / fps),
    finish: async () => {
      await output.finalize();
      return new Blob([target.buffer ?? new ArrayBuffer()], { type: `video/${format}` });
    },
    cancel: () => output.cancel(),
  };
}
