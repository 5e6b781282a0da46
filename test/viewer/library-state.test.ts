import { expect, test } from "vitest";
import type { CheckpointEntry } from "../../src/protocol/index.ts";
import { LibraryState } from "../../viewer/library/library-state.ts";
import { StaticBackend } from "../../viewer/source/static-backend.ts";

interface Answer {
  readonly promise: Promise<readonly CheckpointEntry[]>;
  resolve(kept: readonly CheckpointEntry[]): void;
  reject(error: Error): void;
}

/** Answers about a run's checkpoints when the test says so. */
class PausedBackend extends StaticBackend {
  readonly asked: Answer[] = [];

  override datasets(): Promise<[]> {
    return Promise.resolve([]);
  }

  override checkpoints(): Promise<readonly CheckpointEntry[]> {
    const answer = openAnswer();
    this.asked.push(answer);
    return answer.promise;
  }
}

function openAnswer(): Answer {
  let resolve!: Answer["resolve"], reject!: Answer["reject"];
  const promise: Answer["promise"] = new Promise((a, b) => ([resolve, reject] = [a, b]));
  return { promise, resolve, reject };
}

const KEPT = [{ step: 100, isBest: true }];

function paused(): { library: LibraryState; asked: Answer[] } {
  const backend = new PausedBackend("");
  return { library: new LibraryState(backend), asked: backend.asked };
}

test("a run's checkpoints stay while they are read again, and go when another run is chosen", async () => {
  const { library, asked } = paused();
  const first = library.chooseRun(0);
  asked[0]?.resolve(KEPT);
  await first;
  const again = library.load();
  while (asked.length < 2) await Promise.resolve();
  expect(library.checkpoints.value).toBe(KEPT);
  asked[1]?.resolve([]);
  await again;
  expect(library.checkpoints.value).toEqual([]);
  void library.chooseRun(1);
  expect(library.checkpoints.value).toBeNull();
});

test("what went wrong with an older choice is not said of the newer one", async () => {
  const { library, asked } = paused();
  const older = library.chooseRun(0);
  const newer = library.chooseRun(1);
  asked[1]?.resolve(KEPT);
  await newer;
  asked[0]?.reject(new Error("run 0 is gone"));
  await older;
  expect(library.problem.value).toBeNull();
  expect(library.checkpoints.value).toBe(KEPT);
});
