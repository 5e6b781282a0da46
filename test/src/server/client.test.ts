import type { WebSocket } from "ws";
import { expect, test } from "vitest";
import { decodeBinaryFrame, encodeBinaryFrame, FrameKind } from "../../../src/protocol/index.ts";
import { Client } from "../../../src/server/client.ts";

/** A client whose frames are kept as [sequence number, number in the frame, dropped so far]. */
function listeningClient(): { readonly client: Client; readonly got: [number, number, number][] } {
  const got: [number, number, number][] = [];
  const socket = {
    OPEN: 1,
    readyState: 1,
    bufferedAmount: 0,
    send: (data: Uint8Array) => {
      const { header, sections } = decodeBinaryFrame(data);
      got.push([header.seq, sections.get(1)?.[0] ?? NaN, header.dropped]);
    },
  };
  return { client: new Client(socket as unknown as WebSocket, "control"), got }; // what a client uses of it
}

const state = (n: number): Uint8Array =>
  encodeBinaryFrame({ kind: FrameKind.step, seq: 0, dropped: 0, sentAt: 0 }, [{ id: 1, data: Uint8Array.of(n) }]);

test("without credit the latest state waits, those before it are dropped and counted; the next credit sends it", () => {
  const { client, got } = listeningClient();
  for (let n = 1; n <= 6; n++) client.sendState(state(n));
  expect(got.map(([seq, n]) => [seq, n])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ]);
  client.acknowledge(1);
  expect(got.at(-1)).toEqual([4, 6, 2]);
  client.acknowledge(2);
  expect(got).toHaveLength(4);
});

test("what waits is not sent to a client that has turned to something else", () => {
  const { client, got } = listeningClient();
  for (let n = 1; n <= 4; n++) client.sendState(state(n));
  client.forgetState();
  client.acknowledge(3);
  expect(got).toHaveLength(3);
});
