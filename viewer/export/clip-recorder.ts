import { paintPage } from "./page-picture.ts";
import { saveFile } from "./save-file.ts";

const FRAMES_PER_SECOND = 30;
const FORMATS = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];

/** Saves what the page shows as a PNG. */
export function savePicture(root: HTMLElement, name: string): void {
  const canvas = document.createElement("canvas");
  paintPage(root, canvas, Math.max(2, devicePixelRatio));
  canvas.toBlob((blob) => blob !== null && saveFile(blob, `${name}.png`), "image/png");
}

/** A film of the page being made. */
export interface Clip {
  /** Ends the film and offers it as a file. */
  finish(): void;
}

/** Whether this browser can make films. */
export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined" && FORMATS.some((type) => MediaRecorder.isTypeSupported(type));
}

/** Films the part of the page under `root` until `finish`. */
export function recordClip(root: HTMLElement, name: string): Clip {
  const canvas = document.createElement("canvas");
  paintPage(root, canvas, 1);
  const mimeType = FORMATS.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";
  const recorder = new MediaRecorder(canvas.captureStream(FRAMES_PER_SECOND), {
    mimeType,
    videoBitsPerSecond: 6_000_000,
  });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => void parts.push(data);
  recorder.onstop = () =>
    saveFile(new Blob(parts, { type: mimeType }), `${name}.${mimeType.includes("mp4") ? "mp4" : "webm"}`);
  const timer = setInterval(() => paintPage(root, canvas, 1), 1000 / FRAMES_PER_SECOND);
  recorder.start(250);
  return {
    finish: () => {
      clearInterval(timer);
      recorder.stop();
    },
  };
}
