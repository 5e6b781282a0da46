import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { PCG64, Generator } from "gymnasium-js";
import { expect, test } from "vitest";
import { DatasetReader } from "../../../src/recording/dataset-reader.ts";
import { cliMain, elegans, inFolder } from "../../helpers/cli.ts";

const record = ["record", "CartPole-v1", "--random", "--out", "d"];

test("20 kills at random moments: every finished episode stays whole and the next recording goes on", () =>
  inFolder(async (folder) => {
    const rng = new Generator(new PCG64(1));
    let numBefore = 0;
    let numKilledWhileWriting = 0;
    for (let kill = 0; kill < 20; kill++) {
      const child = spawn(process.execPath, [cliMain, ...record, "--episodes", "100000", "--seed", String(kill)], {
        cwd: folder,
        stdio: "ignore",
      });
      const ended = new Promise((resolve) => child.on("close", resolve));
      while ((await count(folder)) <= numBefore) await wait(20); // it has begun to write
      await wait(rng.uniform(0, 60));
      child.kill("SIGKILL");
      await ended;
      const reader = await DatasetReader.open(join(folder, "d"));
      const ids = await reader.ids();
      expect(ids).toEqual(ids.map((_, i) => i));
      for (const id of ids.slice(numBefore)) expect((await reader.read(id)).numSteps).toBeGreaterThan(0);
      numBefore = ids.length;
      numKilledWhileWriting += (await readdir(join(folder, "d", "data"))).some((name) => name.startsWith(".tmp-"))
        ? 1
        : 0;
    }
    expect(numKilledWhileWriting, "some kills must hit a write, or this tests nothing").toBeGreaterThan(0);
    const end = await elegans([...record, "--episodes", "1", "--json"], folder);
    expect(JSON.parse(end.stdout).totalEpisodes).toBe(numBefore + 1);
    expect((await DatasetReader.open(join(folder, "d"))).metadata.total_episodes).toBe(numBefore + 1);
  }));

async function count(folder: string): Promise<number> {
  const names = await readdir(join(folder, "d", "data")).catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).length;
}
