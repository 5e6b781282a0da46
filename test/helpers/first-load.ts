import { gzipSync } from "node:zlib";
import { loadPageFiles } from "../../src/server/page-files.ts";

/** Bytes, gzipped, of what the built page loads before it shows anything: the page, its scripts and styles, and what those import at once. */
export function firstLoadBytes(): number {
  const files = loadPageFiles();
  const text = (path: string): string => files.get(path)?.body.toString("utf8") ?? "";
  const wanted = new Set<string>();
  const add = (path: string): void => {
    if (wanted.has(path)) return;
    if (!files.has(path)) throw new Error(`${path} is not in the built page`);
    wanted.add(path);
    for (const [name] of text(path).matchAll(/\bstart-[\w-]+\.(?:js|css)\b/g)) add(`/assets/${name}`); // fetched at once, but second
    for (const [, name] of text(path).matchAll(/\b(?:import|from)\s*"\.\/([\w.-]+\.js)"/g)) add(`/assets/${name}`);
  };
  for (const [, name] of text("/index.html").matchAll(/(?:src|href)="\.\/(assets\/[\w.-]+\.(?:js|css))"/g))
    add(`/${name}`);
  if (wanted.size === 0) throw new Error("the built page loads no script");
  return [...wanted, "/index.html"].reduce((sum, path) => sum + gzipSync(text(path), { level: 9 }).length, 0);
}
