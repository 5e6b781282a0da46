import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MetricsLog, readMetrics } from "../../../src/run/metrics-log.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-metrics-"));
  path = join(folder, "metrics.jsonl");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("each record is one line that starts with its step; what is not finite is left out", async () => {
  const log = await MetricsLog.open(path, 0);
  await log.append(512, { return: 21.5, loss: NaN });
  await log.flush();
  expect(await readFile(path, "utf8")).toBe('{"step":512,"return":21.5}\n');
  expect(log.records).toEqual([{ step: 512, return: 21.5 }]);
});

test("going on after a step drops a torn line and what was measured later", async () => {
  const log = await MetricsLog.open(path, 0);
  for (const step of [100, 200, 300]) await log.append(step, { x: step });
  await log.flush();
  await appendFile(path, '{"step":400,"x":4');
  const again = await MetricsLog.open(path, 200);
  await again.append(300, { x: -1 });
  await again.flush();
  expect(await readMetrics(path)).toEqual([
    { step: 100, x: 100 },
    { step: 200, x: 200 },
    { step: 300, x: -1 },
  ]);
});

test("a missing file has no records", async () => {
  expect(await readMetrics(path)).toEqual([]);
});
