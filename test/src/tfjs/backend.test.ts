import { createRequire } from "node:module";
import * as tf from "@tensorflow/tfjs";
import { afterEach, expect, test } from "vitest";
import { useFastestBackend } from "../../../src/tfjs/backend.ts";

const util = createRequire(import.meta.url)("node:util") as Record<string, unknown>;

afterEach(() => {
  if (tf.findBackendFactory("tensorflow") !== null) tf.removeBackend("tensorflow");
});

const notFound = (what: string) => (): never => {
  throw Object.assign(new Error(`Cannot find module '${what}'`), { code: "MODULE_NOT_FOUND" });
};
/** A stand-in for the native package: registers the plain backend under the native one's name. */
const register = (): void => {
  tf.registerBackend("tensorflow", () => tf.findBackendFactory("cpu")() as tf.KernelBackend);
  for (const kernel of tf.getKernelsForBackend("cpu")) tf.registerKernel({ ...kernel, backendName: "tensorflow" });
};

test("the native package is used where it loads and computes, and said so in one line", async () => {
  const backend = await useFastestBackend(register);
  expect(backend).toEqual({
    name: "tensorflow",
    message: expect.stringMatching(/^executor tfjs 4\.22\.\d+ runs on TensorFlow's native library$/),
  });
  expect(tf.getBackend()).toBe("tensorflow");
});

test.each([
  ["not installed", notFound("@tensorflow/tfjs-node")],
  ["its binary does not load", notFound("/somewhere/tfjs_binding.node")],
  [
    "its binary does not load",
    (): never => {
      throw new Error("The Node.js native addon module (tfjs_binding.node) can not be found at path: /somewhere");
    },
  ],
  [
    "it did not start",
    (): unknown =>
      tf.registerBackend("tensorflow", () => {
        throw new Error("no CPU features");
      }),
  ],
  ["it does not compute", (): unknown => tf.registerBackend("tensorflow", () => ({ dispose() {} }) as never)],
] as const)("%s: counts as absent, and the line says why and how to add it", async (reason, load) => {
  const { name, message } = await useFastestBackend(load);
  expect(name).toBe("wasm");
  expect(tf.getBackend()).toBe("wasm");
  expect(message).toContain(`WebAssembly backend (no native library: ${reason}; npm install @tensorflow/tfjs-node`);
  expect(message).not.toContain("\n");
});

test("what Node 23 removed from util is there again before the native package loads", async () => {
  const kept = [util["isNullOrUndefined"], util["isArray"]];
  try {
    util["isNullOrUndefined"] = undefined;
    util["isArray"] = undefined;
    let seen: readonly unknown[] = [];
    await useFastestBackend(() => {
      const isNone = util["isNullOrUndefined"] as (value: unknown) => boolean;
      const isArray = util["isArray"] as (value: unknown) => boolean;
      seen = [isNone(null), isNone(undefined), isNone(0), isArray([]), isArray({ length: 0 })];
      return notFound("@tensorflow/tfjs-node")();
    });
    expect(seen).toEqual([true, true, false, true, false]);
  } finally {
    [util["isNullOrUndefined"], util["isArray"]] = kept;
  }
});
