import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodePolicy, encodePolicy, type SavedPolicy } from "../../src/policy/saved-policy.ts";
import { openDatasetSource, startServer, type ViewerServer } from "../../src/server/index.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { changed, withBareGates } from "../helpers/bare-gates.ts";
import { boardPolicy } from "../helpers/board-policy.ts";
import { inventedSource } from "../helpers/invented-source.ts";
import {
  type Pixels,
  countColors,
  differingPixels,
  readPixels,
  waitForChange,
  waitForColors,
} from "../helpers/pixels.ts";
import { recordSmallDataset } from "../helpers/small-dataset.ts";
import { SMALL_SPEC, smallPolicy } from "../helpers/small-policy.ts";
import { openPage } from "../helpers/viewer-page.ts";

const { circuit: circuitSpec } = SMALL_SPEC;
if (circuitSpec.kind !== "cfc") throw new Error("the small policy has a circuit");
const MEMORY_SPEC = { ...SMALL_SPEC, circuit: { ...circuitSpec, mixedMemory: true } };
/** A memory that says much, and gates that listen. */
const loud = (saved: SavedPolicy): SavedPolicy =>
  changed(saved, (name, data) => (/lstm|time_.\.weight/.test(name) ? data.map((x) => 6 * x) : data));
/** What the gates of `withBareGates` move between, before tanh. */
const BARE = 3;

let folder: string;
let browser: Browser;
let server: ViewerServer;
let page: Page;
let complaints: readonly string[];

beforeAll(async () => {
  browser = await launchBrowser();
  const bytes = smallPolicy();
  const board = boardPolicy();
  const status = () => ({ phase: "viewing", steps: 0 }) as const;
  const bare = (policy: Uint8Array): Uint8Array => encodePolicy(withBareGates(decodePolicy(policy), BARE));
  const bareBoard = bare(board);
  const bareMemory = bare(encodePolicy(loud(decodePolicy(smallPolicy(MEMORY_SPEC)))));
  const bareSmall = bare(encodePolicy(loud(decodePolicy(smallPolicy()))));
  const boardWorld = { id: "MinAtar/Breakout-v1", args: {} };
  folder = await mkdtemp(join(tmpdir(), "elegans-explain-"));
  await recordSmallDataset(join(folder, "board"), board, 2, boardWorld.id);
  await recordSmallDataset(join(folder, "others"), smallPolicy(SMALL_SPEC, 9), 1);
  server = await startServer({
    token: "t",
    datasets: await Promise.all(["board", "others"].map((name) => openDatasetSource(join(folder, name)))),
    sources: [
      { ...inventedSource(), policy: () => ({ version: 1, bytes }), status },
      {
        ...inventedSource("board"),
        env: boardWorld,
        policy: () => ({ version: 1, bytes: board }),
        status,
      },
      {
        ...inventedSource("bare board"),
        env: boardWorld,
        policy: () => ({ version: 1, bytes: bareBoard }),
        status,
      },
      { ...inventedSource("bare memory"), policy: () => ({ version: 1, bytes: bareMemory }), status },
      { ...inventedSource("bare"), policy: () => ({ version: 1, bytes: bareSmall }), status },
    ],
  });
  ({ page, complaints } = await openPage(browser, `${server.url}&view=inspect&step=4`));
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const stepNow = async (): Promise<number> =>
  Number(((await page.getByTestId("clock").textContent()) ?? "").split(" / ")[0]);
const circuit = (): Locator => page.getByTestId("circuit");

test("why: the observation and the synapses that mattered, which the circuit then shows; another step, another answer", async () => {
  await expect.poll(() => stepNow(), { timeout: 20_000 }).toBe(4);
  await waitForColors(circuit(), 50);
  const byActivity = await readPixels(circuit());
  await page.getByRole("tab", { name: "Why" }).click();
  const rows = page.getByTestId("synapses-that-mattered").locator("li");
  await rows.first().waitFor();
  await expect.poll(() => page.getByTestId("explained").textContent()).toMatch(/^push (left|right) at step 4$/);
  const inputs = await page.getByTestId("saliency-bars").locator("li").allTextContents();
  expect(inputs).toHaveLength(4);
  const shares = await rows.locator(".number").allTextContents();
  const sizes = shares.map((s) => Math.abs(Number(s.replace("−", "-"))));
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
  expect(sizes[0]).toBeGreaterThan(0);
  await waitForChange(circuit(), byActivity, 500);
  await page.screenshot({ path: "artifacts/explain-why.png" });
  await page.getByRole("tab", { name: "Why" }).press(".");
  await expect.poll(() => page.getByTestId("explained").textContent()).toMatch(/at step 5$/);
  await expect.poll(() => page.getByTestId("saliency-bars").locator("li").allTextContents()).not.toEqual(inputs);
  await page.getByLabel("Output to explain").selectOption("push left");
  await expect.poll(() => page.getByTestId("explained").textContent()).toBe("push left at step 5");
  await rows.first().locator("button").first().click();
  await page.getByRole("tab", { name: "Neuron", exact: true }).click();
  await page.getByTestId("neuron-now").waitFor();
  expect(complaints).toEqual([]);
});

test("why, of a what-if: its own decisions with its lesions, or the episode's; as soon as it is forgotten, the episode's alone", async () => {
  await expect.poll(() => stepNow(), { timeout: 20_000 }).toBeGreaterThan(0);
  const explained = page.getByTestId("explained");
  const bars = (): Promise<string[]> => page.getByTestId("saliency-bars").locator("li").allTextContents();
  const whose = page.getByRole("tablist", { name: "Whose decision" });
  await page.getByRole("button", { name: "First step" }).click();
  for (let i = 0; i < 5; i++) await page.getByRole("button", { name: "One step on" }).click();
  await page.getByRole("tab", { name: "Neuron", exact: true }).click();
  await page.getByLabel("Find a neuron").fill("push left");
  await page.getByRole("button", { name: "Silence" }).click();
  await page.getByRole("tab", { name: "Why" }).click();
  await page.getByLabel("Output to explain").selectOption("push left");
  expect(await whose.count()).toBe(0);
  await page.getByRole("button", { name: "From step 5" }).click();
  await whose.waitFor();
  const ofWhatIf = whose.getByRole("tab", { name: "what if" });
  await expect.poll(() => ofWhatIf.getAttribute("aria-selected")).toBe("true");
  // push left is held: nothing that is seen speaks for it, so all bars are 0
  await expect.poll(async () => (await bars()).every((text) => text.endsWith("0.00"))).toBe(true);
  await page.screenshot({ path: "artifacts/explain-what-if.png" });
  await page.getByRole("button", { name: "One step back" }).click();
  await expect.poll(() => explained.textContent()).toBe("push left at step 4, the same in both");
  expect((await bars()).every((text) => text.endsWith("0.00"))).toBe(false);
  await page.getByRole("button", { name: "One step on" }).click();
  await expect.poll(() => explained.textContent()).toBe("push left at step 5");
  await whose.getByRole("tab", { name: "episode" }).click();
  await expect.poll(async () => (await bars()).every((text) => text.endsWith("0.00"))).toBe(false);
  const ofEpisode = await bars();
  await page.screenshot({ path: "artifacts/explain-what-if-episode.png" });
  await ofWhatIf.click();
  await page.getByRole("button", { name: "Forget" }).click();
  await expect.poll(() => whose.count()).toBe(0);
  await expect.poll(bars).toEqual(ofEpisode);
  await page.getByRole("button", { name: "Undo: push left silenced" }).click();
  expect(complaints).toEqual([]);
});

test("correlations sort by a click on a column; a cell opens its pair as a phase plot, where a click goes to a step", async () => {
  await page.getByRole("tab", { name: "Correlation" }).click();
  const table = page.getByTestId("correlations");
  await table.getByRole("button", { name: "pole rate" }).click();
  const column = (await table.locator("tbody tr").all()).map((row) => row.locator("td").last().textContent());
  const r = (await Promise.all(column)).map((text) => Math.abs(Number(text?.replace("−", "-"))));
  expect(r).toHaveLength(20);
  expect(r).toEqual(r.toSorted((a, b) => b - a));
  await page.screenshot({ path: "artifacts/explain-correlation.png" });
  const name = await table.locator("tbody th").first().textContent();
  await table.locator("tbody td").nth(5).getByRole("button").click();
  const phase = page.getByTestId("phase");
  await expect.poll(() => phase.getAttribute("aria-label")).toBe(`${name} against pole rate`);
  await waitForColors(phase, 10);
  await page.screenshot({ path: "artifacts/explain-phase.png" });
  await page.keyboard.press("Home");
  await expect.poll(() => stepNow()).toBe(0);
  await page.keyboard.press("End");
  await expect.poll(() => stepNow()).toBeGreaterThan(5);
  const atEnd = await readPixels(phase);
  await page.keyboard.press("Home");
  await expect.poll(() => stepNow()).toBe(0);
  const atStart = await waitForChange(phase, atEnd, 30);
  await page.keyboard.press("End");
  await waitForChange(phase, atStart, 30);
  const before = await stepNow();
  const box = await phase.boundingBox();
  for (const [x, y] of GRID) {
    await phase.click({ position: { x: (box?.width ?? 0) * x, y: (box?.height ?? 0) * y } });
    if ((await stepNow()) !== before) break;
  }
  expect(await stepNow()).not.toBe(before);
  await page.getByRole("tab", { name: "Circuit" }).click();
});

/** Places of a plane, so that one is near some point of any path. */
const GRID = Array.from({ length: 400 }, (_, i) => [0.12 + 0.04 * (i % 20), 0.06 + 0.04 * Math.floor(i / 20)] as const);

test("any neuron or number can be drawn: what is ticked in the list appears, eight lines at most", async () => {
  const traces = page.getByTestId("traces");
  const usual = await readPixels(traces);
  await page.getByRole("button", { name: "Choose traces" }).click();
  await page.getByLabel("Search traces").fill("inter");
  for (const box of (await page.getByRole("group", { name: "Inter neurons" }).getByRole("checkbox").all()).slice(0, 9))
    await box.check();
  await page.getByLabel("Search traces").fill("probability");
  await page.getByLabel("probability of push left").check();
  await page.screenshot({ path: "artifacts/traces-picker.png" });
  await page.getByLabel("Search traces").press("Escape");
  await expect.poll(() => page.getByLabel("Search traces").count()).toBe(0);
  await expect.poll(() => page.getByLabel("Traces shown").inputValue()).toBe("Chosen");
  const keys = await page.locator(".second .keys li").allTextContents();
  expect(keys).toHaveLength(8);
  expect(keys).toContain("probability of push left");
  await waitForChange(traces, usual, 100);
  for (const preset of ["Probabilities", "Value", "Reward", "Return"]) {
    await page.getByLabel("Traces shown").selectOption(preset);
    await waitForColors(traces, 5);
  }
  expect(complaints).toEqual([]);
});

test("what a policy saw in a picture is shown with VisualBackProp or gradient × input over it", async () => {
  const { page: board } = await openPage(browser, `${server.url}&view=inspect&run=1&step=3`, { colorScheme: "light" });
  await expect.poll(() => board.getByTestId("clock").textContent(), { timeout: 20_000 }).toMatch(/^3 /);
  await board.getByRole("tab", { name: "Why" }).click();
  const saliency = board.getByTestId("saliency");
  await saliency.waitFor();
  const visual = await readPixels(saliency);
  expect(countColors(visual)).toBeGreaterThan(5);
  await board.screenshot({ path: "artifacts/explain-picture.png" });
  await board.getByLabel("Overlay").selectOption("gradient × input");
  const gradient = await readPixels(saliency);
  expect(differingPixels(visual, gradient)).toBeGreaterThan(500);
  await board.getByLabel("Overlay").selectOption("picture alone");
  const third = await readPixels(saliency);
  expect(differingPixels(gradient, third)).toBeGreaterThan(500);
  await board.getByRole("button", { name: "First step" }).click(); // what was seen after reset, before any action
  await expect.poll(() => board.getByTestId("explained").textContent()).toMatch(/at step 0$/);
  const first = await readPixels(saliency);
  expect(differingPixels(third, first)).toBeGreaterThan(100);
  await board.getByLabel("Overlay").selectOption("VisualBackProp");
  await waitForChange(saliency, first, 500);
  await board.screenshot({ path: "artifacts/explain-first-picture.png" });
  await board.close();
});

/** The gate that makes an activation where nothing but the gate moves. */
const gateOf = (activation: number): number => (activation / Math.tanh(BARE) + 1) / 2;
const numberIn = async (from: Page, id: string): Promise<number> =>
  Number((await from.getByTestId(id).textContent())?.replace("−", "-"));
/** Waits until the gate that is shown is the one that made the activation shown beside it. */
const waitForOwnGate = (of: Page): Promise<void> =>
  expect
    .poll(async () => Math.abs((await numberIn(of, "neuron-gate")) - gateOf(await numberIn(of, "neuron-now"))))
    .toBeLessThan(0.01);

for (const [name, run] of [
  ["hears what convolutions make of a picture", 2],
  ["sits behind a mixed memory", 3],
] as const)
  test(`a neuron that ${name} shows the gate that made its activation, step by step`, async () => {
    const { page: bare, complaints: found } = await openPage(browser, `${server.url}&view=inspect&run=${run}&step=2`);
    await expect.poll(() => bare.getByTestId("clock").textContent(), { timeout: 20_000 }).toMatch(/^2 /);
    await bare.getByLabel("Find a neuron").fill("inter 1");
    for (const step of [2, 3, 4]) {
      await expect.poll(() => bare.getByTestId("clock").textContent()).toMatch(new RegExp(`^${step} `));
      await waitForOwnGate(bare);
      expect(await numberIn(bare, "neuron-time-constant")).toBeGreaterThan(0);
      await bare.getByRole("button", { name: "One step on" }).click();
    }
    expect(await bare.getByLabel("Gate over the episode").count()).toBe(run === 3 ? 1 : 0);
    await bare.screenshot({ path: `artifacts/explain-gate-${run}.png` });
    if (run === 2) {
      // Features are not recorded: no number is better than a pixel's.
      await bare.getByLabel("Find a neuron").fill("feature 0");
      await expect.poll(() => bare.getByTestId("neuron-now").textContent()).toBe("–");
    }
    expect(found).toEqual([]);
    await bare.close();
  });

test("a neuron in a what-if shows the what-if's trace and gates over the episode's; one that is held, that it is", async () => {
  const { page: other, complaints: found } = await openPage(browser, `${server.url}&view=inspect&run=4&step=2`);
  await expect.poll(() => other.getByTestId("clock").textContent(), { timeout: 20_000 }).toMatch(/^2 /);
  await other.getByLabel("Find a neuron").fill("inter 1");
  await waitForOwnGate(other);
  const gates = other.getByLabel("Gate over the episode");
  const before = await gates.locator("path").getAttribute("d");
  const lines = other.getByLabel("Activation over the episode").locator("path");
  expect(await lines.count()).toBe(1);
  await other
    .getByRole("button", { name: /^Cut the synapse from .* to inter 1$/ })
    .first()
    .click();
  await other.getByRole("button", { name: "From step 2" }).click();
  await other.getByTestId("outcome").waitFor();
  await expect.poll(() => lines.count()).toBe(2);
  await expect.poll(() => gates.locator("path").getAttribute("d")).not.toBe(before);
  for (const step of [3, 4, 5]) {
    await other.getByRole("button", { name: "One step on" }).click();
    await expect.poll(() => other.getByTestId("clock").textContent()).toMatch(new RegExp(`^${step} `));
    await waitForOwnGate(other);
  }
  await other.screenshot({ path: "artifacts/explain-neuron-what-if.png" });
  // Before it began, the steps are the episode's.
  for (let i = 0; i < 4; i++) await other.getByRole("button", { name: "One step back" }).click();
  await waitForOwnGate(other);
  await other.getByRole("button", { name: "Silence" }).click();
  await other.getByRole("button", { name: "From the start" }).click();
  await other.getByText("No time constant: it is held.").waitFor();
  await other.getByRole("button", { name: "Forget" }).click();
  await expect.poll(() => gates.locator("path").getAttribute("d")).toBe(before);
  expect(await lines.count()).toBe(1);
  expect(found).toEqual([]);
  await other.close();
});

test("a recorded episode's first picture is explained as the same one played in the page; without its policy the page says what is missing", async () => {
  const pictures: Pixels[] = [];
  for (const which of ["run=1&seed=1", "data=0&episode=1"]) {
    const { page: board } = await openPage(browser, `${server.url}&view=inspect&${which}&side=Why`);
    await expect.poll(() => board.getByTestId("explained").textContent(), { timeout: 20_000 }).toMatch(/at step 0$/);
    pictures.push(await readPixels(board.getByTestId("saliency")));
    await board.close();
  }
  const [played, recorded] = pictures;
  if (played === undefined || recorded === undefined) throw new Error("two were looked at");
  expect(differingPixels(played, recorded)).toBe(0);
  const { page: others } = await openPage(browser, `${server.url}&view=inspect&data=1&episode=0&neuron=3`);
  await others.getByText("No time constant: the policy that acted is not at hand.").waitFor({ timeout: 20_000 });
  await others.screenshot({ path: "artifacts/explain-no-policy.png" });
  await others.getByRole("tab", { name: "Why" }).click();
  await others.getByText("The policy that acted is not at hand: start the viewer on its run.").waitFor();
  await others.screenshot({ path: "artifacts/explain-no-policy-why.png" });
  await others.close();
});
