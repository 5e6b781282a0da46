import { mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EpisodeLayout, EpisodePage } from "../../../src/protocol/index.ts";
import { openDatasetSource, startServer, type ViewerServer } from "../../../src/server/index.ts";
import { recordSmallDataset } from "../../helpers/small-dataset.ts";
import { smallPolicy } from "../../helpers/small-policy.ts";

let folder: string;
let server: ViewerServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-recordings-"));
  await recordSmallDataset(folder, smallPolicy(), 5);
  server = await startServer({ token: "t", sources: [], datasets: [await openDatasetSource(folder)] });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const fileOf = (episode: number): string => join(folder, "data", String(episode), "part-0.arrow");

function ask(path: string, query: Readonly<Record<string, number>>, range?: string): Promise<Response> {
  const params = new URLSearchParams({ token: "t" });
  for (const [name, value] of Object.entries(query)) params.set(name, String(value));
  const headers = range === undefined ? {} : { range };
  return fetch(`http://127.0.0.1:${server.port}${path}?${params.toString()}`, { headers });
}
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

test("an episode's file comes in the parts that are asked for: first and last bytes, past the end, whole", async () => {
  const file = await readFile(fileOf(1));
  const part = await ask("/api/episode", { dataset: 0, episode: 1 }, "bytes=8-99");
  expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes 8-99/${file.length}`]);
  expect(await bytesOf(part)).toEqual(file.subarray(8, 100));
  const last = await ask("/api/episode", { dataset: 0, episode: 1 }, `bytes=${file.length - 6}-${file.length + 50}`);
  expect((await bytesOf(last)).toString()).toBe("ARROW1");
  const beyond = await ask("/api/episode", { dataset: 0, episode: 1 }, `bytes=${file.length}-${file.length + 1}`);
  expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, `bytes */${file.length}`]);
  for (const range of [undefined, "bytes=-5", "bytes=3-", "bytes=0-1,4-5", "lines=1-2"]) {
    const whole = await ask("/api/episode", { dataset: 0, episode: 1 }, range);
    expect([whole.status, (await bytesOf(whole)).equals(file)]).toEqual([200, true]);
  }
});

test("the list of episodes comes in pages that together hold each once; the layout names the columns", async () => {
  const page = async (query: Record<string, number>): Promise<EpisodePage> =>
    EpisodePage.parse(await (await ask("/api/episodes", { dataset: 0, ...query })).json());
  const [first, rest] = [await page({ from: 0, count: 2 }), await page({ from: 2, count: 100 })];
  expect([first.total, rest.total]).toEqual([5, 5]);
  expect([...first.episodes, ...rest.episodes].map((e) => e.id)).toEqual([0, 1, 2, 3, 4]);
  expect((await page({ from: 99, count: 5 })).episodes).toEqual([]);
  expect((await page({})).episodes.length).toBe(5);
  const layout = EpisodeLayout.parse(await (await ask("/api/episode-layout", { dataset: 0, episode: 0 })).json());
  expect(layout.numSteps).toBe(first.episodes[0]?.steps);
  expect(layout.columns.map((c) => c.name)).toContain("infos.policy.state");
});

test("a file that was changed or cut after it was looked at is refused from then on", async () => {
  const query = { dataset: 0, episode: 3 };
  expect((await ask("/api/episode-layout", query)).status).toBe(200);
  const bytes = await readFile(fileOf(3));
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
  await writeFile(fileOf(3), bytes);
  for (const path of ["/api/episode-layout", "/api/episode"]) {
    const refused = await ask(path, query, "bytes=0-9");
    expect([refused.status, await refused.text()]).toEqual([
      422,
      "episode 3: its file was changed or cut since it was recorded\n",
    ]);
  }
  await truncate(fileOf(4), 100);
  expect((await ask("/api/episode", { dataset: 0, episode: 4 }, "bytes=0-9")).status).toBe(422);
  await rm(fileOf(4));
  expect(await (await ask("/api/episode", { dataset: 0, episode: 4 })).text()).toBe(
    "episode 4: its file cannot be read\n",
  );
  expect((await ask("/api/episode", { dataset: 0, episode: 0 }, "bytes=0-9")).status).toBe(206);
});
