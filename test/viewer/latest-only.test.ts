import { expect, test } from "vitest";
import { LatestOnly } from "../../viewer/app/latest-only.ts";

/** Lets all that is waiting for nothing go on. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

test("of questions that came while one was being answered only the latest is answered, one at a time", async () => {
  const answered: number[] = [];
  let finish = (): void => {};
  const questions = new LatestOnly(async (question: number) => {
    await new Promise<void>((resolve) => (finish = resolve));
    answered.push(question);
  });
  for (const question of [1, 2, 3]) questions.ask(question);
  finish();
  await settle();
  expect(answered).toEqual([1]);
  finish();
  await settle();
  expect(answered).toEqual([1, 3]);
  questions.ask(4);
  questions.ask(5);
  questions.forget();
  finish();
  await settle();
  finish();
  await settle();
  expect(answered).toEqual([1, 3, 4]);
});
