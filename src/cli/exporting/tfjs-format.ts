import { readdir } from "node:fs/promises";
import { writeFolderAtomic } from "../../checkpoint/atomic-file.ts";
import { ConfigError } from "../../errors.ts";
import type { SavedPolicy } from "../../policy/saved-policy.ts";
import type { ExportFormat } from "./export-format.ts";

/** A folder with a TensorFlow.js LayersModel. */
export const tfjsFormat: ExportFormat = {
  summary: 'a folder with a LayersModel for tf.loadLayersModel, beside import "elegans/tfjs"',
  suffix: "-tfjs",
  async write({ saved }, path) {
    await refuseForeign(path);
    const files = await modelFiles(saved);
    await writeFolderAtomic(path, files);
    const bytes = [...files.values()].reduce((sum, content) => sum + Buffer.byteLength(content), 0);
    return { path, bytes, use: 'import "elegans/tfjs", then tf.loadLayersModel(".../model.json")' };
  },
};

/** TensorFlow.js is optional: it is loaded only here. */
async function modelFiles(saved: SavedPolicy): Promise<ReadonlyMap<string, Uint8Array | string>> {
  try {
    const { layersModelFiles, policyLayersModel } = await import("../../tfjs/index.ts");
    return await layersModelFiles(policyLayersModel(saved));
  } catch (cause) {
    if ((cause as { code?: string }).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    const message = "--format tfjs: TensorFlow.js is not installed; npm install @tensorflow/tfjs adds it";
    throw new ConfigError("no-tfjs", message, { cause });
  }
}

/** A folder is replaced as a whole: only a free name, an empty folder or an earlier export may be. */
async function refuseForeign(path: string): Promise<void> {
  const entries = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  if (entries.every((name) => name === "model.json" || name === "weights.bin")) return;
  throw new ConfigError("not-empty", `${path} holds other files; choose another folder for --out`);
}
