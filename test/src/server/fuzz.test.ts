import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { CloseCode, encodeAck, SUBPROTOCOL } from "../../../src/protocol/index.ts";
import { startServer, type ViewerServer } from "../../../src/server/index.ts";
import { inventedRollout, inventedSource } from "../../helpers/invented-source.ts";

const NUM_MESSAGES = 10_000;
/** Sent on one connection before the next is opened, whether or not the server has closed the one before. */
const PER_CONNECTION = 50;
let server: ViewerServer;

beforeAll(async () => {
  server = await startServer({ token: "t", sources: [inventedSource()], makeRollout: inventedRollout() });
});
afterAll(() => server.close());

const damagedAck = fc
  .tuple(fc.nat(0xffffffff), fc.array(fc.tuple(fc.nat(23), fc.nat(255)), { maxLength: 4 }), fc.nat(24))
  .map(([seq, changes, cut]) => {
    const bytes = encodeAck(seq);
    for (const [i, value] of changes) bytes[i] = value;
    return cut % 3 === 0 ? bytes.slice(0, cut) : bytes;
  });
const nearMessage = fc
  .record(
    {
      type: fc.constantFrom("watch", "playback", "restart", "hello", "", "__proto__"),
      source: fc.oneof(fc.integer(), fc.constant(null), fc.string(), fc.constant(0)),
      speed: fc.oneof(fc.double(), fc.string()),
      paused: fc.anything(),
    },
    { requiredKeys: ["type"] },
  )
  .map((message) =>
    JSON.stringify(message, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value)),
  );
const payload: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  damagedAck,
  nearMessage,
  fc.json(),
  fc.string(),
  fc.uint8Array({ maxLength: 200 }),
);

/** Sends everything and waits for the end of the connection, which the server or, after all, we bring about. */
function send(messages: readonly (string | Uint8Array)[]): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws?token=t`, SUBPROTOCOL);
  return new Promise((resolve, reject) => {
    socket.on("open", () => {
      for (const message of messages) socket.send(message);
      socket.ping();
    });
    socket.on("pong", () => socket.close(1000));
    socket.on("close", resolve);
    socket.on("error", reject);
  });
}

test(`${NUM_MESSAGES} malformed frames and messages: connections end with 1000 or a code of ours, the server goes on and keeps no memory of them`, async () => {
  const messages = fc.sample(payload, { numRuns: NUM_MESSAGES, seed: 7 });
  const codes = new Map<number, number>();
  const heap: number[] = [];
  for (let i = 0; i < messages.length; i += PER_CONNECTION) {
    const code = await send(messages.slice(i, i + PER_CONNECTION));
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (i % 2500 === 0) heap.push(process.memoryUsage().heapUsed);
  }
  const known: number[] = [1000, CloseCode.badMessage];
  expect([...codes.keys()].filter((code) => !known.includes(code))).toEqual([]);
  expect(codes.get(CloseCode.badMessage) ?? 0).toBeGreaterThan(50);
  expect((heap.at(-1) ?? 0) - (heap[1] ?? 0)).toBeLessThan(64 * 1024 * 1024);
  const status = await new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/ws?token=t`, SUBPROTOCOL);
    socket.on("message", (data: Buffer) => resolve(String(data)));
    socket.on("open", () => setTimeout(() => socket.terminate(), 500));
  });
  expect(String(status)).toContain('"hello"');
});
