// Runs exported policies with onnxruntime-web in Node; every output must be ours to 1e-5.
// Use: npx tsx test/interop/write-onnx-cases.ts /tmp/onnx && npm install --no-save --ignore-scripts onnxruntime-web
//      node test/interop/onnx-web.mjs /tmp/onnx
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const ort = createRequire(join(process.cwd(), "package.json"))("onnxruntime-web");
ort.env.wasm.numThreads = 1;
const [folder] = process.argv.slice(2);
const names = readdirSync(folder).filter((name) => name.endsWith(".onnx"));
assert.ok(names.length > 0, "no .onnx file in the folder");
let worst = 0;
for (const name of names) {
  const session = await ort.InferenceSession.create(readFileSync(join(folder, name)));
  const about = JSON.parse(readFileSync(join(folder, name.replace(/onnx$/, "json")), "utf8"));
  const first = about.action === "discrete" ? "logits" : "mean";
  let state = new Float32Array(about.stateSize);
  for (const step of about.steps) {
    const { dtype, shape } = about.obs;
    const obs = dtype === "uint8" ? Uint8Array.from(step.obs) : Float32Array.from(step.obs);
    const feeds = {
      obs: new ort.Tensor(dtype, obs, [1, ...shape]),
      elapsed: new ort.Tensor("float32", [step.elapsed], [1, 1]),
    };
    if (state.length > 0) feeds.state = new ort.Tensor("float32", state, [1, state.length]);
    const out = await session.run(feeds);
    state = out.next_state?.data ?? state;
    for (const [i, value] of step.logits.entries()) worst = Math.max(worst, Math.abs(out[first].data[i] - value));
    for (const [i, value] of step.state.entries()) worst = Math.max(worst, Math.abs(state[i] - value));
    assert.ok(worst < 1e-5, `${name}: difference ${worst}`);
    const chosen = Array.from(out.action.data, Number);
    for (const [i, value] of [step.action].flat().entries()) assert.ok(Math.abs(chosen[i] - value) < 1e-5, name);
  }
  await session.release();
}
process.stdout.write(
  `${names.length} policies, worst difference ${worst.toExponential(2)} (onnxruntime-web ${ort.env.versions.web})\n`,
);
