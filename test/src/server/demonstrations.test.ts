import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { KeptDemonstration, type Demonstration } from "../../../src/protocol/index.ts";
import { checkDataset } from "../../../src/recording/check-dataset.ts";
import { DatasetReader } from "../../../src/recording/dataset-reader.ts";
import { DemonstrationStore, startServer, type ViewerServer } from "../../../src/server/index.ts";
import { DriveSession } from "../../../viewer/drive/drive-session.ts";

let folder: string;
let server: ViewerServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-demonstrations-"));
  const demonstrations = new DemonstrationStore(folder, [{ envId: "CartPole-v1", envArgs: {}, source: null }]);
  server = await startServer({ token: "t", readToken: "r", sources: [], demonstrations });
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

function driven(seed: number, envId = "CartPole-v1"): Demonstration {
  const session = new DriveSession({ envId, envArgs: {}, seed, policy: null });
  for (let t = 0; t < 12 && session.ended === null; t++) session.step(t % 2);
  return session.demonstration({ device: "keyboard" });
}

const post = (body: unknown, { token = "t", type = "application/json" } = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}/api/demonstration?token=${token}`, {
    method: "POST",
    headers: { "content-type": type },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

test("what is driven becomes a whole dataset that the library lists at once; a second episode joins it", async () => {
  const kept = await Promise.all(
    [3, 4].map(async (seed) => KeptDemonstration.parse(await (await post(driven(seed))).json())),
  );
  expect(kept.map((k) => [k.dataset, k.episode])).toEqual([
    [0, 0],
    [0, 1],
  ]);
  expect(kept[0]?.path).toBe(join(folder, "CartPole-v1-human"));
  const found = await checkDataset(await DatasetReader.open(join(folder, "CartPole-v1-human")), inflateSync);
  expect(found).toEqual({ numEpisodes: 2, numSteps: 24, problems: [] });
  const list = await (await fetch(`http://127.0.0.1:${server.port}/api/episodes?token=t&dataset=0`)).json();
  expect(list).toMatchObject({
    total: 2,
    episodes: [{ id: 0, seed: 3, actor: "human keyboard", ended: "truncated" }, {}],
  });
});

test("what must not be kept is not: read role, other worlds, wrong type, too much, nonsense, tampering", async () => {
  const before = await readdir(folder);
  expect((await post(driven(5), { token: "r" })).status).toBe(403);
  expect((await post(driven(5), { token: "x" })).status).toBe(401);
  expect((await post(driven(5), { type: "text/plain" })).status).toBe(415);
  expect((await post(driven(5, "MountainCar-v0"))).status).toBe(400);
  const other = driven(5);
  expect((await post({ ...other, env: { id: "CartPole-v1", args: { suttonBartoReward: true } } })).status).toBe(400);
  expect((await post({ ...other, end: { ...other.end, digest: "12345678" } })).status).toBe(409);
  expect((await post("{")).status).toBe(400);
  expect((await post(" ".repeat(5 * 1024 * 1024))).status).toBe(413);
  const wrongPath = await fetch(`http://127.0.0.1:${server.port}/api/policy?token=t`, { method: "POST" });
  expect(wrongPath.status).toBe(405);
  expect(await readdir(folder)).toEqual(before);
});
