import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { WebSocket } from "ws";
import { afterEach, expect, test, vi } from "vitest";
import { decodeBinaryFrame, decodeStep, encodeAck, FrameKind } from "../../../src/protocol/index.ts";
import { Client } from "../../../src/server/client.ts";
import { LiveSession } from "../../../src/server/live-session.ts";
import { StepHistory } from "../../../viewer/player/step-history.ts";
import { inventedRollout, inventedSource } from "../../helpers/invented-source.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void; // what the flag provides

const MINUTE_MS = 60_000;
const MB = 1024 * 1024;

afterEach(() => void vi.useRealTimers());

/** What is in use: collected until it gets no less, since the memory of arrays is given back by a collection after the one that found them. */
function keptBytes(): number {
  let [before, kept] = [Infinity, usedBytes()];
  while (kept < before) [before, kept] = [kept, usedBytes()];
  return before;
}

function usedBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** A page that takes every frame in at once and keeps what a page keeps. */
function page(history: StepHistory): { client: Client; drawn(): number } {
  let drawn = 0;
  const socket = {
    readyState: 1,
    OPEN: 1,
    bufferedAmount: 0,
    close: () => {
      throw new Error("the server let the page go");
    },
    send: (data: string | Uint8Array) => {
      if (typeof data === "string") return;
      const frame = decodeBinaryFrame(data);
      if (frame.header.kind !== FrameKind.step) return;
      history.push(decodeStep(frame, () => undefined));
      client.acknowledge(decodeBinaryFrame(encodeAck(frame.header.seq)).header.seq);
      drawn++;
    },
  };
  const client = new Client(socket as unknown as WebSocket, "control"); // what a client uses of it
  return { client, drawn: () => drawn };
}

test("live view, eight minutes played in seconds: from the third on server and page keep nothing more, however many frames come", () => {
  vi.useFakeTimers();
  const session = new LiveSession(inventedSource(), inventedRollout(120));
  const history = new StepHistory(6000);
  const { client, drawn } = page(history);
  session.watch(client);
  vi.advanceTimersByTime(3 * MINUTE_MS);
  const early = keptBytes();
  vi.advanceTimersByTime(5 * MINUTE_MS);
  const late = keptBytes();
  session.close();
  expect(drawn()).toBeGreaterThan(15_000);
  expect(history.length).toBe(6000);
  expect((late - early) / MB).toBeLessThan(1);
});
