import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../errors.ts";
import { packageRoot } from "../package-root.ts";

/** A file of the built page, ready to send. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** Sent with every answer. Workers and blobs are for exports; WebAssembly for running policies in the page. */
export const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
    "worker-src 'self' blob:; connect-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
} as const;

/** Folder of the built page. */
const builtPage = (): string => fileURLToPath(new URL("dist/viewer/", packageRoot));

/**
 * Reads the whole built page into memory, keyed by URL path. Requests are answered from this map only, so that no path of a client ever
 * reaches the file system. Throws ConfigError `viewer-not-built`.
 */
export function loadPageFiles(folder = builtPage()): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  for (const name of listFiles(folder)) {
    const body = readFileSync(`${folder}/${name}`);
    files.set(`/${name.replaceAll("\\", "/")}`, { type: TYPES[extname(name)] ?? "application/octet-stream", body });
  }
  const index = files.get("/index.html");
  if (index === undefined) throw notBuilt(folder);
  return files.set("/", index);
}

function listFiles(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((e) => e.isFile())
      .map((e) => `${e.parentPath}/${e.name}`.slice(folder.length).replace(/^[\\/]+/, ""));
  } catch {
    throw notBuilt(folder);
  }
}

function notBuilt(folder: string): ConfigError {
  return new ConfigError("viewer-not-built", `no built viewer page in ${folder}: run "npm run build" first`);
}
