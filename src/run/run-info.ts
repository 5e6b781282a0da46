import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { promisify } from "node:util";

/** `run.json`: where a run came from. Nothing in training depends on it. */
export interface RunInfo {
  readonly format: "elegans-run";
  readonly version: 1;
  readonly elegans: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** commit of the repository the command was given in; null outside of one */
  readonly gitCommit: string | null;
  /** arguments of the command, without node and script */
  readonly command: readonly string[];
  readonly startedAt: string;
  /** when the run was taken up again */
  readonly resumedAt: readonly string[];
}

/** This package's version. */
export function packageVersion(): string {
  const path = new URL(
    import.meta.url.includes("/dist/") ? "../../../package.json" : "../../package.json",
    import.meta.url,
  );
  const { version }: { version: string } = JSON.parse(readFileSync(path, "utf8"));
  return version;
}

/** What can be known about this machine and command. */
export async function collectRunInfo(command: readonly string[]): Promise<RunInfo> {
  return {
    format: "elegans-run",
    version: 1,
    elegans: packageVersion(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    gitCommit: await gitCommit(),
    command,
    startedAt: new Date().toISOString(),
    resumedAt: [],
  };
}

async function gitCommit(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { timeout: 2000 });
    return stdout.trim();
  } catch {
    return null; // no git, or no repository
  }
}
