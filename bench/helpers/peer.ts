import { spawnSync } from "node:child_process";

/** Runs a Python peer (`bench/peers/NAME.py`) with `PYTHON` or `python3`; null where its packages are missing. It prints one JSON object. */
export function runPeer<T>(name: string, args: readonly string[]): T | null {
  const python = process.env["PYTHON"] ?? "python3";
  const { status, stdout } = spawnSync(python, [`bench/peers/${name}.py`, ...args], { encoding: "utf8" });
  if (status !== 0) return null;
  return JSON.parse(stdout) as T; // the peer script documents its fields
}
