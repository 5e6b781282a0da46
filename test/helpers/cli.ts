import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** How a command ended and what it printed. */
export interface CliEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const main = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));

/** Runs the built command line in `cwd`. `onText` sees what it prints, as it comes, and may send signals. */
export async function elegans(
  args: readonly string[],
  cwd: string,
  onText?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<CliEnd> {
  const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const printed = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (text: string) => {
      printed[name] += text;
      onText?.(text, (signal) => child.kill(signal));
    });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { exitCode, ...printed };
}

/** Runs command lines that end by themselves in one process, each in a folder of its own; `left` names what they left there. */
export async function elegansEach(
  lines: readonly (readonly string[])[],
): Promise<readonly (CliEnd & { readonly left: readonly string[] })[]> {
  const script = fileURLToPath(new URL("run-cases.mjs", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(lines)]);
  return JSON.parse(stdout) as (CliEnd & { left: string[] })[]; // our own script
}

/** Options for a run that takes a fraction of a second. */
export const tiny = [
  "--total-steps",
  "1024",
  "--set",
  "evaluation.every=512",
  "--set",
  "evaluation.episodes=2",
  "--eval-episodes",
  "3",
];

/** Calls `use` with a fresh folder that is gone afterwards. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "elegans-cli-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
