import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { promisify } from "node:util";
import { z } from "zod";
import { packageRoot } from "../package-root.ts";

/** `run.json`: where a run came from. Nothing in training depends on it. */
export const RunInfo = z.object({
  format: z.literal("elegans-run"),
  version: z.literal(1),
  elegans: z.string(),
  node: z.string(),
  platform: z.string(),
  cpu: z.string(),
  cores: z.number(),
  memoryGiB: z.number(),
  gitCommit: z.string().nullable().describe("commit of the repository the command was given in; null outside of one"),
  command: z.array(z.string()).readonly().describe("arguments of the command, without node and script"),
  startedAt: z.string(),
  resumedAt: z.array(z.string()).readonly().describe("when the run was taken up again"),
});
/** See the schema of the same name. */
export type RunInfo = Readonly<z.infer<typeof RunInfo>>;

/** This package's version. */
export function packageVersion(): string {
  const { version }: { version: string } = JSON.parse(readFileSync(new URL("package.json", packageRoot), "utf8"));
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
