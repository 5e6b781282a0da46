import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatasetSource, startServer, type ViewerServer } from "../../src/server/index.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { keptSource } from "../helpers/kept-source.ts";
import { readPixels, waitForChange, waitForColors } from "../helpers/pixels.ts";
import { recordSmallDataset } from "../helpers/small-dataset.ts";
import { smallPolicy } from "../helpers/small-policy.ts";
import { openPage } from "../helpers/viewer-page.ts";

let folder: string;
let browser: Browser;
let server: ViewerServer;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-compare-"));
  await recordSmallDataset(folder, smallPolicy(), 3);
  browser = await launchBrowser();
  server = await startServer({ token: "t", sources: [keptSource()], datasets: [await openDatasetSource(folder)] });
  ({ page, complaints } = await openPage(browser, `${server.url}&view=compare`));
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const tiles = (): Promise<number> => page.getByTestId("tile").count();
const clock = async (of = page): Promise<string> => (await of.getByTestId("clock").textContent()) ?? "";

async function addEpisode(number: number, count: number): Promise<void> {
  await page.getByRole("textbox", { name: "episode" }).fill(String(number));
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect.poll(tiles, { timeout: 20_000 }).toBe(count);
}

test("recorded episodes and a kept policy's are put side by side under one time, with traces and differences", async () => {
  await page.getByText("Nothing to compare yet").waitFor();
  await addEpisode(0, 1);
  await addEpisode(1, 2);
  await addEpisode(1, 2); // the same again changes nothing
  const difference = await readPixels(page.getByTestId("difference"));
  await page.getByLabel("Add from").selectOption("run 0");
  await page.getByLabel("Checkpoint").selectOption("100");
  await page.getByRole("textbox", { name: "seed" }).fill("5");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect.poll(tiles, { timeout: 20_000 }).toBe(3);
  await page.getByRole("heading", { name: "invented run · step 100 · seed 5" }).waitFor();
  await waitForChange(page.getByTestId("difference"), difference, 50);
  await expect
    .poll(() => page.getByTestId("parting").textContent())
    .toMatch(/^(same actions until one ended|other action at step \d+); other action at step \d+$/);
  const worlds = await readPixels(page.locator(".tiles"));
  await page.keyboard.press("End");
  await expect.poll(() => clock()).toMatch(/^([1-9]\d*) \/ \1$/);
  await page.getByText("over, terminated").first().waitFor();
  await waitForChange(page.locator(".tiles"), worlds, 300);
  await page.screenshot({ path: "artifacts/compare.png" });
  const overlaid = await readPixels(page.getByTestId("overlaid"));
  await page.getByLabel("Compared quantity").selectOption("obs.2");
  await waitForChange(page.getByTestId("overlaid"), overlaid, 100);
  await page.getByRole("tab", { name: "Circuits" }).click();
  for (const circuit of await page.getByTestId("circuit").all()) await waitForColors(circuit, 50);
  await page.screenshot({ path: "artifacts/compare-circuits.png" });
  expect(complaints).toEqual([]);
});

test("a checkpoint chosen at once stays chosen, also when a first list of them comes late", async () => {
  const { page: other } = await openPage(browser, "about:blank");
  let askedFor = 0;
  let giveFirstList = (): void => undefined;
  const isFirstListGiven = new Promise<void>((resolve) => (giveFirstList = resolve));
  const isAsked = new Promise<void>((resolve) => {
    void other.route("**/api/checkpoints?*", async (route) => {
      if (++askedFor > 1) return route.continue();
      resolve();
      await isFirstListGiven;
      await route.continue();
    });
  });
  // The page thinks of the run first, until it knows that there are recordings.
  await other.route("**/api/datasets?*", async (route) => {
    await isAsked;
    await route.continue();
  });
  await other.goto(`${server.url}&view=compare`);
  await other.getByRole("textbox", { name: "episode" }).waitFor();
  const response = other.waitForResponse("**/api/checkpoints?*");
  giveFirstList();
  await (await response).finished();
  await other.evaluate(async () => {
    const choose = (label: string, value: string): void => {
      const select = document.querySelector<HTMLSelectElement>(`[aria-label="${label}"]`);
      if (select === null) throw new Error(`no ${label}`);
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    };
    choose("Add from", "run 0");
    while (document.querySelector('[aria-label="Checkpoint"] [value="100"]') === null)
      await new Promise((resolve) => setTimeout(resolve));
    choose("Checkpoint", "100");
  });
  await expect.poll(() => askedFor).toBe(2);
  await other.waitForTimeout(300); // more than an effect waits for the next picture
  expect(await other.getByLabel("Checkpoint").inputValue()).toBe("100");
  await other.close();
});

test("a damaged checkpoint says so; the link brings the recorded episodes and the step back", async () => {
  await page.getByLabel("Checkpoint").selectOption("200");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect.poll(() => page.locator(".add-form [role=status]").textContent()).not.toBe("");
  expect(await tiles()).toBe(3);
  await page.keyboard.press("Home");
  for (let i = 0; i < 3; i++) await page.keyboard.press(".");
  await expect.poll(() => page.url()).toContain("with=0.0%2C0.1&step=3");
  const { page: other } = await openPage(browser, page.url());
  await expect.poll(() => other.getByTestId("tile").count(), { timeout: 20_000 }).toBe(2);
  await expect.poll(() => clock(other)).toMatch(/^3 \/ /);
  await other.close();
  await page.getByRole("button", { name: /^Remove invented run/ }).click();
  await expect.poll(tiles).toBe(2);
});

test("live: a kept policy can be watched instead of the latest, by one page while another stays", async () => {
  const { page: other } = await openPage(browser, server.url);
  await page.getByRole("button", { name: "Live", exact: true }).click();
  for (const p of [page, other]) await expect.poll(() => p.getByTestId("readout-step").textContent()).toMatch(/\d/);
  const strengths = await readPixels(other.getByTestId("circuit"));
  await page.getByLabel("Policy watched").selectOption("100");
  await expect.poll(() => page.getByTestId("readout-step").textContent(), { timeout: 20_000 }).toMatch(/\d/);
  await waitForChange(page.getByTestId("circuit"), strengths, 1000);
  await page.screenshot({ path: "artifacts/live-checkpoint.png" });
  const step = await other.getByTestId("readout-step").textContent();
  await expect.poll(() => other.getByTestId("readout-step").textContent()).not.toBe(step);
  await page.getByLabel("Policy watched").selectOption("200");
  await page.getByRole("alert").getByText("step 200 is damaged").waitFor();
  await other.close();
});
