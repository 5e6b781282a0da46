import { describe, expect, test } from "vitest";
import { policyGraph } from "../../../src/export/graph/policy-graph.ts";
import { policyOnnx } from "../../../src/export/onnx/policy-onnx.ts";
import { runOnnx } from "../../helpers/onnx-interpreter.ts";
import { readOnnx } from "../../helpers/onnx-reader.ts";
import { playWitness, policyZoo } from "../../helpers/policy-zoo.ts";

const zoo = policyZoo();

// The same files go through onnxruntime and onnxruntime-web with the scripts in test/interop.
describe("an ONNX file computes what the engine computes, within 1e-5", () => {
  for (const [name, saved] of zoo)
    test(name, () => {
      const model = readOnnx(policyOnnx(saved, "1.2.3"));
      const { inputs } = policyGraph(saved);
      let state: readonly number[] = new Array(inputs.state).fill(0);
      for (const step of playWitness(saved, 5)) {
        const out = runOnnx(model, {
          obs: { shape: [1, ...saved.spec.obs.shape], data: step.obs },
          elapsed: { shape: [1, 1], data: [step.elapsed] },
          ...(inputs.state > 0 ? { state: { shape: [1, inputs.state], data: state } } : {}),
        });
        const logits = out.get(saved.spec.action.kind === "discrete" ? "logits" : "mean")!;
        expectClose(logits.data, step.logits);
        expectClose(out.get("action")!.data, [step.action].flat());
        if (inputs.state === 0) continue;
        state = Array.from(out.get("next_state")!.data);
        expectClose(state.slice(0, step.state.length), step.state);
      }
    });
});

test("the file says what it is, and its batch may have any length", () => {
  const saved = zoo.get("camera convolutions")!;
  const model = readOnnx(policyOnnx(saved, "1.2.3", { "elegans.env": "LaneKeepingCamera-v1" }));
  expect(model.irVersion).toBe(8);
  expect(model.opset).toBe(17);
  expect(model.inputs).toEqual([
    { name: "obs", type: 2, shape: ["N", 38, 50, 3] },
    { name: "state", type: 1, shape: ["N", 14] },
    { name: "elapsed", type: 1, shape: ["N", 1] },
  ]);
  expect(model.outputs).toEqual(["mean", "action", "next_state"]);
  expect(JSON.parse(model.metadata.get("elegans.spec")!)).toEqual(saved.spec);
  expect(JSON.parse(model.metadata.get("elegans.logStd")!)).toHaveLength(2);
  expect(model.metadata.get("elegans.env")).toBe("LaneKeepingCamera-v1");
});

test("a policy without one of its tensors is refused by that tensor's name", () => {
  const { spec, tensors } = zoo.get("cfc default")!;
  const without = tensors.filter(({ name }) => name !== "circuit.rnn_cell.layer_1.ff2.weight");
  expect(() => policyOnnx({ spec, tensors: without }, "1.2.3")).toThrow(/layer_1\.ff2\.weight is missing/);
});

test("a tensor that does not fit the spec is refused", () => {
  const { spec, tensors } = zoo.get("mlp")!;
  const cut = tensors.map((t) => (t.name === "circuit.1.weight" ? { ...t, data: t.data.subarray(1) } : t));
  expect(() => policyOnnx({ spec, tensors: cut }, "1.2.3")).toThrow(/does not fit/);
});

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(1e-5);
}
