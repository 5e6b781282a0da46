// The compiler that builds and checks everything: TypeScript 7 (native, seven times faster) where npm has its binary for this
// machine, TypeScript 6 elsewhere. Both emit the same JavaScript.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const native = `@typescript/typescript-${process.platform}-${process.arch}`;

/** Path of the compiler's `tsc`, for `node PATH`. */
export function compilerPath() {
  const require = createRequire(`${root}node_modules/ts7/package.json`);
  try {
    require.resolve(`${native}/package.json`);
    if (existsSync(`${root}node_modules/ts7/bin/tsc`)) return "node_modules/ts7/bin/tsc";
  } catch {
    // no native compiler for this platform
  }
  return "node_modules/typescript/bin/tsc";
}

/** Runs the compiler in the project's folder; returns its exit status. */
export function runCompiler(args) {
  return spawnSync(process.execPath, [compilerPath(), ...args], { cwd: root, stdio: "inherit" }).status ?? 1;
}
