// Writes one ONNX file per kind of policy into a folder, each with the steps our engine computed: onnx_runs.py and onnx-web.mjs read them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { policyOnnx } from "../../src/export/onnx/policy-onnx.ts";
import { policyGraph } from "../../src/export/graph/policy-graph.ts";
import { playWitness, policyZoo } from "../helpers/policy-zoo.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: tsx test/interop/write-onnx-cases.ts FOLDER");
mkdirSync(folder, { recursive: true });
for (const [name, saved] of policyZoo()) {
  const steps = playWitness(saved, 8).map((step) => ({
    ...step,
    obs: Array.from(step.obs),
    logits: Array.from(step.logits),
    state: Array.from(step.state),
  }));
  const { inputs } = policyGraph(saved);
  const about = { obs: saved.spec.obs, action: saved.spec.action.kind, stateSize: inputs.state, steps };
  const file = join(folder, name.replaceAll(/\W+/g, "-"));
  writeFileSync(`${file}.onnx`, policyOnnx(saved, "0.0.0"));
  writeFileSync(`${file}.json`, JSON.stringify(about));
}
