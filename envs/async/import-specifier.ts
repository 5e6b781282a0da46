import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** A module as `import` takes it in any thread: paths become file URLs; package names stay. */
export function importSpecifier(name: string | URL): string {
  if (name instanceof URL) return name.href;
  const isPath = !/^\w[\w+.-]+:/.test(name) && (/^[./\\]/.test(name) || /\.[cm]?[jt]s$/.test(name));
  return isPath || /^[a-zA-Z]:[\\/]/.test(name) ? pathToFileURL(resolve(name)).href : name;
}
