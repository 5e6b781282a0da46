import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import { FormatError } from "../errors.ts";
import {
  CloseCode,
  decodeBinaryFrame,
  FrameKind,
  parseClientMessage,
  PROTOCOL_VERSION,
  SUBPROTOCOL,
  type ClientMessage,
} from "../protocol/index.ts";
import type { Role } from "./access.ts";
import { Client } from "./client.ts";
import { pinnedSource } from "./kept-policy.ts";
import { LiveSession } from "./live-session.ts";
import type { LiveSource } from "./live-source.ts";
import type { RolloutFactory } from "./rollout.ts";

/** Pages that may be connected at once. */
export const MAX_CLIENTS = 8;
const MAX_MESSAGE_BYTES = 1024 * 1024;
const HEARTBEAT_MS = 5000;

/** The connected pages and what they watch. */
export class Hub {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  readonly #session = randomBytes(8).toString("hex");
  readonly #sessions: readonly LiveSession[];
  /** sessions of kept policies, by source and step, while somebody watches them */
  readonly #pinned = new Map<string, LiveSession>();
  readonly #makeRollout: RolloutFactory;
  readonly #alive = new WeakSet<WebSocket>();
  readonly #heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);

  constructor(sources: readonly LiveSource[], makeRollout: RolloutFactory) {
    this.#makeRollout = makeRollout;
    this.#sessions = sources.map((source) => new LiveSession(source, makeRollout));
  }

  /** Whether another client would be too many. */
  get isFull(): boolean {
    return this.#server.clients.size >= MAX_CLIENTS;
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer, role: Role): void {
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#welcome(ws, role));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const session of [...this.#sessions, ...this.#pinned.values()]) session.close();
    for (const ws of this.#server.clients) ws.terminate();
    this.#server.close();
  }

  #welcome(ws: WebSocket, role: Role): void {
    const client = new Client(ws, role);
    this.#alive.add(ws);
    ws.on("error", () => ws.terminate()); // too large a message, broken framing: ws has sent the close code already
    ws.on("pong", () => this.#alive.add(ws));
    ws.on("close", () => this.#leave(client));
    ws.on("message", (data, isBinary) => this.#receive(client, data, isBinary));
    if (ws.protocol !== SUBPROTOCOL) return client.close(CloseCode.wrongVersion, `this server speaks ${SUBPROTOCOL}`);
    client.send({
      type: "hello",
      protocol: PROTOCOL_VERSION,
      minProtocol: PROTOCOL_VERSION,
      session: this.#session,
      role,
      sources: this.#sessions.map(({ source }) => ({
        title: source.title,
        envId: source.env.id,
        envArgs: { ...source.env.args },
      })),
    });
  }

  #receive(client: Client, data: RawData, isBinary: boolean): void {
    try {
      const bytes = toBytes(data);
      if (isBinary) this.#receiveFrame(client, bytes);
      else this.#obey(client, parseClientMessage(new TextDecoder().decode(bytes)));
    } catch (error) {
      if (error instanceof FormatError) client.close(CloseCode.badMessage, error.message);
      else client.close(CloseCode.internal, "internal: a message could not be handled"); // training in this process goes on
    }
  }

  /** Kinds that a client has no reason to send are skipped, as those of later versions are. */
  #receiveFrame(client: Client, bytes: Uint8Array): void {
    const { header } = decodeBinaryFrame(bytes);
    if (header.kind === FrameKind.ack) client.acknowledge(header.seq);
  }

  #obey(client: Client, message: ClientMessage): void {
    if (message.type === "watch") return this.#watch(client, message.source, message.checkpoint);
    if (client.role !== "control") return client.close(CloseCode.notAllowed, "this token may only watch");
    const session = [...this.#sessions, ...this.#pinned.values()].find((s) => s.isWatchedBy(client));
    if (session === undefined) return;
    switch (message.type) {
      case "playback":
        return session.setPlayback(message);
      case "restart":
        return session.restart();
      default:
        return message satisfies never;
    }
  }

  #watch(client: Client, index: number | null, checkpoint: number | undefined): void {
    this.#leave(client);
    if (index === null) return;
    const session = this.#sessions[index];
    if (session === undefined)
      throw new FormatError("bad-message", `watch: source ${index} of ${this.#sessions.length} does not exist`);
    (checkpoint === undefined ? session : this.#pin(session, index, checkpoint)).watch(client);
  }

  /** Only what the source lists can be watched, so that clients cannot make the server look for anything else. */
  #pin({ source }: LiveSession, index: number, step: number): LiveSession {
    const entry = source.kept?.().find((kept) => kept.step === step);
    if (entry === undefined)
      throw new FormatError("bad-message", `watch: source ${index} keeps no policy of step ${step}`);
    const key = `${index} ${step}`;
    const session = this.#pinned.get(key) ?? new LiveSession(pinnedSource(source, entry), this.#makeRollout);
    this.#pinned.set(key, session);
    return session;
  }

  #leave(client: Client): void {
    for (const session of this.#sessions) session.leave(client);
    for (const [key, session] of this.#pinned) {
      session.leave(client);
      if (!session.isDeserted) continue;
      session.close();
      this.#pinned.delete(key);
    }
  }

  #beat(): void {
    for (const ws of this.#server.clients) {
      if (!this.#alive.delete(ws)) ws.terminate();
      else ws.ping();
    }
  }
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
