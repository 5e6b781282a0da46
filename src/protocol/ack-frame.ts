import { FrameKind, FRAME_VERSION, HEADER_BYTES, MAGIC } from "./binary-frame.ts";

/** What the page sends back for every step frame it has taken in: the bare header with that frame's `seq`. */
export function encodeAck(seq: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, MAGIC, true);
  view.setUint8(2, FRAME_VERSION);
  view.setUint8(3, FrameKind.ack);
  view.setUint32(4, seq, true);
  view.setUint32(8, HEADER_BYTES, true);
  return bytes;
}
