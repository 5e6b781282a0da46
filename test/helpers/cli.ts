import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** How a command ended and what it printed. */
export interface CliEnd {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program. */
export const cliMain = fileURLToPath(new URL("../../dist/src/cli/main.js", import.meta.url));
const residentMain = fileURLToPath(new URL("resident-cli.mjs", import.meta.url));

/** Runs the built command line in `cwd`, in a process of its own. `onText` sees what it prints, as it comes, and may send signals. */
export async function elegansProcess(
  args: readonly string[],
  cwd: string,
  onText?: (text: string, kill: (signal: NodeJS.Signals) => void) => void,
): Promise<CliEnd> {
  const child = spawn(process.execPath, [cliMain, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
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

let resident: ChildProcess | null = null;
let latest: Promise<unknown> = Promise.resolve();

/**
 * Runs the built command line in `cwd`, in a process that the commands of a test file share. Throws where the command left something open
 * that would have kept a process of its own from ending.
 */
export function elegans(args: readonly string[], cwd: string): Promise<CliEnd> {
  const end = latest.then(() => inResident(args, cwd));
  latest = end.catch(() => {});
  return end;
}

async function inResident(args: readonly string[], cwd: string): Promise<CliEnd> {
  resident ??= startResident();
  const { end, leftOpen } = await answerOf(resident, { args, cwd });
  const what = `elegans ${args.join(" ")}`;
  if (leftOpen.length > 0) throw new Error(`${what} left open: ${leftOpen.join(", ")}\n${end.stderr}`);
  return end;
}

function answerOf(child: ChildProcess, question: object): Promise<{ end: CliEnd; leftOpen: readonly string[] }> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`the process of commands ended with code ${code}`));
    child.once("exit", onExit);
    child.once("message", (answer) => {
      child.off("exit", onExit);
      resolve(answer as { end: CliEnd; leftOpen: string[] }); // our own script
    });
    child.send(question);
  });
}

/** Ends when this process does, and does not keep it from ending. */
function startResident(): ChildProcess {
  const child = fork(residentMain, { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  child.once("exit", () => (resident = null));
  child.unref();
  child.channel?.unref();
  return child;
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
