import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSite } from "../../src/cli/exporting/write-site.ts";
import type { RunPolicy } from "../../src/cli/saved-run.ts";
import { sha256 } from "../../src/checkpoint/manifest.ts";
import { openDatasetSource } from "../../src/server/index.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { waitForColors } from "../helpers/pixels.ts";
import { recordSmallDataset } from "../helpers/small-dataset.ts";
import { smallPolicy } from "../helpers/small-policy.ts";
import { openPage } from "../helpers/viewer-page.ts";

const policy = smallPolicy();
let folder: string;
let host: Server;
let browser: Browser;
let page: Page;
let complaints: readonly string[];

/** A host that knows files and nothing else: no ranges, no addresses of its own. */
function plainHost(root: string): Promise<Server> {
  const types: Record<string, string> = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
  };
  const server = createServer((request, response) => {
    const path = join(root, new URL(request.url ?? "/", "http://x").pathname.replace(/\/$/, "/index.html"));
    void stat(path).then(
      () => {
        response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" });
        createReadStream(path).pipe(response);
      },
      () => response.writeHead(404).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-site-"));
  await recordSmallDataset(join(folder, "data"), policy, 3);
  const run = {
    folder: { path: join(folder, "small") },
    config: { env: { id: "CartPole-v1", args: {} } },
    policy,
    policySha256: sha256(policy),
  } as unknown as RunPolicy; // the parts that are exported
  await writeSite(join(folder, "site"), { runs: [run], datasets: [await openDatasetSource(join(folder, "data"))] });
  host = await plainHost(folder);
  browser = await launchBrowser();
  const { port } = host.address() as AddressInfo; // a TCP server's address is never a string
  ({ page, complaints } = await openPage(browser, `http://127.0.0.1:${port}/site/`));
});
afterAll(async () => {
  await browser?.close();
  host?.close();
  await rm(folder, { recursive: true, force: true });
});

const clock = async (): Promise<string> => (await page.getByTestId("clock").textContent()) ?? "";

test("an exported folder opens from a plain host: the library, a recording, its world and its circuit", async () => {
  await page.locator(".row.entry").nth(2).click();
  await expect.poll(clock, { timeout: 20_000 }).toMatch(/^0 \/ [1-9]/);
  await waitForColors(page.getByTestId("world"), 3);
  await waitForColors(page.getByTestId("circuit"), 50);
  await page.screenshot({ path: "artifacts/site.png" });
  await expect.poll(() => page.url()).toContain("episode=2");
  expect(await page.getByRole("button", { name: "Live" }).count()).toBe(0);
});

test("what-ifs and driving work without a server; an episode is downloaded instead of kept", async () => {
  await page.getByRole("button", { name: "From the start" }).click();
  await page.getByText("Every action stays the same.").waitFor();
  await page.getByRole("button", { name: "Drive" }).click();
  await page.getByText("Ready when you are").waitFor();
  await page.keyboard.press("ArrowLeft");
  await page.getByTestId("verdict").waitFor();
  expect(await page.getByRole("button", { name: "Keep as demonstration" }).count()).toBe(0);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  expect((await download).suggestedFilename()).toBe("CartPole-v1-seed-1.demo.json");
  expect(complaints).toEqual([]);
});

test("axe finds nothing wrong with any page for people who use a keyboard or a screen reader, dark and light", async () => {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const open = await browser.newContext({
    bypassCSP: true,
    viewport: { width: 1280, height: 720 },
    reducedMotion: "reduce",
  });
  const checked = await open.newPage();
  await checked.addInitScript(axe);
  const found: string[] = [];
  for (const theme of ["dark", "light"])
    for (const view of ["library", "inspect", "drive"]) {
      await checked.goto("about:blank");
      await checked.goto(`${new URL(page.url()).origin}/site/#view=${view}&theme=${theme}&episode=1&neuron=3`);
      await checked.locator(".row.entry, .timeline, .key-list").first().waitFor();
      await checked.waitForTimeout(400);
      found.push(...(await checked.evaluate(violations)).map((v) => `${theme} ${view}: ${v}`));
    }
  await open.close();
  expect(found).toEqual([]);
});

/** Runs in the page. */
async function violations(): Promise<string[]> {
  const { axe } = globalThis as unknown as {
    axe: {
      run(): Promise<{ violations: { id: string; nodes: { target: string[]; any: { message: string }[] }[] }[] }>;
    };
  };
  const { violations: all } = await axe.run();
  return all.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any }) => `${id} at ${target.join(" ")}: ${any[0]?.message ?? ""}`),
  );
}

test("a folder that holds something else is left alone; an earlier export is replaced", async () => {
  const other = join(folder, "other");
  await recordSmallDataset(other, policy, 1);
  await expect(writeSite(other, { runs: [], datasets: [] })).rejects.toThrow("no earlier export");
  await writeFile(join(folder, "site", "left-over.txt"), "x");
  const written = await writeSite(join(folder, "site"), { runs: [], datasets: [] });
  expect(written.episodes).toBe(0);
  await expect(stat(join(folder, "site", "left-over.txt"))).rejects.toThrow("ENOENT");
});
