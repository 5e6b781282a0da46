import { mkdirSync, readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { WebSocket as NodeSocket } from "ws";
import { startServer, type ViewerServer } from "../../src/server/index.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { inventedSource } from "../helpers/invented-source.ts";
import {
  countColors,
  differingPixels,
  meanDifference,
  readPixels,
  restingPixels,
  waitForChange,
  waitForColors,
} from "../helpers/pixels.ts";
import { smallPolicy } from "../helpers/small-policy.ts";

const TOKEN = "a-token-for-tests";
let browser: Browser;
let server: ViewerServer;

const bytes = smallPolicy();
/** A real policy in the real CartPole; the training records are invented. */
const source = { ...inventedSource(), policy: () => ({ version: 1, bytes }) };
const serve = (port = 0): Promise<ViewerServer> => startServer({ port, token: TOKEN, sources: [source] });

beforeAll(async () => {
  mkdirSync("artifacts", { recursive: true });
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
// A server for each test: what one pauses, no other finds paused.
beforeEach(async () => void (server = await serve()));
afterEach(() => server.close());

async function openPage(url = server.url, colorScheme: "dark" | "light" = "dark"): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme, reducedMotion: "reduce" });
  await page.goto(url);
  return page;
}

const state = (page: Page): Promise<string | null> => page.getByTestId("connection").getAttribute("data-state");

/** Waits until an episode has ended, so that there is something in every panel. */
async function waitForSteps(page: Page): Promise<void> {
  await expect.poll(() => page.getByTestId("readout-last").textContent(), { timeout: 20_000 }).toMatch(/^\d/);
}

test("the page connects, draws world and circuit, and complains about nothing", async () => {
  for (const scheme of ["dark", "light"] as const) {
    const page = await openPage(server.url, scheme);
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    await waitForSteps(page);
    expect(await state(page)).toBe("live");
    await waitForColors(page.getByTestId("world"), 3);
    await waitForColors(page.getByTestId("circuit"), 50);
    await page.screenshot({ path: `artifacts/live-${scheme}.png` });
    expect(complaints).toEqual([]);
    await page.close();
  }
});

test("the pole moves, the motor traces grow", async () => {
  const page = await openPage();
  await waitForSteps(page);
  const world = page.getByTestId("world");
  const chart = page.getByTestId("motor-chart");
  const [pole, traces] = [await readPixels(world), await readPixels(chart)];
  await waitForChange(world, pole, 200);
  await waitForChange(chart, traces, 500);
  await page.close();
});

test("live traces: other numbers, zoom by the wheel keeps following, dragging looks back until Follow, all saved as CSV", async () => {
  const page = await openPage();
  await waitForSteps(page);
  await expect.poll(async () => Number(await page.getByTestId("readout-step").textContent())).toBeGreaterThan(5);
  const chart = page.getByTestId("motor-chart");
  const plot = chart.locator(".u-over");
  await page.getByRole("button", { name: "Pause" }).click();
  const motors = await restingPixels(chart);
  await plot.hover();
  await page.mouse.wheel(0, -900);
  const zoomed = await waitForChange(chart, motors, 300);
  expect(await page.getByRole("button", { name: "Follow" }).count()).toBe(0);
  const box = await plot.boundingBox();
  const [x, y] = [(box?.x ?? 0) + 100, (box?.y ?? 0) + 40];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 60, y, { steps: 3 });
  await page.mouse.up();
  await page.getByRole("button", { name: "Follow" }).waitFor();
  await waitForChange(chart, zoomed, 100);
  await page.getByRole("button", { name: "Follow" }).click();
  expect(await page.getByRole("button", { name: "Follow" }).count()).toBe(0);
  for (const kind of ["Probabilities", "Value", "Return", "Observation"]) {
    await page.getByLabel("Traces shown").selectOption(kind);
    await expect.poll(async () => countColors(await readPixels(chart))).toBeGreaterThan(8);
  }
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as CSV" }).click();
  const lines = readFileSync(await (await coming).path(), "utf8")
    .trimEnd()
    .split("\n");
  expect(lines[0]).toMatch(/^time,action,motor_0,motor_1,probability_0,probability_1,value,reward,return,obs_0/);
  const times = lines.slice(1).map(Number.parseFloat);
  expect(times.length).toBeGreaterThan(1); // how many steps a busy page has seen is its own affair
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  await page.close();
});

test("pause stops the world, play lets it go on", async () => {
  const page = await openPage();
  await waitForSteps(page);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Play" }).waitFor();
  const paused = await restingPixels(page.getByTestId("world"));
  await page.waitForTimeout(400);
  expect(differingPixels(paused, await readPixels(page.getByTestId("world")))).toBe(0);
  await page.getByRole("button", { name: "Play" }).press("Enter");
  await expect
    .poll(async () => differingPixels(paused, await readPixels(page.getByTestId("world"))))
    .toBeGreaterThan(200);
  await page.close();
});

test("the theme button changes the look and the choice is remembered", async () => {
  const page = await openPage();
  await waitForSteps(page);
  const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.getByRole("button", { name: "Use the light theme" }).click();
  const light = await background();
  expect(light).not.toBe(dark);
  await page.reload();
  await waitForSteps(page);
  expect(await background()).toBe(light);
  await page.close();
});

test("nothing overlaps or is cut off at 1280 × 720, nor in the bar on a tablet", async () => {
  const page = await openPage();
  await waitForSteps(page);
  const boxes = await page.locator("section.panel, header.topbar").evaluateAll((elements) =>
    elements.map((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      return { left, right, top, bottom };
    }),
  );
  expect(boxes).toHaveLength(5);
  for (const [i, a] of boxes.entries()) {
    expect(a.left >= 0 && a.top >= 0 && a.right <= 1280 && a.bottom <= 720).toBe(true);
    for (const b of boxes.slice(i + 1))
      expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true);
  }
  await page.setViewportSize({ width: 820, height: 1180 });
  const bar = await page
    .locator("header.topbar > *")
    .evaluateAll((elements) =>
      elements
        .map((element) => element.getBoundingClientRect())
        .map(({ left, right, width }) => ({ left, right, width })),
    );
  let end = 0;
  for (const { left, right } of bar.filter(({ width }) => width > 0)) {
    expect(left).toBeGreaterThanOrEqual(end);
    end = right;
  }
  expect(end).toBeLessThanOrEqual(820);
  await page.screenshot({ path: "artifacts/live-tablet.png" });
  await page.close();
});

test("a wrong token is refused and the page says so", async () => {
  const page = await openPage(server.url.replace(TOKEN, "wrong"));
  await expect.poll(() => state(page), { timeout: 20_000 }).toBe("refused");
  await page.getByText("does not accept this token").waitFor();
  await page.close();
});

test("a page of another origin is refused", async () => {
  const page = await browser.newPage();
  await page.goto("data:text/html,<p>elsewhere</p>");
  const outcome = await page.evaluate(
    ({ port, token }) =>
      new Promise<string>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/ws?token=${token}`, "elegans.v1");
        socket.onopen = () => resolve("open");
        socket.onerror = () => resolve("refused");
      }),
    { port: server.port, token: TOKEN },
  );
  expect(outcome).toBe("refused");
  const status = await new Promise((resolve) => {
    const socket = new NodeSocket(`ws://127.0.0.1:${server.port}/ws?token=${TOKEN}`, "elegans.v1", {
      origin: "http://evil.example",
    });
    socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
    socket.on("error", () => {});
  });
  expect(status).toBe(403);
  await page.close();
});

test("the page reconnects after the server was killed and started again", async () => {
  let own = await serve();
  try {
    const page = await openPage(own.url);
    await waitForSteps(page);
    await own.close();
    await expect.poll(() => state(page)).toBe("retrying");
    own = await serve(own.port);
    await expect.poll(() => state(page), { timeout: 20_000 }).toBe("live");
    await waitForSteps(page);
    await page.close();
  } finally {
    await own.close();
  }
});

test("a server with nothing to show says what to do", async () => {
  const own = await startServer({ sources: [] });
  try {
    const page = await openPage(own.url);
    await page.getByText("Nothing to show yet").waitFor();
    await page.screenshot({ path: "artifacts/live-empty.png" });
    await page.close();
  } finally {
    await own.close();
  }
});

test("without WebGL world and circuit are drawn all the same", async () => {
  const plain = await launchBrowser(["--disable-3d-apis"]);
  try {
    const page = await plain.newPage({ viewport: { width: 1280, height: 720 } });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(server.url);
    await waitForSteps(page);
    expect(await page.evaluate(() => document.createElement("canvas").getContext("webgl2"))).toBeNull();
    await waitForColors(page.getByTestId("world"), 3);
    await waitForColors(page.getByTestId("circuit"), 50);
    await page.screenshot({ path: "artifacts/live-without-webgl.png" });
    expect(complaints).toEqual([]);
  } finally {
    await plain.close();
  }
});

test("with a graphics card the circuit is drawn as meshes, and looks as it does pixel by pixel", async () => {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 720 },
    colorScheme: "dark",
    reducedMotion: "reduce",
  });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  // The page asks WebGL who draws; here it is told that a card does.
  await page.addInitScript(() => {
    const UNMASKED_RENDERER = 0x9246;
    const answer = WebGL2RenderingContext.prototype.getParameter;
    WebGL2RenderingContext.prototype.getParameter = function (name: number) {
      return name === UNMASKED_RENDERER ? "a graphics card" : (answer.call(this, name) as unknown);
    };
  });
  await page.goto(server.url);
  await waitForSteps(page);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Play" }).waitFor();
  await page.getByRole("img", { name: "Synapses of the circuit" }).waitFor();
  await waitForColors(page.getByTestId("world"), 3);
  const meshes = await readPixels(page.getByTestId("circuit"));
  await page.screenshot({ path: "artifacts/live-webgl.png" });
  await page.close();
  const plain = await openPage();
  await plain.getByRole("img", { name: "Neurons and synapses of the circuit" }).waitFor();
  await expect.poll(() => plain.getByTestId("readout-step").textContent()).toMatch(/^\d/);
  const pixels = await readPixels(plain.getByTestId("circuit"));
  expect(countColors(meshes)).toBeGreaterThan(50);
  const blank = meshes.map(() => 0x151c23); // the panel's colour
  const ink = meanDifference(meshes, blank);
  expect(meanDifference(meshes, pixels)).toBeLessThan(ink / 8);
  expect(complaints).toEqual([]);
  await plain.close();
});
