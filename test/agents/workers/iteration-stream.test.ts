import { expect, test } from "vitest";
import { IterationStream } from "../../../agents/workers/iteration-stream.ts";

/** An answer about the iteration that ends at `numSteps`, 100 steps each. */
const answer = (numSteps: number, ms = 10, isDone = false) =>
  ({ kind: "iterate", metrics: { numSteps }, ms, numSteps, isDone }) as const;

test("without a promise one iteration is asked for per wish", () => {
  const stream = new IterationStream(0);
  expect(stream.numToAsk(undefined)).toBe(1);
  stream.asked(1);
  void stream.next();
  expect(stream.numToAsk(undefined)).toBe(1); // a second wish while the first is under way
});

test("with a promise threads are kept busy for about 50 ms, never past the promised step", async () => {
  const stream = new IterationStream(0);
  expect(stream.numToAsk(1000)).toBe(1); // how long one takes is not known yet
  stream.asked(1);
  stream.push(answer(100));
  await stream.next();
  expect(stream.numToAsk(1000)).toBe(5); // 50 ms of 10 ms each
  stream.asked(5);
  expect(stream.numToAsk(1000)).toBe(0); // more than half is left
  for (const step of [200, 300, 400]) stream.push(answer(step));
  for (let i = 0; i < 3; i++) await stream.next();
  expect(stream.length).toBe(2);
  expect(stream.numToAsk(1000)).toBe(3);
  expect(stream.numToAsk(650)).toBe(1); // 500 and 600 are under way, 700 passes 650
  expect(stream.numToAsk(600)).toBe(0);
  expect(stream.numToAsk(undefined)).toBe(0); // what is under way comes first
});

test("an iteration longer than 50 ms never runs ahead", async () => {
  const stream = new IterationStream(0);
  stream.asked(1);
  stream.push(answer(100, 80));
  await stream.next();
  expect(stream.numToAsk(1e6)).toBe(1);
});

test("answers come in order; after a failure what was answered still comes, then the failure", async () => {
  const stream = new IterationStream(0);
  stream.asked(3);
  stream.push(answer(100));
  stream.push(answer(200));
  stream.fail(new Error("thread died"));
  expect((await stream.next()).numSteps).toBe(100);
  expect((await stream.next()).numSteps).toBe(200);
  await expect(stream.next()).rejects.toThrow("thread died");
});

test("a learner that sees no sense in going on leaves nothing under way", () => {
  const stream = new IterationStream(0);
  stream.asked(4);
  stream.push(answer(100, 1, true));
  expect(stream.length).toBe(1);
});
