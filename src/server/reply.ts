import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
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
