import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MetricsLog } from "../../../src/run/metrics-log.ts";
import { ProgressCsv } from "../../../src/run/progress-csv.ts";
import { TensorboardLog, crc32c, tfRecord } from "../../../src/run/tensorboard-log.ts";
import { inFolder } from "../../helpers/cli.ts";

test("progress.csv holds every record under familiar names, also after going on from an earlier step", () =>
  inFolder(async (folder) => {
    const open = (step: number): Promise<MetricsLog> =>
      MetricsLog.open(join(folder, "m.jsonl"), step, [new ProgressCsv(join(folder, "progress.csv"))]);
    const log = await open(0);
    for (const step of [100, 200]) await log.append(step, { episodeReturn: step / 10, approxKl: 0.5 });
    await log.flush();
    const again = await open(100);
    await again.append(200, { episodeReturn: 9 });
    await again.flush();
    const [header, ...rows] = (await readFile(join(folder, "progress.csv"), "utf8"))
      .trimEnd()
      .split("\n")
      .map((l) => l.split(","));
    const column = (name: string): (string | undefined)[] => rows.map((row) => row[header!.indexOf(name)]);
    expect(column("time/total_timesteps")).toEqual(["100", "200"]);
    expect(column("rollout/ep_rew_mean")).toEqual(["10", "9"]);
    expect(column("train/approx_kl")).toEqual(["0.5", ""]);
  }));

test("CRC-32C of the standard's check input", () => {
  expect(crc32c(new TextEncoder().encode("123456789"))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa); // RFC 3720, B.4
});

test("an event file by hand: version record, then step, tag and value", () =>
  inFolder(async (folder) => {
    const log = new TensorboardLog(folder, () => 2);
    await log.start([]);
    await log.append([{ step: 300, episodeReturn: 1.5 }]);
    const [name] = await readdir(folder);
    const file = await readFile(join(folder, name!));
    const time = [0x09, 0, 0, 0, 0, 0, 0, 0, 0x40]; // field 1, double 2
    const text = (t: string): number[] => [...new TextEncoder().encode(t)];
    const version = tfRecord(Uint8Array.of(...time, 0x1a, 13, ...text("brain.Event:2")));
    const value = [0x0a, 19, ...text("rollout/ep_rew_mean"), 0x15, 0, 0, 0xc0, 0x3f]; // tag, float 1.5
    const event = tfRecord(
      Uint8Array.of(...time, 0x10, 0xac, 0x02, 0x2a, value.length + 2, 0x0a, value.length, ...value),
    );
    expect([...file]).toEqual([...version, ...event]);
  }));
