import { existsSync } from "node:fs";

/** Folder of this package, from its sources and from what was built of them alike. */
export const packageRoot: URL = folderOf("package.json", new URL(".", import.meta.url));

function folderOf(name: string, from: URL): URL {
  const up = new URL("..", from);
  return existsSync(new URL(name, from)) || up.href === from.href ? from : folderOf(name, up);
}
