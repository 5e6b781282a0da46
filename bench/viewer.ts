import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { make } from "gymnasium-js";
import type { Browser, Page } from "playwright-core";
import type { Column } from "../src/recording/column.ts";
import { DatasetWriter } from "../src/recording/dataset-writer.ts";
import { recordedSpace } from "../src/recording/space-json.ts";
import { openDatasetSource, startServer } from "../src/server/index.ts";
import { launchBrowser } from "../test/helpers/browser.ts";
import { firstLoadBytes } from "../test/helpers/first-load.ts";
import type { FanOuts } from "../test/helpers/invented-circuit.ts";
import { inventedRollout, inventedSource } from "../test/helpers/invented-source.ts";
import { recordSmallDataset } from "../test/helpers/small-dataset.ts";
import { smallPolicy } from "../test/helpers/small-policy.ts";

// The viewer under software rendering: pictures per second of a live circuit, how old they are, how long a long recording takes to open and a
// jump in it, how soon a library of many episodes is there, and the size of what the page loads first.
const isQuick = process.argv.includes("--quick");
const SECONDS = isQuick ? 1.5 : 6;
const LONG_STEPS = isQuick ? 5_000 : 100_000;
const MANY_EPISODES = isQuick ? 500 : 10_000;

/** Sensory, inter, command and motor neurons, and what each sends on. */
interface CircuitSizes {
  readonly counts: readonly [number, number, number, number];
  readonly fanOuts?: FanOuts;
}
/** 64 neurons and 400 synapses. */
const USUAL: CircuitSizes = { counts: [40, 32, 24, 8] };
/** 2,000 neurons and 2,000 synapses. */
const LARGE: CircuitSizes = {
  counts: [100, 1000, 900, 100],
  fanOuts: { sensory: 1, inter: 1, command: 1, recurrent: 0 },
};
/** 1,600 neurons and 8,292 synapses. */
const DENSE: CircuitSizes = { counts: [400, 1000, 590, 10] };

interface LiveFigures {
  readonly neurons: number;
  readonly synapses: number;
  readonly picturesPerSecond: number;
  readonly medianAgeMs: number;
}

async function live(browser: Browser, { counts, fanOuts }: CircuitSizes): Promise<LiveFigures> {
  const rollout = inventedRollout(1_000_000, counts, fanOuts);
  const circuit = rollout().load({ version: 1, bytes: new Uint8Array() });
  // Twice as many steps as pictures, so that every refresh of the screen has a new one to show.
  const source = { ...inventedSource(), stepsPerSecond: 120 };
  const server = await startServer({ sources: [source], makeRollout: rollout });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(server.url);
    await page.waitForFunction(() => Number(document.querySelector("[data-testid=readout-step]")?.textContent) > 30);
    const figures = await page.evaluate(measure, SECONDS * 1000);
    await page.close();
    return { neurons: circuit?.neurons.length ?? 0, synapses: circuit?.from.length ?? 0, ...figures };
  } finally {
    await server.close();
  }
}

/** Runs in the page. Counts screen refreshes that showed a new step. */
async function measure(forMs: number): Promise<{ picturesPerSecond: number; medianAgeMs: number }> {
  const readout = document.querySelector("[data-testid=readout-step]");
  const pill = document.querySelector("[data-testid=connection]");
  const ages: number[] = [];
  let last = readout?.textContent;
  let drawn = 0;
  const began = performance.now();
  while (performance.now() - began < forMs) {
    await new Promise(requestAnimationFrame);
    if (readout?.textContent === last) continue;
    last = readout?.textContent;
    drawn++;
    ages.push(Number(/\d+/.exec(pill?.getAttribute("title") ?? "")?.[0]));
  }
  const elapsed = (performance.now() - began) / 1000;
  return {
    picturesPerSecond: Math.round((drawn / elapsed) * 10) / 10,
    medianAgeMs: ages.sort((a, b) => a - b)[ages.length >> 1] ?? NaN,
  };
}

/** A recording of `steps` steps whose world is that of one CartPole snapshot after the other. */
async function recordLong(path: string, steps: number): Promise<void> {
  const env = make("CartPole-v1");
  env.reset({ seed: 1 });
  const snapshots = [env.snapshot(), ...[0, 1, 1, 0, 1].map((a) => (env.step(a), env.snapshot()))];
  const R = steps + 1;
  const wave = (width: number): Column => ({
    kind: "numbers",
    type: "float32",
    shape: [width],
    data: Float32Array.from({ length: R * width }, (_, i) => Math.sin(i / 97)),
  });
  const columns = new Map<string, Column>([
    ["observations", wave(4)],
    [
      "actions",
      { kind: "numbers", type: "int64", shape: [], data: BigInt64Array.from({ length: R }, (_, t) => BigInt(t % 2)) },
    ],
    ["rewards", { kind: "numbers", type: "float64", shape: [], data: new Float64Array(R).fill(1) }],
    ["terminations", { kind: "flags", data: new Uint8Array(R) }],
    ["truncations", { kind: "flags", data: new Uint8Array(R) }],
    [
      "infos",
      {
        kind: "group",
        columns: new Map<string, Column>([
          ["elapsedTime", { kind: "numbers", type: "float32", shape: [], data: new Float32Array(R).fill(1) }],
          [
            "snapshot",
            { kind: "bytes", values: Array.from({ length: R }, (_, t) => snapshots[t % snapshots.length] ?? null) },
          ],
          [
            "policy",
            {
              kind: "group",
              columns: new Map([
                ["state", wave(32)],
                ["motor", wave(2)],
                ["logits", wave(2)],
              ]),
            },
          ],
        ]),
      },
    ],
  ]);
  const writer = await DatasetWriter.open(path, {
    env: { id: "CartPole-v1", args: {} },
    observationSpace: recordedSpace(env.observationSpace, "observations"),
    actionSpace: recordedSpace(env.actionSpace, "actions"),
  });
  await writer.add(
    { numSteps: steps, columns },
    { return: steps, terminated: false, truncated: true, actor: { kind: "expert", name: "nobody" } },
  );
  env.close();
}

async function seeking(
  browser: Browser,
): Promise<{ steps: number; openMs: number; medianSeekMs: number; worstSeekMs: number }> {
  const folder = await mkdtemp(join(tmpdir(), "elegans-bench-"));
  const server = await (async () => {
    await recordLong(folder, LONG_STEPS);
    return startServer({ sources: [], datasets: [await openDatasetSource(folder)] });
  })();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(server.url);
    await page.locator(".row.entry").first().waitFor();
    const began = performance.now();
    await page.locator(".row.entry").first().click();
    const last = (LONG_STEPS - 1).toLocaleString("en");
    await page.getByText(`0 / ${last}`).waitFor();
    const openMs = Math.round(performance.now() - began);
    const times = await seekTimes(page);
    await page.close();
    const sorted = times.toSorted((a, b) => a - b);
    return {
      steps: LONG_STEPS,
      openMs,
      medianSeekMs: sorted[sorted.length >> 1] ?? NaN,
      worstSeekMs: sorted.at(-1) ?? NaN,
    };
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** From the slider's event to the end of the frame that shows the step and its picture, in the page. Throws when another step is shown. */
function seekTimes(page: Page): Promise<number[]> {
  return page.evaluate(async () => {
    const slider = document.querySelector<HTMLInputElement>(".timeline input");
    const clock = document.querySelector("[data-testid=clock]");
    if (slider === null || clock === null) throw new Error("no timeline");
    const times: number[] = [];
    for (let i = 1; i <= 21; i++) {
      const step = Math.floor((Number(slider.max) * ((i * 8) % 21)) / 21);
      const began = performance.now();
      slider.value = String(step);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      let isShown = false;
      while (!isShown && performance.now() - began < 5000) {
        await new Promise(requestAnimationFrame);
        isShown =
          clock.textContent.startsWith(`${step.toLocaleString("en")} /`) &&
          document.querySelector('[data-coming="true"]') === null;
      }
      if (!isShown) throw new Error(`shows ${clock.textContent}, not ${step}`);
      times.push(Math.round((performance.now() - began) * 10) / 10);
    }
    return times;
  });
}

/** A dataset of copies of one short episode, without their files: the list reads what each says about itself. */
async function recordMany(path: string, count: number): Promise<void> {
  await recordSmallDataset(path, smallPolicy(), 1);
  const about = JSON.parse(await readFile(join(path, "data/0/metadata.json"), "utf8")) as object;
  for (let id = 1; id < count; id++) {
    await mkdir(join(path, "data", String(id)));
    await writeFile(join(path, "data", String(id), "metadata.json"), JSON.stringify({ ...about, id }));
  }
}

/** From the click on the library to its first rows, and until every episode is listed. */
async function listing(browser: Browser): Promise<{ episodes: number; firstRowsMs: number; allMs: number }> {
  const folder = await mkdtemp(join(tmpdir(), "elegans-bench-"));
  await recordMany(folder, MANY_EPISODES);
  const server = await startServer({ sources: [inventedSource()], datasets: [await openDatasetSource(folder)] });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(server.url);
    const library = page.getByRole("button", { name: "Library" });
    await library.waitFor();
    const began = performance.now();
    await library.click();
    await page.locator(".row.entry").first().waitFor();
    const firstRowsMs = Math.round(performance.now() - began);
    const count = MANY_EPISODES.toLocaleString("en");
    await page.getByText(`${count} of ${count}`, { exact: true }).waitFor();
    const allMs = Math.round(performance.now() - began);
    await page.close();
    return { episodes: MANY_EPISODES, firstRowsMs, allMs };
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const browser = await launchBrowser();
try {
  const usual = await live(browser, USUAL);
  const large = isQuick ? null : await live(browser, LARGE);
  const dense = isQuick ? null : await live(browser, DENSE);
  const seek = await seeking(browser);
  const library = await listing(browser);
  if (usual.picturesPerSecond < 1 || !(usual.medianAgeMs >= 0)) throw new Error("the live page shows nothing new");
  console.log(
    JSON.stringify({
      bench: "viewer",
      renderer: "software",
      live: usual,
      liveLarge: large,
      liveDense: dense,
      seek,
      library,
      firstLoadKB: firstLoadBytes() / 1000,
    }),
  );
} finally {
  await browser.close();
}
