import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exportEpisode } from "../../src/cli/exporting/export-episode.ts";
import { processTerminal } from "../../src/cli/terminal.ts";
import { openDatasetSource } from "../../src/server/index.ts";
import { browserPath } from "../helpers/browser.ts";
import { recordSmallDataset } from "../helpers/small-dataset.ts";
import { smallPolicy } from "../helpers/small-policy.ts";

test("a film of the whole page is made without anybody watching", async () => {
  const folder = await mkdtemp(join(tmpdir(), "elegans-film-"));
  const before = process.env["CHROME_PATH"];
  try {
    process.env["CHROME_PATH"] = await browserPath();
    const data = join(folder, "films");
    await recordSmallDataset(data, smallPolicy(), 1);
    const datasets = [await openDatasetSource(data)];
    await exportEpisode(join(folder, "a.webm"), [data], { sources: [], datasets }, processTerminal(true));
    const film = await readFile(join(folder, "a.webm"));
    expect(film.readUInt32BE(0)).toBe(0x1a45dfa3); // the first bytes of every WebM
    expect(film.length).toBeGreaterThan(20_000);
  } finally {
    if (before === undefined) delete process.env["CHROME_PATH"];
    else process.env["CHROME_PATH"] = before;
    await rm(folder, { recursive: true, force: true });
  }
});
