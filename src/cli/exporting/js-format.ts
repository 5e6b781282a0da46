import { writeFileAtomic } from "../../checkpoint/atomic-file.ts";
import { policyModule } from "../../export/js/policy-module.ts";
import { packageVersion } from "../../run/run-info.ts";
import { type ExportFormat, provenance } from "./export-format.ts";

/** One ES module with WebAssembly inside. */
export const jsFormat: ExportFormat = {
  summary: "one ES module for pages, workers and Node, WebAssembly and weights inside",
  suffix: ".js",
  async write(policy, path) {
    const text = policyModule(policy.saved, { version: packageVersion(), metadata: provenance(policy) });
    await writeFileAtomic(path, text);
    return { path, bytes: Buffer.byteLength(text), use: "import { createPolicy } from it; its first lines show how" };
  },
};
