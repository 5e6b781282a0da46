import { mkdirSync } from "node:fs";
import type { Browser, Page } from "playwright-core";

/** How a page is opened. */
export interface PageOptions {
  readonly colorScheme?: "dark" | "light";
  readonly width?: number;
  readonly height?: number;
}

/** Every answer to a page comes up to this much later, by chance: `LATE_ANSWERS_MS=1500 npx vitest --project browser` finds what hangs on their order. */
const LATE_MS = Number(process.env["LATE_ANSWERS_MS"] ?? 0);

/** Opens an address at 1280 × 720 with reduced motion; `complaints` collects errors of the page and its console. */
export async function openPage(
  browser: Browser,
  url: string,
  { colorScheme = "dark", width = 1280, height = 720 }: PageOptions = {},
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  mkdirSync("artifacts", { recursive: true });
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, reducedMotion: "reduce" });
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
  if (LATE_MS > 0) await answerLate(page);
  await page.goto(url);
  return { page, complaints };
}

async function answerLate(page: Page): Promise<void> {
  await page.route("**/*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, Math.random() ** 2 * LATE_MS));
    await route.continue().catch(() => undefined); // the page may be gone by then
  });
}
