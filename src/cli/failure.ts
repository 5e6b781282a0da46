import { CommanderError } from "commander";
import { GymError } from "gymnasium-js";
import { ConfigError, ElegansError, EnvError } from "../errors.ts";

/** Done; failed while doing it; asked in a way that cannot be done. */
export type ExitCode = 0 | 1 | 2;

/** Errors of asking that lie in the machine's state, not in the words. */
const failures: ReadonlySet<string> = new Set(["port-in-use", "cannot-listen", "viewer-not-built"]);

/** What a thrown value means for the user: the exit code, and the message to print (null: it is printed already). */
export function explainFailure(thrown: unknown): { readonly exitCode: ExitCode; readonly message: string | null } {
  if (thrown instanceof CommanderError) return { exitCode: thrown.exitCode === 0 ? 0 : 2, message: null };
  if (thrown instanceof ConfigError)
    return { exitCode: failures.has(thrown.code) ? 1 : 2, message: `error: ${thrown.message}` };
  if (thrown instanceof EnvError && thrown.code === "import-failed")
    return { exitCode: 2, message: `error: ${thrown.message}` };
  if (thrown instanceof ElegansError) return { exitCode: 1, message: `error: ${thrown.message}` };
  if (thrown instanceof GymError) return { exitCode: 2, message: `error: ${thrown.message}` };
  const system = systemText(thrown);
  if (system !== null) return { exitCode: 1, message: `error: ${system}` };
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { exitCode: 1, message: `error: internal: this is a bug of elegans, please report it\n${text}` };
}

const systemTexts: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  EFBIG: "the file would become larger than allowed",
  EIO: "the disk reports an error",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "that is a folder",
  EEXIST: "it exists already",
  EMFILE: "too many open files",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "too many links",
};

function systemText(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !("code" in thrown) || typeof thrown.code !== "string") return null;
  const why = systemTexts[thrown.code];
  if (why === undefined) return null;
  const path = "path" in thrown && typeof thrown.path === "string" ? thrown.path : null;
  const syscall = "syscall" in thrown ? String(thrown.syscall) : "";
  const isReading =
    ["read", "scandir", "stat", "access"].includes(syscall) || (syscall === "open" && thrown.code === "ENOENT");
  return path === null ? `file system: ${why}` : `cannot ${isReading ? "read" : "write"} ${path}: ${why}`;
}
