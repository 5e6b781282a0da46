import { ConfigError } from "../../src/errors.ts";
import type { PolicyNetwork } from "../../src/policy/policy-network.ts";

/** What computes a policy's sequences: our kernels, or TensorFlow.js in the calling thread. */
export type Executor = "wasm" | "tfjs";

/**
 * The network class of an executor. TensorFlow.js is loaded only when asked for, since it is optional; `announce` is told in one line what it
 * runs on. Rejects with ConfigError where it is not installed.
 */
export async function loadExecutor(
  executor: Executor,
  announce?: (message: string) => void,
): Promise<typeof PolicyNetwork | undefined> {
  if (executor === "wasm") return undefined;
  try {
    const [{ useFastestBackend }, { TfjsPolicyNetwork }] = await Promise.all([
      import("../../src/tfjs/backend.ts"),
      import("../../src/tfjs/policy-network.ts"),
    ]);
    announce?.((await useFastestBackend()).message);
    return TfjsPolicyNetwork;
  } catch (cause) {
    if ((cause as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    const message = "executor tfjs: TensorFlow.js is not installed; npm install @tensorflow/tfjs adds it";
    throw new ConfigError("no-tfjs", message, { cause });
  }
}
