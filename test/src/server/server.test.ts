import { get, type IncomingMessage, type RequestOptions } from "node:http";
import { WebSocket } from "ws";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sha256 } from "../../../src/checkpoint/manifest.ts";
import { decodeBinaryFrame, encodeAck, parseServerMessage, SUBPROTOCOL } from "../../../src/protocol/index.ts";
import { startServer, type ViewerServer } from "../../../src/server/index.ts";
import { keptSource } from "../../helpers/kept-source.ts";
import { inventedRollout, inventedSource } from "../../helpers/invented-source.ts";

const TOKEN = "control-token";
const READ_TOKEN = "read-token";
let server: ViewerServer;

beforeAll(async () => {
  server = await startServer({
    token: TOKEN,
    readToken: READ_TOKEN,
    sources: [inventedSource()],
    makeRollout: inventedRollout(),
  });
});
afterAll(() => server.close());

function ask(path: string, options: RequestOptions = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get({ port: server.port, host: "127.0.0.1", path, ...options }, (response) => resolve(response.resume())).on(
      "error",
      reject,
    );
  });
}

interface Attempt {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly path?: string;
}

function connect({ token = TOKEN, headers = {}, path = "/ws" }: Attempt = {}): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${server.port}${path}?token=${token}`, SUBPROTOCOL, { headers });
}

/** The HTTP status an upgrade is refused with, or 101. */
function upgradeStatus(attempt: Attempt): Promise<number> {
  const socket = connect(attempt);
  return new Promise((resolve) => {
    socket.on("unexpected-response", (_, response) => resolve(response.statusCode ?? 0));
    socket.on("open", () => {
      resolve(101);
      socket.terminate();
    });
    socket.on("error", () => {});
  });
}

/** The close code that answers `data`. */
function closeCodeAfter(data: string | Uint8Array, token = TOKEN): Promise<number> {
  const socket = connect({ token });
  return new Promise((resolve) => {
    socket.on("open", () => {
      socket.send('{"type":"watch","source":0}');
      socket.send(data);
    });
    socket.on("close", resolve);
    socket.on("error", () => {});
  });
}

test("the page comes with a policy that forbids foreign code and frames", async () => {
  const { statusCode, headers } = await ask("/");
  expect(statusCode).toBe(200);
  expect(headers["content-security-policy"]).toContain("default-src 'self'");
  expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(headers["x-content-type-options"]).toBe("nosniff");
});

test("paths outside the built page are 404, however they are written", async () => {
  for (const path of [
    "/../package.json",
    "/%2e%2e/package.json",
    "/assets/../../../package.json",
    "//etc/passwd",
    "/assets/",
  ])
    expect((await ask(path)).statusCode, path).toBe(404);
});

test("a foreign Host is 403 for pages and sockets, before the token is looked at", async () => {
  expect((await ask("/", { headers: { host: "evil.example" } })).statusCode).toBe(403);
  expect((await ask("/", { headers: { host: `localhost:${server.port}` } })).statusCode).toBe(200);
  expect((await ask("/", { headers: { host: `localhost:${server.port + 1}` } })).statusCode).toBe(403);
  expect(await upgradeStatus({ headers: { host: "evil.example" }, token: "wrong" })).toBe(403);
});

test("a foreign Origin is 403, this page's own and none at all are let in", async () => {
  expect(await upgradeStatus({ headers: { origin: "http://evil.example" }, token: "wrong" })).toBe(403);
  expect(await upgradeStatus({ headers: { origin: "null" } })).toBe(403);
  expect(await upgradeStatus({ headers: { origin: `http://127.0.0.1:${server.port}` } })).toBe(101);
  expect(await upgradeStatus({})).toBe(101);
});

test("a wrong token is 401, even for a path that does not exist", async () => {
  expect(await upgradeStatus({ token: "wrong" })).toBe(401);
  expect(await upgradeStatus({ token: "wrong", path: "/elsewhere" })).toBe(401);
  expect(await upgradeStatus({ path: "/elsewhere" })).toBe(404);
  expect((await ask("/api/session?token=wrong")).statusCode).toBe(401);
  expect((await ask(`/api/session?token=${TOKEN}`)).statusCode).toBe(200);
});

test("malformed messages and frames end the connection with code 4400, huge ones with 1009", async () => {
  expect(await closeCodeAfter("{")).toBe(4400);
  expect(await closeCodeAfter('{"type":"watch","source":17}')).toBe(4400);
  expect(await closeCodeAfter(Uint8Array.of(1, 2, 3))).toBe(4400);
  expect(await closeCodeAfter("x".repeat(2_000_000))).toBe(1009);
});

test("the read token may watch but not pause", async () => {
  expect(await upgradeStatus({ token: READ_TOKEN })).toBe(101);
  expect(await closeCodeAfter('{"type":"playback","paused":true}', READ_TOKEN)).toBe(4403);
});

test("a client of another protocol is told so", async () => {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws?token=${TOKEN}`);
  expect(await new Promise((resolve) => socket.on("close", resolve))).toBe(4001);
});

test("a client that acknowledges nothing gets three frames; with acknowledgements they go on", async () => {
  const socket = connect();
  const seqs: number[] = [];
  let acknowledge = false;
  const types: string[] = [];
  socket.on("message", (data: Buffer, isBinary) => {
    if (!isBinary) return void types.push(parseServerMessage(data.toString())?.type ?? "unknown");
    const { seq } = decodeBinaryFrame(data).header;
    seqs.push(seq);
    if (acknowledge) socket.send(encodeAck(seq));
  });
  await new Promise((resolve) => socket.on("open", resolve));
  socket.send('{"type":"watch","source":0}');
  await expect.poll(() => seqs.length).toBe(3);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(seqs).toEqual([1, 2, 3]);
  acknowledge = true;
  socket.send(encodeAck(3));
  await expect.poll(() => seqs.length).toBeGreaterThan(8);
  expect(types.slice(0, 6)).toEqual(["hello", "status", "playback", "circuit", "checkpoints", "metrics"]);
  socket.terminate();
});

test("a policy can be watched, and fetched, that the source lists; another is refused", async () => {
  const own = await startServer({ token: TOKEN, sources: [keptSource()], makeRollout: inventedRollout() });
  try {
    const socket = new WebSocket(`ws://127.0.0.1:${own.port}/ws?token=${TOKEN}`, SUBPROTOCOL);
    const messages: ReturnType<typeof parseServerMessage>[] = [];
    let frames = 0;
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) frames++;
      else messages.push(parseServerMessage(data.toString()));
    });
    const closed = new Promise((resolve) => socket.on("close", resolve));
    await new Promise((resolve) => socket.on("open", resolve));
    socket.send('{"type":"watch","source":0,"checkpoint":100}');
    await expect.poll(() => frames).toBe(3);
    expect(messages.find((m) => m?.type === "checkpoints")).toEqual({
      type: "checkpoints",
      checkpoints: [
        { step: 100, isBest: false },
        { step: 200, isBest: true },
      ],
    });
    socket.send('{"type":"watch","source":0,"checkpoint":200}');
    await expect
      .poll(() => messages.some((m) => m?.type === "notice" && m.text.includes("step 200 is damaged")))
      .toBe(true);
    socket.send('{"type":"watch","source":0,"checkpoint":300}');
    expect(await closed).toBe(4400);
    const kept = (step: number): Promise<Response> =>
      fetch(`http://127.0.0.1:${own.port}/api/kept-policy?source=0&checkpoint=${step}&token=${TOKEN}`);
    expect(new Uint8Array(await (await kept(100)).arrayBuffer())).toEqual(await keptSource().keptPolicy?.(100));
    expect([(await kept(200)).status, (await kept(300)).status]).toEqual([422, 404]);
    const bytes = (await keptSource().keptPolicy?.(100)) ?? new Uint8Array();
    const named = (query: string): Promise<Response> =>
      fetch(`http://127.0.0.1:${own.port}/api/policy?sha256=${sha256(bytes)}${query}&token=${TOKEN}`);
    expect(new Uint8Array(await (await named("&step=100")).arrayBuffer())).toEqual(bytes);
    expect([(await named("")).status, (await named("&step=200")).status]).toEqual([404, 404]);
  } finally {
    await own.close();
  }
});

test("the ninth viewer is turned away with 503", async () => {
  const sockets = Array.from({ length: 8 }, () => connect());
  await Promise.all(sockets.map((s) => new Promise((resolve) => s.on("open", resolve))));
  expect(await upgradeStatus({})).toBe(503);
  for (const socket of sockets) socket.terminate();
});

test("a port in use is named, with what to do", async () => {
  await expect(startServer({ port: server.port, sources: [] })).rejects.toMatchObject({
    code: "port-in-use",
    message: expect.stringContaining(`port ${server.port}`),
  });
});

test("an address that others can reach needs a token", async () => {
  await expect(startServer({ host: "0.0.0.0", sources: [] })).rejects.toMatchObject({ code: "token-needed" });
});

test("a world that fails is reported once and the server goes on", async () => {
  const own = await startServer({
    token: TOKEN,
    sources: [inventedSource()],
    makeRollout: () => {
      throw new Error("no such world");
    },
  });
  const socket = new WebSocket(`ws://127.0.0.1:${own.port}/ws?token=${TOKEN}`, SUBPROTOCOL);
  const notices: string[] = [];
  socket.on("open", () => socket.send('{"type":"watch","source":0}'));
  socket.on("message", (data: Buffer, isBinary) => {
    const message = isBinary ? null : parseServerMessage(data.toString());
    if (message?.type === "notice") notices.push(message.text);
  });
  await expect.poll(() => notices.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(notices).toEqual(["cannot show invented run: no such world"]);
  await own.close();
});
