import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { EpisodeFile } from "./dataset-source.ts";
import { SECURITY_HEADERS } from "./page-files.ts";

/** Answers with one line of text. */
export function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { ...SECURITY_HEADERS, "content-type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

/** Answers with JSON. */
export function replyJson(response: ServerResponse, data: unknown): void {
  response.writeHead(200, { ...SECURITY_HEADERS, "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(data));
}

/** Answers with bytes that nobody should keep. */
export function replyBytes(response: ServerResponse, bytes: Uint8Array, headers: OutgoingHttpHeaders = {}): void {
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    ...headers,
    "content-type": "application/octet-stream",
    "content-length": bytes.length,
    "cache-control": "no-store",
  });
  response.end(bytes);
}

/** Part of a file that is held in memory at once. */
const MAX_PART_BYTES = 4 * 1024 * 1024;

/** Answers with the part of a file that `range` (of the form `bytes=FIRST-LAST`) asks for; without it, or where it is written otherwise, with all of it. */
export async function replyRange(
  response: ServerResponse,
  range: string | undefined,
  { bytes, read }: EpisodeFile,
): Promise<void> {
  const part = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(range ?? "");
  const [first, last] = part === null ? [0, bytes - 1] : [Number(part[1]), Math.min(Number(part[2]), bytes - 1)];
  const headers = { ...SECURITY_HEADERS, "accept-ranges": "bytes", "cache-control": "no-store" };
  if (first > last) {
    response.writeHead(416, { ...headers, "content-range": `bytes */${bytes}` });
    response.end();
    return;
  }
  response.writeHead(part === null ? 200 : 206, {
    ...headers,
    "content-type": "application/octet-stream",
    "content-length": last - first + 1,
    ...(part !== null && { "content-range": `bytes ${first}-${last}/${bytes}` }),
  });
  for (let at = first; at <= last && !response.destroyed; at += MAX_PART_BYTES) {
    const isTaken = response.write(await read(at, Math.min(MAX_PART_BYTES, last + 1 - at)));
    if (!isTaken) await new Promise<void>((resolve) => response.once("drain", resolve).once("close", resolve));
  }
  response.end();
}
