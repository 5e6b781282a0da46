import type { IncomingMessage } from "node:http";
import { FormatError } from "../errors.ts";

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The text of a request. Throws FormatError `body-too-large` as soon as it is. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    const buffer = part as Buffer; // no encoding was set
    bytes += buffer.length;
    if (bytes > MAX_BODY_BYTES)
      throw new FormatError("body-too-large", `more than ${MAX_BODY_BYTES / 1024 / 1024} MiB are not taken`);
    parts.push(buffer);
  }
  return Buffer.concat(parts).toString("utf8");
}
