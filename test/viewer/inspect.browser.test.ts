import { copyFileSync, readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer, type ViewerServer } from "../../src/server/index.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { inventedSource } from "../helpers/invented-source.ts";
import { readPixels, waitForChange, waitForColors } from "../helpers/pixels.ts";
import { smallPolicy } from "../helpers/small-policy.ts";
import { openPage } from "../helpers/viewer-page.ts";

let browser: Browser;
let server: ViewerServer;

beforeAll(async () => {
  browser = await launchBrowser();
  const bytes = smallPolicy();
  server = await startServer({
    token: "t",
    sources: [
      { ...inventedSource(), policy: () => ({ version: 1, bytes }), status: () => ({ phase: "viewing", steps: 0 }) },
    ],
  });
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

const clock = async (page: Page): Promise<string> => (await page.getByTestId("clock").textContent()) ?? "";
const stepNow = async (page: Page): Promise<number> => Number((await clock(page)).split(" / ")[0]);
const lastStep = async (page: Page): Promise<number> => Number((await clock(page)).split(" / ")[1]);

async function openInspect(colorScheme: "dark" | "light" = "dark"): Promise<Awaited<ReturnType<typeof openPage>>> {
  const opened = await openPage(browser, server.url, { colorScheme });
  await opened.page.getByRole("button", { name: "Inspect" }).click();
  await expect.poll(() => lastStep(opened.page), { timeout: 20_000 }).toBeGreaterThan(5);
  return opened;
}

test("an episode is played in the page and shown, dark and light, without complaints", async () => {
  for (const scheme of ["dark", "light"] as const) {
    const { page, complaints } = await openInspect(scheme);
    await waitForColors(page.getByTestId("world").first(), 3);
    await waitForColors(page.getByTestId("circuit"), 50);
    await waitForColors(page.getByTestId("motor-traces"), 5);
    await page.screenshot({ path: `artifacts/inspect-${scheme}.png` });
    expect(complaints).toEqual([]);
    await page.close();
  }
});

test("keys: step, jump, first and last step, play and pause; the world follows", async () => {
  const { page } = await openInspect();
  const last = await lastStep(page);
  const before = await readPixels(page.getByTestId("world"));
  await page.keyboard.press(".");
  await page.keyboard.press(".");
  await page.keyboard.press(",");
  await expect.poll(() => stepNow(page)).toBe(1);
  await page.keyboard.press("End");
  await expect.poll(() => stepNow(page)).toBe(last);
  await waitForChange(page.getByTestId("world"), before, 100);
  await page.keyboard.press("ArrowLeft");
  await expect.poll(() => stepNow(page)).toBe(Math.max(0, last - 10));
  await page.keyboard.press("Home");
  await expect.poll(() => stepNow(page)).toBe(0);
  await page.keyboard.press("Space");
  await expect.poll(() => stepNow(page)).toBe(last);
  await page.close();
});

test("a click on the timeline and on a trace goes there", async () => {
  const { page } = await openInspect();
  const last = await lastStep(page);
  const slider = page.getByRole("slider", { name: "Step" });
  const box = await slider.boundingBox();
  await slider.click({ position: { x: (box?.width ?? 0) / 2, y: 10 } });
  await expect.poll(async () => Math.abs((await stepNow(page)) - last / 2)).toBeLessThanOrEqual(1);
  const plot = page.getByTestId("motor-traces").locator(".u-over");
  const plotBox = await plot.boundingBox();
  await plot.click({ position: { x: (plotBox?.width ?? 0) - 2, y: 30 } });
  await expect.poll(() => stepNow(page)).toBeGreaterThanOrEqual(last - 1);
  await page.close();
});

test("a click on a neuron shows whom it hears and who hears it; search finds one by name", async () => {
  const { page } = await openInspect();
  const circuit = page.getByTestId("circuit");
  const label = page.locator(".labels .name", { hasText: "push left" });
  const [box, at] = [await circuit.boundingBox(), await label.boundingBox()];
  await circuit.click({ position: { x: (at?.x ?? 0) - (box?.x ?? 0) - 14, y: (at?.y ?? 0) - (box?.y ?? 0) + 9 } });
  await page.getByRole("heading", { name: "push left" }).waitFor();
  await expect.poll(() => page.getByText(/^Hears/).textContent()).not.toBe("Hears 0");
  await page.getByLabel("Find a neuron").fill("command 1");
  await page.getByRole("heading", { name: "command 1" }).waitFor();
  await page.screenshot({ path: "artifacts/inspect-neuron.png" });
  await page.close();
});

test("what if: a motor neuron held down changes the episode, and the page says from when on", async () => {
  const { page, complaints } = await openInspect();
  const original = await readPixels(page.getByTestId("motor-traces"));
  await page.keyboard.press(".");
  await page.keyboard.press(".");
  await page.getByLabel("Find a neuron").fill("push right");
  const hold = page.getByLabel("Hold push right at");
  await hold.focus();
  await page.keyboard.press("Home");
  await expect.poll(() => hold.inputValue()).toBe("-1");
  await page.getByRole("button", { name: "From step 2" }).click();
  const outcome = page.getByTestId("outcome");
  await outcome.waitFor();
  await expect.poll(() => outcome.textContent()).toMatch(/First other action at step \d+/);
  expect(await page.getByTestId("world").count()).toBe(2);
  await page.keyboard.press("End");
  await page.screenshot({ path: "artifacts/inspect-what-if.png" });
  await waitForChange(page.getByTestId("motor-traces"), original, 100);
  await page.getByRole("button", { name: "Forget" }).click();
  expect(await page.getByTestId("world").count()).toBe(1);
  expect(complaints).toEqual([]);
  await page.close();
});

test("the address keeps seed, step and neuron; opening it shows the same moment", async () => {
  const { page } = await openInspect();
  await page.getByLabel("Find a neuron").fill("command 0");
  await page.keyboard.press("Tab");
  await page.locator("h2", { hasText: "World" }).click();
  for (let i = 0; i < 3; i++) await page.keyboard.press(".");
  await expect.poll(() => page.url()).toContain("step=3");
  const state = await page.getByTestId("neuron-now").textContent();
  const { page: other } = await openPage(browser, page.url());
  await expect.poll(() => clock(other), { timeout: 20_000 }).toBe(await clock(page));
  await other.getByRole("heading", { name: "command 0" }).waitFor();
  await expect.poll(() => other.getByTestId("neuron-now").textContent()).toBe(state);
  await other.close();
  await page.close();
});

test("the address keeps the layout: what is shown where, the traces, and where a neuron was dragged to", async () => {
  const { page } = await openInspect();
  const name = page.locator(".labels .name", { hasText: "push left" });
  const before = await name.boundingBox();
  const box = await page.getByTestId("circuit").boundingBox();
  if (box === null || before === null) throw new Error("no circuit");
  const [x, y] = [before.x - 16, before.y + before.height / 2]; // the neuron is left of its name
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 60, y - 40, { steps: 4 });
  await page.mouse.up();
  await page.mouse.move(box.x + 5, box.y + 5);
  await page.getByRole("tab", { name: "Why" }).click();
  await page.getByLabel("Traces shown").selectOption("Value");
  await expect.poll(() => page.url()).toMatch(/side=Why&traces=Value&places=0_/);
  const moved = await name.boundingBox();
  expect((moved?.x ?? 0) - before.x).toBeCloseTo(-60, -1);
  const { page: other } = await openPage(browser, page.url()); // a browser that remembers nothing
  await expect.poll(() => clock(other), { timeout: 20_000 }).toBe(await clock(page));
  const there = other.locator(".labels .name", { hasText: "push left" });
  const apart = async (): Promise<number> => {
    const at = await there.boundingBox();
    return at === null || moved === null ? Infinity : Math.hypot(at.x - moved.x, at.y - moved.y);
  };
  await expect.poll(apart).toBeLessThan(1);
  await expect.poll(() => other.getByRole("tab", { name: "Why" }).getAttribute("aria-selected")).toBe("true");
  await expect.poll(() => other.getByLabel("Traces shown").inputValue()).toBe("Value");
  await page.getByTestId("circuit").dblclick({ position: { x: 5, y: 5 } });
  await expect.poll(() => page.url()).not.toContain("places=");
  await other.close();
  await page.close();
});

test("the episode can be saved as CSV with one line per step", async () => {
  const { page } = await openInspect();
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const path = await (await coming).path();
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  expect(lines).toHaveLength((await lastStep(page)) + 2);
  expect(lines[0]).toMatch(/^step,reward,value,elapsed,action_0,motor_0,motor_1/);
  await page.close();
});

test("a picture and a film of the page can be saved", async () => {
  const { page, complaints } = await openInspect();
  await page.getByLabel("Find a neuron").fill("push left");
  const picture = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save a picture" }).click();
  const png = readFileSync(await (await picture).path());
  expect(png.toString("latin1", 1, 4)).toBe("PNG");
  copyFileSync(await (await picture).path(), "artifacts/saved-picture.png");
  const view = new DataView(png.buffer, png.byteOffset);
  expect(view.getUint32(16)).toBe(2560);
  expect(view.getUint32(20)).toBeGreaterThan(1100);
  expect(png.length).toBeGreaterThan(50_000);
  for (const [format, head] of [
    ["webm", Buffer.from([0x1a, 0x45, 0xdf, 0xa3])],
    ["gif", Buffer.from("GIF89a")],
  ] as const) {
    await page.getByRole("button", { name: "Save a film" }).click();
    await page.getByRole("combobox", { name: "Format" }).selectOption(format);
    await page.getByRole("combobox", { name: "Speed" }).last().selectOption("16");
    const film = page.waitForEvent("download", { timeout: 60_000 });
    await page.getByRole("button", { name: "Make the film" }).click();
    const bytes = readFileSync(await (await film).path());
    copyFileSync(await (await film).path(), `artifacts/film.${format}`);
    expect(bytes.subarray(0, head.length)).toEqual(head);
    expect(bytes.length).toBeGreaterThan(5_000);
  }
  expect(complaints).toEqual([]);
  await page.close();
});

test("? shows the keys and Escape hides them; the focus is visible on every control", async () => {
  const { page } = await openInspect();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.screenshot({ path: "artifacts/help.png" });
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  const unmarked: string[] = [];
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press("Tab");
    const problem = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      const name = element.getAttribute("aria-label") ?? element.textContent ?? element.tagName;
      return outlineStyle === "none" || outlineWidth === "0px" ? name : null;
    });
    if (problem !== null) unmarked.push(problem);
  }
  expect(unmarked).toEqual([]);
  await page.close();
});

test("nothing overlaps or is cut off at 1280 × 720, nor on a tablet", async () => {
  const { page } = await openInspect();
  const boxesOf = (): Promise<{ left: number; right: number; top: number; bottom: number; wide: boolean }[]> =>
    page.locator("section.panel, header.topbar").evaluateAll((elements) =>
      elements.map((element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return { left, right, top, bottom, wide: element.scrollWidth > element.clientWidth + 1 };
      }),
    );
  const boxes = await boxesOf();
  expect(boxes).toHaveLength(7);
  for (const [i, a] of boxes.entries()) {
    expect(a.left >= 0 && a.top >= 0 && a.right <= 1280 && a.bottom <= 720 && !a.wide).toBe(true);
    for (const b of boxes.slice(i + 1))
      expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true);
  }
  await page.setViewportSize({ width: 820, height: 1180 });
  for (const { left, right, wide } of await boxesOf()) expect(left >= 0 && right <= 820 && !wide).toBe(true);
  await page.screenshot({ path: "artifacts/inspect-tablet.png", fullPage: true });
  await page.close();
});
