import { writeFileAtomic } from "../../checkpoint/atomic-file.ts";
import { policyOnnx } from "../../export/onnx/policy-onnx.ts";
import { packageVersion } from "../../run/run-info.ts";
import { type ExportFormat, provenance } from "./export-format.ts";

/** One ONNX file. */
export const onnxFormat: ExportFormat = {
  summary: "one file for ONNX runtimes, a step at a time with the state going in and out",
  suffix: ".onnx",
  async write(policy, path) {
    const bytes = policyOnnx(policy.saved, packageVersion(), provenance(policy));
    await writeFileAtomic(path, bytes);
    return { path, bytes: bytes.length, use: "inputs obs, state (zeros at first), elapsed (1); feed next_state back" };
  },
};
