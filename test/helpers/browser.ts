import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const NAMES = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser"];
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

function systemBrowser(): string | null {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/Applications/Google Chrome.app/Contents/MacOS"];
  for (const folder of folders)
    for (const name of [...NAMES, "Google Chrome"]) if (isExecutable(join(folder, name))) return join(folder, name);
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function packagedBrowser(): Promise<string> {
  const { default: packaged } = await import("@sparticuz/chromium");
  return packaged.executablePath();
}
