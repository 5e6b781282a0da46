import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { policyModule } from "../../src/export/js/policy-module.ts";
import type { ExportedRunner } from "../../src/export/js/policy-runtime.ts";
import { decodePolicy, type SavedPolicy } from "../../src/policy/saved-policy.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { playWitness, policyZoo } from "../helpers/policy-zoo.ts";
import { smallPolicy } from "../helpers/small-policy.ts";

const html = fileURLToPath(new URL("../../examples/page/index.html", import.meta.url));
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Opens the example page beside an exported policy, without any server: requests are answered here. */
async function open(saved: SavedPolicy): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  const policy = policyModule(saved, { version: "1.2.3", metadata: {} });
  await page.route("http://example.test/**", async (route) =>
    route.request().url().endsWith(".js")
      ? route.fulfill({ contentType: "text/javascript", body: policy })
      : route.fulfill({ contentType: "text/html", body: await readFile(html, "utf8") }),
  );
  await page.goto("http://example.test/");
  return { page, complaints };
}

test("the example page plays CartPole with an exported policy until the pole falls", async () => {
  const { page, complaints } = await open(decodePolicy(smallPolicy()));
  await page.waitForSelector("body[data-done=yes]", { state: "attached", timeout: 30_000 });
  expect(complaints).toEqual([]);
  expect(Number(await page.locator("output").innerText())).toBeGreaterThan(5);
  await page.close();
});

test.each(["cfc with memory", "ltc", "board convolution"])(
  "%s: in a browser the module acts as the engine does, within 1e-5",
  async (name) => {
    const saved = policyZoo().get(name)!;
    const { page } = await open(saved);
    const steps = playWitness(saved, 6);
    const given = steps.map(({ obs, elapsed }) => ({ obs: Array.from(obs), elapsed }));
    const content = 'import { createPolicy } from "/policy.js"; globalThis.createPolicy = createPolicy;';
    await page.addScriptTag({ type: "module", content });
    const came = await page.evaluate(async (asked) => {
      const { createPolicy } = globalThis as unknown as { createPolicy(): Promise<ExportedRunner> }; // put there above
      const policy = await createPolicy();
      policy.reset();
      return asked.map(({ obs, elapsed }) => Array.from(policy.step(obs, elapsed).logits));
    }, given);
    steps.forEach(({ logits }, t) =>
      logits.forEach((logit, a) => expect(Math.abs(came[t]![a]! - logit)).toBeLessThan(1e-5)),
    );
    await page.close();
  },
);
