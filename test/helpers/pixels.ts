import type { Locator, Page } from "playwright-core";

/** What is on the screen in the place of an element, as 0xRRGGBB per pixel. */
export type Pixels = readonly number[];

/** Takes a screenshot of an element and decodes it in a page of its own (the page under test forbids much). */
export async function readPixels(page: Page, element: Locator): Promise<Pixels> {
  const png = (await element.screenshot({ animations: "disabled" })).toString("base64");
  const reader = await page.context().browser()?.newPage();
  if (reader === undefined) throw new Error("the page has no browser");
  try {
    return await reader.evaluate(async (data) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
      if (context === null) throw new Error("no 2d canvas");
      context.drawImage(image, 0, 0);
      const { data: rgba } = context.getImageData(0, 0, image.width, image.height);
      const out: number[] = [];
      for (let i = 0; i < rgba.length; i += 4)
        out.push(((rgba[i] ?? 0) << 16) | ((rgba[i + 1] ?? 0) << 8) | (rgba[i + 2] ?? 0));
      return out;
    }, png);
  } finally {
    await reader.close();
  }
}

/** Number of different colours. */
export function countColors(pixels: Pixels): number {
  return new Set(pixels).size;
}

/** Number of pixels that differ; all of them when the sizes differ. */
export function differingPixels(a: Pixels, b: Pixels): number {
  if (a.length !== b.length) return Math.max(a.length, b.length);
  return a.reduce((count, value, i) => count + (value === b[i] ? 0 : 1), 0);
}
