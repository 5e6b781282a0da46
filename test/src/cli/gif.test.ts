import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { draw, rgbArray } from "gymnasium-js";
import { expect, test } from "vitest";
import { DatasetReader } from "../../../src/recording/dataset-reader.ts";
import { elegans, inFolder } from "../../helpers/cli.ts";
import { decodeGif } from "../../helpers/decode-gif.ts";

test("a recorded episode becomes an animation of its pictures (reduced to 255 colours: within 32 levels)", () =>
  inFolder(async (folder) => {
    const id = "MinAtar/Breakout-v1";
    await elegans(["record", id, "--random", "--episodes", "2", "--seed", "4", "--out", "d"], folder);
    const end = await elegans(["gif", "d", "--size", "160", "--fps", "10", "--out", "a.gif", "--json"], folder);
    expect(end.exitCode, end.stderr).toBe(0);
    const gif = decodeGif(await readFile(join(folder, "a.gif")));
    const table = await (await DatasetReader.open(join(folder, "d"))).read(1);
    expect(JSON.parse(end.stdout)).toMatchObject({ episode: 1, pictures: table.numSteps + 1, fps: 10 });
    expect(gif.frames.reduce((sum, { delay }) => sum + delay, 0)).toBe((table.numSteps + 1) * 10);
    const infos = table.columns.get("infos");
    const column = infos?.kind === "group" ? infos.columns.get("snapshot") : undefined;
    const snapshots = column?.kind === "bytes" ? column.values : [];
    for (const [snapshot, shown] of [
      [snapshots[0], gif.frames[0]],
      [snapshots.at(-1), gif.frames.at(-1)],
    ] as const) {
      const drawn = rgbArray(draw(id, snapshot!)!, 160, 160);
      expect(Math.max(...shown!.pixels.map((value, i) => Math.abs(value - drawn[i]!)))).toBeLessThanOrEqual(32);
    }
  }));

test("missing datasets, episodes and impossible sizes are refused with exit code 2", () =>
  inFolder(async (folder) => {
    await elegans(["record", "CartPole-v1", "--random", "--episodes", "2", "--out", "d"], folder);
    for (const [args, message] of [
      [["gif", "nothing"], "there is no dataset in nothing"],
      [["gif", "d", "--episode", "7"], "--episode: got 7, expected one of 0..1"],
      [["gif", "d", "--size", "5000"], "--size: got 5000, expected at most 2048"],
      [["gif", "d", "--fps", "0"], "--fps: got 0"],
    ] as const) {
      const end = await elegans(args, folder);
      expect(end.exitCode, args.join(" ")).toBe(2);
      expect(end.stderr).toContain(message);
    }
  }));
