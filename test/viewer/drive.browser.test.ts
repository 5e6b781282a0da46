import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDemonstration } from "../../src/protocol/index.ts";
import { replayDemonstration } from "../../src/recording/replay-demonstration.ts";
import { DemonstrationStore, startServer, type ViewerServer } from "../../src/server/index.ts";
import { deflateSync } from "node:zlib";
import { launchBrowser } from "../helpers/browser.ts";
import { inventedSource } from "../helpers/invented-source.ts";
import { readPixels, waitForChange } from "../helpers/pixels.ts";
import { smallPolicy } from "../helpers/small-policy.ts";
import { openPage } from "../helpers/viewer-page.ts";

let folder: string;
let browser: Browser;
let server: ViewerServer;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "elegans-drive-"));
  browser = await launchBrowser();
  const policy = smallPolicy();
  const worlds = [
    { envId: "CartPole-v1", envArgs: {}, source: 0 },
    { envId: "LaneKeeping-v0", envArgs: {}, source: null },
    { envId: "MinAtar/Breakout-v1", envArgs: {}, source: null },
  ];
  server = await startServer({
    token: "t",
    sources: [{ ...inventedSource(), policy: () => ({ version: 1, bytes: policy }) }],
    demonstrations: new DemonstrationStore(folder, worlds),
  });
  ({ page, complaints } = await openPage(browser, server.url));
  await page.getByRole("button", { name: "Drive" }).click();
  await page.getByText("Ready when you are").waitFor();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const steps = async (): Promise<number> => Number(await page.getByTestId("drive-step").textContent());
const world = () => page.getByTestId("world");

test("an arrow key begins, the cart moves, the pole falls; Enter keeps it and the library has it", async () => {
  const before = await readPixels(world());
  await page.keyboard.press("ArrowRight");
  await page.getByTestId("verdict").waitFor();
  await expect.poll(() => page.getByTestId("drive-action").textContent()).toBe("push right");
  await waitForChange(world(), before, 500);
  await page.screenshot({ path: "artifacts/drive.png" });
  const played = await steps();
  await page.evaluate(() => {
    // Twice before the server answered: kept once.
    for (let i = 0; i < 2; i++) dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
  });
  await page.getByRole("button", { name: "episode 0 of CartPole-v1-human" }).click();
  await page.locator(".row.entry").first().waitFor();
  expect(await page.locator(".row.entry").count()).toBe(1);
  await expect
    .poll(() => page.locator(".row.entry").first().locator("span").allTextContents())
    .toEqual(["0", String(played), String(played), "terminated", "1", "human keyboard"]);
  await page.getByRole("button", { name: "Drive" }).click();
});

test("the policy drives until a key takes over; what the human did is counted", async () => {
  await page.keyboard.press("r");
  await page.getByRole("checkbox").check();
  await page.getByText("Ready when you are").waitFor();
  await page.keyboard.press("ArrowLeft");
  await page.getByTestId("driver").waitFor();
  await page.getByTestId("verdict").waitFor();
  await expect(page.getByTestId("verdict").textContent()).resolves.toMatch(/\d+ steps by hand/);
  await page.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("checkbox").uncheck();
});

test("lane keeping: the wheel turns gradually with the key, F stops, and the download plays again to the same end", async () => {
  await page.getByRole("combobox", { name: "World" }).selectOption("1");
  await page.getByText("Ready when you are").waitFor();
  await page.keyboard.down("ArrowLeft");
  await expect.poll(steps, { timeout: 20_000 }).toBeGreaterThan(4);
  const wheel = Number((await page.getByTestId("drive-action").textContent())?.replace("+", ""));
  expect(wheel).toBeGreaterThan(0);
  await page.keyboard.up("ArrowLeft");
  await page.keyboard.press("f");
  await page.getByText("Stopped").waitFor();
  await page.screenshot({ path: "artifacts/drive-lane.png" });
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const text = await readFile(await (await download).path(), "utf8");
  const { table } = await replayDemonstration(parseDemonstration(text), deflateSync, () => null);
  expect(table.numSteps).toBe(await steps());
});

test("a gamepad does it all: its stick begins and drives, Start pauses, keeps and plays again", async () => {
  await page.getByRole("combobox", { name: "World" }).selectOption("0");
  await page.getByText("Ready when you are").waitFor();
  await page.evaluate(() => {
    // Headless browsers have no gamepad: this one has the standard layout, and is held by the test.
    const pad = { connected: true, axes: [0, 0], buttons: Array.from({ length: 17 }, () => ({ pressed: false })) };
    Object.assign(globalThis, { pad });
    navigator.getGamepads = () => [null, pad as unknown as Gamepad];
    dispatchEvent(new Event("gamepadconnected"));
  });
  const hold = (axis: number, isStart = false): Promise<void> =>
    page.evaluate(
      ([x, start]) => {
        const { pad } = globalThis as unknown as { pad: { axes: number[]; buttons: { pressed: boolean }[] } };
        pad.axes[0] = x;
        pad.buttons[9]!.pressed = start;
        return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
      },
      [axis, isStart] as const,
    );
  const pressStart = async (axis = 0): Promise<void> => {
    await hold(axis, true);
    await hold(axis);
  };
  await hold(0.1);
  expect(await steps()).toBe(0); // sticks never rest exactly in the middle
  await hold(-1);
  await expect.poll(steps, { timeout: 20_000 }).toBeGreaterThan(0);
  await expect.poll(() => page.getByTestId("drive-action").textContent()).toBe("push left");
  await pressStart(-1);
  await page.getByText("Paused").waitFor();
  await pressStart(-1);
  await page.getByTestId("verdict").waitFor();
  await pressStart();
  await page.getByText("Kept").waitFor();
  await pressStart();
  await page.getByText("Ready when you are").waitFor();
  await page.getByRole("button", { name: "episode 1 of CartPole-v1-human" }).click();
  await page.locator(".row.entry", { hasText: "human gamepad" }).waitFor();
  await page.getByRole("button", { name: "Drive" }).click();
});

test("a game is played with arrows; P pauses it", async () => {
  await page.getByRole("combobox", { name: "World" }).selectOption("2");
  await page.getByText("Ready when you are").waitFor();
  await page.keyboard.press("ArrowRight");
  await expect.poll(steps, { timeout: 20_000 }).toBeGreaterThan(1);
  await page.keyboard.press("p");
  await page.getByText("Paused").waitFor();
  const at = await steps();
  await page.waitForTimeout(200);
  expect(await steps()).toBe(at);
  expect(complaints).toEqual([]);
});
