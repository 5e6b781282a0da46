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

const nodeRequire = createRequire(import.meta.url);
const NATIVE = "@tensorflow/tfjs-node";

/**
 * Sets the fastest TensorFlow.js backend that works: native (`@tensorflow/tfjs-node`), WebAssembly, plain JavaScript. A native package that is
 * installed but does not load or compute counts as absent. `load` loads a package by its name; another one is given in tests only.
 */
export async function useFastestBackend(load: (name: string) => unknown = nodeRequire): Promise<TfjsBackend> {
  const native = await tryNative(load);
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
async function tryNative(load: (name: string) => unknown): Promise<string | null> {
  restoreNodeUtil();
  try {
    load(NATIVE);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const isAbsent = code === "MODULE_NOT_FOUND" && message.includes(`'${NATIVE}'`);
    return isAbsent ? "not installed" : "its binary does not load";
  }
  try {
    return (await tf.setBackend("tensorflow")) && canAdd() ? null : "it did not start";
  } catch {
    return "it does not compute";
  }
}

const canAdd = (): boolean => tf.tidy(() => tf.add(tf.scalar(1), 2).dataSync()[0] === 3);

/** tfjs-node still calls what Node 23 removed from `util`. */
function restoreNodeUtil(): void {
  const util = nodeRequire("node:util") as Partial<Record<string, (value: unknown) => boolean>>;
  util["isNullOrUndefined"] ??= (value) => value === null || value === undefined;
  util["isArray"] ??= Array.isArray;
}

async function tryWasm(): Promise<boolean> {
  try {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    const folder = dirname(nodeRequire.resolve("@tensorflow/tfjs-backend-wasm"));
    setWasmPaths(join(folder, "/"));
    if (!(await tf.setBackend("wasm"))) return false;
    registerWasmTrainingKernels();
    return true;
  } catch {
    return false;
  }
}
