import type { WebSocket } from "ws";
import { CloseCode, CreditWindow, stampFrame, type ServerMessage } from "../protocol/index.ts";
import type { Role } from "./access.ts";

/** Unsent bytes after which a client counts as stuck and is let go. */
const MAX_BUFFERED_BYTES = 16 * 1024 * 1024;

/** The protocol allows 123 bytes; a character cut in two becomes one of up to 3 bytes. */
const MAX_REASON_BYTES = 120;

/** One connected page. State frames are subject to credit and may be dropped; messages and bitmaps are not. */
export class Client {
  readonly role: Role;
  /** bitmaps this client has */
  readonly bitmaps = new Set<number>();
  /** metric records this client has */
  metricsSent = 0;
  readonly #socket: WebSocket;
  readonly #credits = new CreditWindow();
  /** the latest state, while there is no credit for it */
  #waiting: Uint8Array | null = null;
  #dropped = 0;

  constructor(socket: WebSocket, role: Role) {
    this.#socket = socket;
    this.role = role;
  }
  send(message: ServerMessage): void {
    this.#sendOrClose(JSON.stringify(message));
  }
  sendBytes(bytes: Uint8Array): void {
    this.#sendOrClose(bytes);
  }
  /**
   * Sends the latest state: now if the client has credit, else as soon as it has, unless a later one has come by then. `encoded` is shared
   * between clients and stamped on a copy.
   */
  sendState(encoded: Uint8Array): void {
    const seq = this.#credits.take();
    if (this.#waiting !== null && this.#waiting !== encoded) this.#dropped++;
    this.#waiting = seq === null ? encoded : null;
    if (seq === null) return;
    const bytes = encoded.slice();
    stampFrame(bytes, { seq, dropped: this.#dropped, sentAt: Date.now() });
    this.#sendOrClose(bytes);
  }
  /** Takes an acknowledgement, which may give credit for what waits. */
  acknowledge(seq: number): void {
    this.#credits.acknowledge(seq);
    if (this.#waiting !== null) this.sendState(this.#waiting);
  }
  /** What waits is not sent any more: the client watches something else. */
  forgetState(): void {
    this.#waiting = null;
  }
  close(code: number, reason: string): void {
    const short = new TextEncoder().encode(reason).subarray(0, MAX_REASON_BYTES);
    this.#socket.close(code, new TextDecoder().decode(short));
  }
  #sendOrClose(data: string | Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES)
      return this.close(CloseCode.overloaded, "too slow: reconnect");
    this.#socket.send(data);
  }
}
