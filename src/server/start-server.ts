import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { ConfigError } from "../errors.ts";
import { refuseStranger, roleOf, type AccessRules, type Caller } from "./access.ts";
import { answerApi, type Library } from "./api.ts";
import type { DatasetSource } from "./dataset-source.ts";
import type { DemonstrationStore } from "./demonstration-store.ts";
import { Hub, MAX_CLIENTS } from "./hub.ts";
import type { LiveSource } from "./live-source.ts";
import { loadPageFiles, SECURITY_HEADERS, type PageFile } from "./page-files.ts";
import { playPolicies } from "./policy-rollout.ts";
import { reply } from "./reply.ts";
import type { RolloutFactory } from "./rollout.ts";

/** How to serve the viewer. */
export interface ServerOptions {
  /** address to listen on; the loopback address when absent. Any other needs a token. */
  readonly host?: string | undefined;
  /** 0 or absent: any free port */
  readonly port?: number | undefined;
  /** opens everything; made up when absent */
  readonly token?: string | undefined;
  /** a second token that may only watch */
  readonly readToken?: string | undefined;
  /** what to show; may be empty */
  readonly sources: readonly LiveSource[];
  /** recorded episodes to look through */
  readonly datasets?: readonly DatasetSource[] | undefined;
  /** keeps what people play in the page; without, they can only download it */
  readonly demonstrations?: DemonstrationStore | undefined;
  /** how a source is played; only tests give another one */
  readonly makeRollout?: RolloutFactory | undefined;
}

/** A running server. */
export interface ViewerServer {
  /** address of the page, token included */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** Lets every client go and frees the port. */
  close(): Promise<void>;
}

const DEFAULT_HOST = "127.0.0.1";

/**
 * Serves the built page over HTTP and everything that moves over a WebSocket.
 *
 * Throws ConfigError: `token-needed`, `port-in-use`, `cannot-listen`, `viewer-not-built`.
 */
export async function startServer(options: ServerOptions): Promise<ViewerServer> {
  const host = options.host ?? DEFAULT_HOST;
  if (options.token === undefined && !["127.0.0.1", "localhost", "::1"].includes(host))
    throw new ConfigError(
      "token-needed",
      `host ${host}: other machines can reach it, so it needs a token (--token TEXT)`,
    );
  const token = options.token ?? randomBytes(16).toString("base64url");
  const files = loadPageFiles();
  const http = createServer();
  const port = await listen(http, host, options.port ?? 0);
  const rules: AccessRules = { host, port, token, readToken: options.readToken };
  const library: Library = {
    sources: options.sources,
    datasets: [...(options.datasets ?? [])],
    demonstrations: options.demonstrations ?? null,
  };
  const hub = new Hub(options.sources, options.makeRollout ?? playPolicies);
  http.on("request", (request, response) => answer(request, response, rules, files, library));
  http.on("upgrade", (request, socket, head) => admit(request, socket, head, rules, hub));
  const shownHost = host.includes(":") ? `[${host}]` : host === "0.0.0.0" ? "localhost" : host;
  return {
    url: `http://${shownHost}:${port}/#token=${encodeURIComponent(token)}`,
    port,
    token,
    close: async () => {
      hub.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}

async function listen(http: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once("error", (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
    http.listen(port, host, resolve);
  });
  return (http.address() as AddressInfo).port; // a TCP server's address is never a string
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): ConfigError {
  if (error.code === "EADDRINUSE")
    return new ConfigError(
      "port-in-use",
      `port ${port} on ${host} is in use: give another one (--port N), or 0 for any free one`,
    );
  return new ConfigError("cannot-listen", `cannot listen on ${host}, port ${port}: ${error.message}`);
}

function callerOf(request: IncomingMessage): Caller & { readonly path: string; readonly url: URL } {
  const url = new URL(request.url ?? "/", "http://localhost");
  return {
    host: request.headers.host,
    origin: request.headers.origin,
    token: url.searchParams.get("token"),
    url,
    path: url.pathname,
  };
}

function tryCallerOf(request: IncomingMessage): ReturnType<typeof callerOf> | null {
  try {
    return callerOf(request);
  } catch {
    return null; // a request target that is no URL
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  rules: AccessRules,
  files: ReadonlyMap<string, PageFile>,
  library: Library,
): void {
  const caller = tryCallerOf(request);
  if (caller === null) return reply(response, 400, "bad request");
  const refusal = refuseStranger(caller, rules);
  if (refusal !== null) return reply(response, refusal.status, refusal.reason);
  const isPost = request.method === "POST" && caller.path.startsWith("/api/");
  if (request.method !== "GET" && request.method !== "HEAD" && !isPost)
    return reply(response, 405, "only GET is answered here");
  if (caller.path.startsWith("/api/")) {
    const role = roleOf(caller, rules);
    if (typeof role !== "string") return reply(response, role.status, role.reason);
    void answerApi(caller.url, role, library, request, response);
    return;
  }
  const file = files.get(caller.path);
  if (file === undefined) return reply(response, 404, "nothing here");
  const cache = caller.path.startsWith("/assets/") ? "max-age=31536000, immutable" : "no-cache";
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    "content-type": file.type,
    "content-length": file.body.length,
    "cache-control": cache,
  });
  response.end(request.method === "HEAD" ? undefined : file.body);
}

/** Host, Origin and token are checked before the path is even looked at. */
function admit(request: IncomingMessage, socket: Duplex, head: Buffer, rules: AccessRules, hub: Hub): void {
  socket.on("error", () => socket.destroy());
  const caller = tryCallerOf(request);
  if (caller === null) return refuse(socket, 400, "bad request");
  const stranger = refuseStranger(caller, rules);
  if (stranger !== null) return refuse(socket, stranger.status, stranger.reason);
  const role = roleOf(caller, rules);
  if (typeof role !== "string") return refuse(socket, role.status, role.reason);
  if (caller.path !== "/ws") return refuse(socket, 404, "nothing here");
  if (hub.isFull) return refuse(socket, 503, `more than ${MAX_CLIENTS} viewers`);
  hub.accept(request, socket, head, role);
}

function refuse(socket: Duplex, status: number, reason: string): void {
  const names: Record<number, string> = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    503: "Busy",
  };
  socket.end(
    `HTTP/1.1 ${status} ${names[status] ?? "Refused"}\r\nconnection: close\r\ncontent-type: text/plain\r\n` +
      `content-length: ${reason.length + 1}\r\n\r\n${reason}\n`,
  );
}
