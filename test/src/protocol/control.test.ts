import fc from "fast-check";
import { expect, test } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { CreditWindow, MAX_IN_FLIGHT, parseClientMessage, parseServerMessage } from "../../../src/protocol/index.ts";

test("messages of the page are read; unknown fields are dropped", () => {
  expect(parseClientMessage('{"type":"watch","source":2,"later":true}')).toEqual({ type: "watch", source: 2 });
  expect(parseClientMessage('{"type":"playback","paused":true}')).toEqual({ type: "playback", paused: true });
});

test("a bad message says which field is wrong", () => {
  expect(() => parseClientMessage("{")).toThrow(/not JSON/);
  expect(() => parseClientMessage('{"type":"watch","source":-1}')).toThrow(/message from the page: source:/);
  expect(() => parseClientMessage('{"type":"playback","speed":1000}')).toThrow(/speed:/);
  expect(() => parseClientMessage('{"type":"dance"}')).toThrow(FormatError);
});

test("any text is read or refused with a FormatError", () => {
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((j) => `{"type":"playback","speed":${j}}`),
  );
  fc.assert(
    fc.property(anything, (text) => {
      try {
        parseClientMessage(text);
      } catch (error) {
        expect(error).toBeInstanceOf(FormatError);
      }
    }),
    { numRuns: 2000, seed: 1 },
  );
});

test("messages of later servers are skipped, damaged ones of today are refused", () => {
  expect(parseServerMessage('{"type":"applause","volume":11}')).toBeNull();
  expect(parseServerMessage('{"type":"metrics","from":0,"records":[{"loss":null}]}')).toEqual({
    type: "metrics",
    from: 0,
    records: [{ loss: null }],
  });
  expect(() => parseServerMessage('{"type":"metrics","from":0}')).toThrow(/records/);
});

test("a client that acknowledges nothing gets three frames, then one for each acknowledgement", () => {
  const credits = new CreditWindow();
  expect(Array.from({ length: 6 }, () => credits.take())).toEqual([1, 2, 3, null, null, null]);
  credits.acknowledge(1);
  expect([credits.take(), credits.take()]).toEqual([4, null]);
  credits.acknowledge(4);
  expect(credits.inFlight).toBe(0);
});

test("acknowledgements of frames never sent, or sent again, give no credit", () => {
  const credits = new CreditWindow();
  for (let i = 0; i < MAX_IN_FLIGHT; i++) credits.take();
  credits.acknowledge(1000);
  credits.acknowledge(0);
  expect(credits.take()).toBeNull();
  credits.acknowledge(2);
  credits.acknowledge(1);
  expect(credits.inFlight).toBe(1);
});
