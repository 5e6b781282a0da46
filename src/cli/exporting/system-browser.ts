import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "microsoft-edge", "chrome"];
const MAC = ["Google Chrome", "Chromium", "Microsoft Edge"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/** The first Chrome, Chromium or Edge on the PATH or among the applications; null where there is none. */
export function systemBrowser(): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const places = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...MAC];
  return places.find(isExecutable) ?? null;
}

/** Whether a file is a program that may be run. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
