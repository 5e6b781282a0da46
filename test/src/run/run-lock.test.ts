import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RunLock, lockName } from "../../../src/run/run-lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-lock-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const holder = { pid: process.pid, host: hostname(), processStart: null, since: "2026-11-27T00:00:00.000Z" };
const write = (value: unknown) =>
  writeFile(join(folder, lockName), typeof value === "string" ? value : JSON.stringify(value));

test("a held lock is refused with who holds it; released it can be taken again", async () => {
  const lock = await RunLock.acquire(folder);
  await expect(RunLock.acquire(folder)).rejects.toThrow(`process ${process.pid} on ${hostname()}`);
  await lock.release();
  expect(await readdir(folder)).toEqual([]);
  await lock.release();
  await (await RunLock.acquire(folder)).release();
});

test("of ten that try at once, exactly one gets the lock, a stale one included", async () => {
  const { pid } = spawnSync(process.execPath, ["-e", ""]); // has ended
  for (let round = 0; round < 50; round++) {
    await write({ ...holder, pid });
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => RunLock.acquire(folder)));
    const taken = tries.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    expect(taken).toHaveLength(1);
    expect(await readdir(folder)).toEqual([lockName]);
    await taken[0]!.release();
  }
});

test("a process that was killed while it took over a stale lock is not waited for", async () => {
  await write("torn");
  const takeOver = join(folder, `${lockName}.take-over`);
  await writeFile(takeOver, "");
  await utimes(takeOver, 0, 0);
  await (await RunLock.acquire(folder)).release();
  expect(await readdir(folder)).toEqual([]);
});

test("a process id that was given to another process since does not hold the lock", async () => {
  if (process.platform !== "linux") return; // elsewhere the start of a process is not known
  await write({ ...holder, processStart: "1" });
  await (await RunLock.acquire(folder)).release();
});

test("a torn lock is taken over; one of another machine is not, and the message says which file to remove", async () => {
  await write('{"pid": 12');
  await (await RunLock.acquire(folder)).release();
  await write({ ...holder, host: "elsewhere" });
  await expect(RunLock.acquire(folder)).rejects.toThrow(`remove ${join(folder, lockName)}`);
});

test("releasing leaves a lock alone that somebody else took", async () => {
  const lock = await RunLock.acquire(folder);
  await write({ ...holder, host: "elsewhere" });
  await lock.release();
  expect(await readFile(join(folder, lockName), "utf8")).toContain("elsewhere");
});
