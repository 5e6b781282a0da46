import { chromium, type Browser } from "playwright-core";
import { systemBrowser } from "../../src/cli/exporting/system-browser.ts";

/** No GPU is needed: WebGL is drawn by the CPU, as in every continuous-integration machine. */
const FLAGS = ["--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader", "--hide-scrollbars", "--no-first-run"];

/** A headless Chrome or Chromium: the system's when there is one, else the one from npm. Close it in `finally` or `afterAll`. */
export async function launchBrowser(moreFlags: readonly string[] = []): Promise<Browser> {
  const args = [...FLAGS, ...moreFlags];
  return chromium.launch({ executablePath: await browserPath(), headless: true, args });
}

/** Program that `launchBrowser` starts. */
export async function browserPath(): Promise<string> {
  return systemBrowser() ?? (await packagedBrowser());
}

async function packagedBrowser(): Promise<string> {
  const { default: packaged } = await import("@sparticuz/chromium");
  return packaged.executablePath();
}
