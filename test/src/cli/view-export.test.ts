import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { exportEpisode } from "../../../src/cli/exporting/export-episode.ts";
import { findBrowser } from "../../../src/cli/exporting/headless-browser.ts";
import { processTerminal } from "../../../src/cli/terminal.ts";
import { decodeGif } from "../../helpers/decode-gif.ts";
import { recordSmallDataset } from "../../helpers/small-dataset.ts";
import { smallPolicy } from "../../helpers/small-policy.ts";

let folder: string;
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-export-"));
  data = join(folder, "data-set");
  await recordSmallDataset(data, smallPolicy(), 2);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const nothing = { sources: [], datasets: [] };
const save = (name: string, options: object = {}): Promise<void> =>
  exportEpisode(join(folder, name), [data], { ...nothing, ...options }, processTerminal(true));

test("a GIF holds a picture of every moment, a PNG one; neither needs a browser", async () => {
  const about = JSON.parse(await readFile(join(data, "data/1/metadata.json"), "utf8")) as { total_steps: number };
  await save("a.gif");
  const gif = decodeGif(await readFile(join(folder, "a.gif")));
  expect(gif.frames.length).toBe(about.total_steps + 1);
  await save("a.png", { episode: 0, step: 3 });
  expect((await readFile(join(folder, "a.png"))).subarray(1, 4).toString()).toBe("PNG");
});

test("what cannot be made is refused before anything is written: other kinds of files, episodes and steps that are not there, no dataset", async () => {
  await expect(save("a.avi")).rejects.toThrow(".webm, .mp4, .gif or .png");
  await expect(save("b.gif", { episode: 9 })).rejects.toThrow("--episode: got 9");
  await expect(save("b.png", { step: 99_999 })).rejects.toThrow("--step: got 99999");
  await expect(exportEpisode("c.gif", [folder], nothing, processTerminal(true))).rejects.toThrow("needs a dataset");
  const before = process.env["CHROME_PATH"];
  process.env["CHROME_PATH"] = join(folder, "no-browser");
  try {
    expect(findBrowser).toThrow("no program that can be run");
    await expect(save("c.webm")).rejects.toThrow("no program that can be run");
  } finally {
    if (before === undefined) delete process.env["CHROME_PATH"];
    else process.env["CHROME_PATH"] = before;
  }
});
