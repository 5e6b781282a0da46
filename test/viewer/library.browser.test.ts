import { mkdtemp, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EpisodeEntry } from "../../src/protocol/index.ts";
import { openDatasetSource, startServer, type ViewerServer } from "../../src/server/index.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { inventedSource } from "../helpers/invented-source.ts";
import { keptSource } from "../helpers/kept-source.ts";
import { waitForColors } from "../helpers/pixels.ts";
import { recordSmallDataset } from "../helpers/small-dataset.ts";
import { smallPolicy } from "../helpers/small-policy.ts";
import { openPage } from "../helpers/viewer-page.ts";

const COUNT = 12;
const DAMAGED = 5;
const policy = smallPolicy();
let folder: string;
let browser: Browser;
let server: ViewerServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-library-"));
  await recordSmallDataset(folder, policy, COUNT);
  await truncate(join(folder, "data", String(DAMAGED), "part-0.arrow"), 500);
  browser = await launchBrowser();
  const source = { ...inventedSource(), policy: () => ({ version: 1, bytes: policy }) };
  server = await startServer({ token: "t", sources: [source], datasets: [await openDatasetSource(folder)] });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const rows = (page: Page): Promise<string[]> => page.locator(".row.entry > :first-child").allTextContents();
const clock = async (page: Page): Promise<string> => (await page.getByTestId("clock").textContent()) ?? "";

async function openLibrary(url = server.url): Promise<Awaited<ReturnType<typeof openPage>>> {
  const opened = await openPage(browser, url);
  await opened.page.getByRole("button", { name: "Library" }).click();
  await opened.page.locator(".row.entry").first().waitFor();
  return opened;
}

test("the library lists every episode, sorts and filters them", async () => {
  const { page, complaints } = await openLibrary();
  expect(await rows(page)).toEqual(Array.from({ length: COUNT }, (_, id) => String(id)));
  await page.screenshot({ path: "artifacts/library.png" });
  await page.getByRole("button", { name: "Return" }).click();
  const returns = await page.locator(".row.entry > :nth-child(2)").allTextContents();
  expect(returns.map(Number)).toEqual(returns.map(Number).toSorted((a, b) => b - a));
  await page.getByLabel("How it ended").selectOption("truncated");
  await page.getByText("No episode fits.").waitFor();
  await page.getByLabel("How it ended").selectOption("terminated");
  await page.getByLabel("Search episodes").fill("small 11");
  expect(await rows(page)).toEqual(["11"]);
  expect(complaints).toEqual([]);
  await page.close();
});

test("an episode opens by a click: world, circuit, traces and its numbers as recorded", async () => {
  const { page, complaints } = await openLibrary();
  const row = page.locator(".row.entry").nth(3);
  const [, expectedReturn, steps] = await row.locator("span").allTextContents();
  await row.click();
  await expect.poll(() => clock(page), { timeout: 20_000 }).toBe(`0 / ${Number(steps) - 1}`);
  await page.keyboard.press("End");
  await expect.poll(() => page.getByTestId("replay-return").textContent()).toBe(expectedReturn);
  await expect.poll(() => page.getByTestId("replay-ended").textContent()).toBe("terminated");
  await waitForColors(page.getByTestId("world"), 3);
  await waitForColors(page.getByTestId("circuit"), 50);
  await page.screenshot({ path: "artifacts/replay.png" });
  await expect.poll(() => page.url()).toContain("episode=3");
  const { page: other } = await openPage(browser, page.url());
  await expect.poll(() => clock(other), { timeout: 20_000 }).toBe(await clock(page));
  expect(complaints).toEqual([]);
  await other.close();
  await page.close();
});

test("a what-if goes on from a recorded step; without a change it repeats the recording to its end", async () => {
  const { page } = await openLibrary();
  await page.locator(".row.entry").nth(2).click();
  await expect.poll(() => clock(page), { timeout: 20_000 }).toMatch(/^0 \/ [1-9]/);
  for (let i = 0; i < 4; i++) await page.keyboard.press(".");
  await page.getByRole("button", { name: "From step 4" }).click();
  await page.getByText("Every action stays the same.").waitFor();
  await page.close();
});

test("an episode is put beside the open one: both worlds, and where they part", async () => {
  const { page } = await openLibrary();
  await page.locator(".row.entry").nth(0).click();
  await expect.poll(() => clock(page), { timeout: 20_000 }).toMatch(/^0 \/ [1-9]/);
  await page.getByRole("button", { name: "Library" }).click();
  await page.getByRole("button", { name: "Compare with the open episode" }).click();
  await page.locator(".row.entry").nth(1).click();
  await expect.poll(() => page.getByTestId("world").count()).toBe(2);
  await expect
    .poll(() => page.getByTestId("parting").textContent())
    .toMatch(/^(other action at step \d+|same actions until one ended)$/);
  await page.close();
});

test("runs are listed with their checkpoints and what was measured; a click shows one at work", async () => {
  const records = [
    { step: 50, evalReturn: 21.5 },
    { step: 150, evalReturn: 180 },
  ];
  const own = await startServer({ sources: [{ ...keptSource(), metrics: () => records }], datasets: [] });
  try {
    const { page, complaints } = await openPage(browser, own.url);
    await page.getByRole("button", { name: "Library" }).click();
    await page.getByRole("button", { name: "invented run" }).click();
    await page.getByText("2 kept of invented run").waitFor();
    await expect
      .poll(() => page.locator(".checkpoints tr").allTextContents())
      .toEqual(["PolicyevalReturn", "latest policy as the run has it now–", "step 200 best180", "step 10021.5"]);
    await page.screenshot({ path: "artifacts/library-runs.png" });
    await page.getByRole("button", { name: "Watch step 100" }).click();
    await expect.poll(() => page.getByLabel("Policy watched").inputValue()).toBe("100");
    await expect.poll(() => page.getByTestId("readout-step").textContent(), { timeout: 20_000 }).toMatch(/^\d/);
    await waitForColors(page.getByTestId("circuit"), 50);
    expect(complaints).toEqual([]);
    await page.close();
  } finally {
    await own.close();
  }
});

test("what a world measured has columns, which sort", async () => {
  const driven: EpisodeEntry[] = [0.4, 0.1, 0.25].map((error, id) => ({
    id,
    steps: 100,
    return: 5,
    ended: "truncated",
    actor: "expert lqr",
    metrics: { crashes: id % 2, meanAbsLateralError: error, distanceKm: 1.5 },
  }));
  const unread = (): never => {
    throw new Error("not asked for");
  };
  const list = (): Promise<{ total: number; episodes: EpisodeEntry[] }> =>
    Promise.resolve({ total: driven.length, episodes: driven });
  const road = { title: "road", env: null, list, file: unread, layout: unread, about: unread };
  const own = await startServer({ sources: [], datasets: [road] });
  try {
    const { page, complaints } = await openPage(browser, own.url);
    await page.locator(".row.entry").first().waitFor();
    const errors = (): Promise<string[]> => page.locator(".row.entry > :nth-child(7)").allTextContents();
    expect(await errors()).toEqual(["0.4", "0.1", "0.25"]);
    await page.getByRole("button", { name: "meanAbsLateralError" }).click();
    expect(await errors()).toEqual(["0.1", "0.25", "0.4"]);
    const boxes = await page
      .locator(".row.head > div")
      .evaluateAll((cells) =>
        cells.map((cell) => cell.getBoundingClientRect()).map(({ left, right }) => [left, right]),
      );
    boxes.slice(1).forEach(([left], i) => expect(left).toBeGreaterThanOrEqual(boxes[i]?.[1] ?? 0));
    await page.screenshot({ path: "artifacts/library-metrics.png" });
    expect(complaints).toEqual([]);
    await page.close();
  } finally {
    await own.close();
  }
});

test("a damaged episode says so and the rest of the library works", async () => {
  const { page } = await openLibrary();
  await page.locator(".row.entry").nth(DAMAGED).click();
  await page.getByText(`episode ${DAMAGED}: its file was changed or cut`).waitFor();
  await page.getByRole("button", { name: "Library" }).click();
  await page.locator(".row.entry").nth(0).click();
  await expect.poll(() => clock(page), { timeout: 20_000 }).toMatch(/^0 \/ [1-9]/);
  await page.close();
});

test("10,000 episodes are listed with only those in sight in the document, and scroll to the last", async () => {
  const many: EpisodeEntry[] = Array.from({ length: 10_000 }, (_, id) => ({
    id,
    steps: 100 + (id % 7),
    return: id % 500,
    seed: id,
  }));
  const unread = (): never => {
    throw new Error("not asked for");
  };
  const own = await startServer({
    sources: [],
    datasets: [
      {
        title: "many",
        env: null,
        list: (from, count) => Promise.resolve({ total: many.length, episodes: many.slice(from, from + count) }),
        file: unread,
        layout: unread,
        about: unread,
      },
    ],
  });
  try {
    const { page } = await openPage(browser, own.url); // nothing runs, so the library comes first
    await page.locator(".row.entry").first().waitFor();
    await page.getByText("10,000 of 10,000").waitFor();
    expect((await rows(page)).length).toBeLessThan(60);
    await page.getByTestId("episodes").evaluate((element) => (element.scrollTop = element.scrollHeight));
    await expect.poll(async () => (await rows(page)).at(-1)).toBe("9999");
    await page.close();
  } finally {
    await own.close();
  }
});
