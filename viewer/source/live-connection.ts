import type { Bitmap } from "gymnasium-js";
import {
  decodeBinaryFrame,
  decodeBitmap,
  decodeStep,
  encodeAck,
  FrameKind,
  parseServerMessage,
  PROTOCOL_VERSION,
  SUBPROTOCOL,
  type ClientMessage,
  type FrameHeader,
  type ServerMessage,
  type StepRecord,
} from "../../src/protocol/index.ts";
import { backoffMs } from "./backoff.ts";
import { messageOf } from "../../src/errors.ts";

/** How the connection stands. `refused`: the server answers, but not to us (a wrong token); no use in trying again soon. */
export type ConnectionState = "connecting" | "live" | "retrying" | "refused";

/** What the owner of a connection is told. */
export interface ConnectionEvents {
  state(state: ConnectionState): void;
  message(message: ServerMessage): void;
  /** A step has come; `taken` must be called once it has been drawn (or thrown away), which lets the server send another. */
  step(record: StepRecord, header: FrameHeader, taken: () => void): void;
  /** Something came that this page cannot read. */
  problem(text: string): void;
}

const HEALTHY_MS = 2000;

/** A WebSocket to the server that comes back by itself. */
export class LiveConnection {
  readonly #token: string;
  readonly #events: ConnectionEvents;
  readonly #bitmaps = new Map<number, Bitmap>();
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #attempt = 0;
  #isClosed = false;

  constructor(token: string, events: ConnectionEvents) {
    this.#token = token;
    this.#events = events;
    this.#open();
  }

  send(message: ClientMessage): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** Tries at once instead of waiting. */
  retryNow(): void {
    clearTimeout(this.#timer);
    if (this.#socket === null && !this.#isClosed) this.#open();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #open(): void {
    const socket = new WebSocket(`ws://${location.host}/ws?token=${encodeURIComponent(this.#token)}`, SUBPROTOCOL);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#bitmaps.clear();
    let healthy: ReturnType<typeof setTimeout> | undefined;
    socket.onopen = () => {
      healthy = setTimeout(() => (this.#attempt = 0), HEALTHY_MS);
      this.#events.state("live");
    };
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onclose = () => {
      clearTimeout(healthy);
      this.#socket = null;
      if (!this.#isClosed) this.#retry();
    };
  }

  #retry(): void {
    this.#events.state("retrying");
    void this.#isRefused().then((isRefused) => isRefused && this.#events.state("refused"));
    this.#timer = setTimeout(() => this.#open(), backoffMs(this.#attempt++, Math.random()));
  }

  /** A browser does not say why a WebSocket failed, but plain HTTP does. */
  async #isRefused(): Promise<boolean> {
    try {
      const { status } = await fetch(`/api/session?token=${encodeURIComponent(this.#token)}`);
      return status === 401 || status === 403;
    } catch {
      return false; // nobody there
    }
  }

  #receive(socket: WebSocket, data: unknown): void {
    try {
      if (typeof data === "string") return this.#receiveText(data);
      if (data instanceof ArrayBuffer) this.#receiveFrame(socket, new Uint8Array(data));
    } catch (error) {
      this.#events.problem(messageOf(error));
    }
  }

  #receiveText(text: string): void {
    const message = parseServerMessage(text);
    if (message === null) return;
    if (message.type === "hello" && message.minProtocol > PROTOCOL_VERSION) {
      this.#isClosed = true;
      this.#socket?.close();
      return this.#events.problem("the server is newer than this page: reload it");
    }
    this.#events.message(message);
  }

  #receiveFrame(socket: WebSocket, bytes: Uint8Array): void {
    const frame = decodeBinaryFrame(bytes);
    if (frame.header.kind === FrameKind.bitmap) {
      const { id, bitmap } = decodeBitmap(frame);
      this.#bitmaps.set(id, bitmap);
    } else if (frame.header.kind === FrameKind.step) {
      const record = decodeStep(frame, (id) => this.#bitmaps.get(id));
      this.#events.step(record, frame.header, () => {
        if (socket.readyState === WebSocket.OPEN) socket.send(encodeAck(frame.header.seq));
      });
    }
  }
}
