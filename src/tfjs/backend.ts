import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { registerWasmTrainingKernels } from "./wasm-training-kernels.ts";

/** What the tfjs executor runs on, in one line for the user. */
export interface TfjsBackend {
  readonly name: "tensorflow" | "wasm" | "cpu";
  readonly message: string;
}

const install = "npm install @tensorflow/tfjs-node adds the native one";

/**
 * Sets the fastest TensorFlow.js backend that loads: native (`@tensorflow/tfjs-node`), WebAssembly, plain JavaScript. A native package
 * whose binary is missing counts as absent.
 */
export async function useFastestBackend(): Promise<TfjsBackend> {
  const native = await tryNative();
  if (native === null) return announce("tensorflow", "TensorFlow's native library");
  if (await tryWasm())
    return announce("wasm", `TensorFlow.js' WebAssembly backend (no native library: ${native}; ${install})`);
  await tf.setBackend("cpu");
  return announce("cpu", `TensorFlow.js' plain JavaScript backend, slow (no native library: ${native}; ${install})`);
}

const announce = (name: TfjsBackend["name"], on: string): TfjsBackend => ({
  name,
  message: `executor tfjs ${tf.version_core} runs on ${on}`,
});

/** Null when the native library loaded, otherwise why not. */
async function tryNative(): Promise<string | null> {
  restoreNodeUtil();
  try {
    createRequire(import.meta.url)("@tensorflow/tfjs-node");
    return (await tf.setBackend("tensorflow")) ? null : "it did not start";
  } catch (error) {
    const { code } = error as { code?: string };
    return code === "MODULE_NOT_FOUND" ? "not installed" : "its binary does not load";
  }
}

/** tfjs-node still calls `util.isNullOrUndefined`, which Node 23 removed. */
function restoreNodeUtil(): void {
  const util = createRequire(import.meta.url)("node:util") as { isNullOrUndefined?: (value: unknown) => boolean };
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
}

async function tryWasm(): Promise<boolean> {
  try {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    const folder = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
    setWasmPaths(join(folder, "/"));
    if (!(await tf.setBackend("wasm"))) return false;
    registerWasmTrainingKernels();
    return true;
  } catch {
    return false;
  }
}
