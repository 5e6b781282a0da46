import { paintPage } from "./page-picture.ts";
import { saveFile } from "./save-file.ts";

/** What the page shows as a PNG. */
export async function pagePng(root: HTMLElement): Promise<Blob> {
  const canvas = document.createElement("canvas");
  paintPage(root, canvas, Math.max(2, devicePixelRatio));
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error("the picture is too large")) : resolve(blob)),
      "image/png",
    ),
  );
}

/** Saves what the page shows as a PNG. */
export async function savePicture(root: HTMLElement, name: string): Promise<void> {
  saveFile(await pagePng(root), `${name}.png`);
}
