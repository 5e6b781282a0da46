import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { policyGraph } from "../../../src/export/graph/policy-graph.ts";
import { ConfigError, FormatError } from "../../../src/errors.ts";
import { createPolicyRunner } from "../../../src/policy/create-policy-runner.ts";
import { layersModelFiles } from "../../../src/tfjs/layers-model-files.ts";
import { PolicyStep, policyLayersModel } from "../../../src/tfjs/policy-step.ts";
import type { SavedPolicy } from "../../../src/policy/saved-policy.ts";
import { playWitness, policyZoo } from "../../helpers/policy-zoo.ts";

beforeAll(() => tf.setBackend("cpu"));

/** Saves a policy's model to files and loads them as a page does, over HTTP requests that are answered from memory. */
async function savedAndLoaded(saved: SavedPolicy): Promise<tf.LayersModel> {
  const files = await layersModelFiles(policyLayersModel(saved));
  const fetchFunc = async (url: string): Promise<Response> => {
    const content = files.get(url.slice(url.lastIndexOf("/") + 1));
    return content === undefined ? new Response(null, { status: 404 }) : new Response(content as BodyInit);
  };
  return tf.loadLayersModel(
    tf.io.http("http://example.test/policy/model.json", { fetchFunc: fetchFunc as typeof fetch }),
  );
}

describe("a model saved and loaded with loadLayersModel computes what the engine computes, within 1e-5", () => {
  for (const [name, saved] of policyZoo())
    test(name, async () => {
      const model = await savedAndLoaded(saved);
      const { state: size } = policyGraph(saved).inputs;
      let state: tf.Tensor = tf.zeros([1, size]);
      for (const step of playWitness(saved, 4)) {
        const obs = tf.tensor(Float32Array.from(step.obs), [1, ...saved.spec.obs.shape]);
        const elapsed = tf.tensor2d([step.elapsed], [1, 1]);
        const out = model.predict(size === 0 ? [obs, elapsed] : [obs, state, elapsed]);
        const [logits, next] = Array.isArray(out) ? out : [out];
        expectClose(logits!.dataSync(), step.logits);
        if (next === undefined) continue;
        expectClose(next.dataSync().slice(0, step.state.length), step.state);
        state = next;
      }
    });
});

describe("setPolicy", () => {
  const saved = policyZoo().get("cfc on NCP, normalised")!;
  const layerOf = (model: tf.LayersModel): PolicyStep => model.getLayer("policy") as PolicyStep; // its only layer
  const renamed = (from: string, to: string): SavedPolicy => ({
    ...saved,
    tensors: saved.tensors.map((t) => (t.name === from ? { ...t, name: to } : t)),
  });
  const without = (name: string): SavedPolicy => ({ ...saved, tensors: saved.tensors.filter((t) => t.name !== name) });
  const thrownBy = (act: () => unknown): unknown => {
    try {
      act();
    } catch (error) {
      return error;
    }
    return null;
  };

  test.each([
    ["without a weight", without("encoder.0.weight"), /tensor encoder\.0\.weight is missing/],
    ["without the normaliser", without("normalizer.mean"), /tensor normalizer\.mean is missing/],
    ["without the critic of its spec", without("critic.0.bias"), /tensor critic\.0\.bias is missing/],
    [
      "with a foreign tensor",
      { ...saved, tensors: [...saved.tensors, { name: "x.y", shape: [1], data: new Float32Array(1) }] },
      /tensor x\.y does not belong/,
    ],
    ["with a tensor of another name", renamed("actor.bias", "actor.bais"), /tensor actor\.bias is missing/],
    [
      "with a misshapen tensor",
      { ...saved, tensors: saved.tensors.map((t) => (t.name === "actor.bias" ? { ...t, shape: [1, 3] } : t)) },
      /actor\.bias: shape \[1, 3\], expected \[3\]/,
    ],
  ])("a policy %s is refused with the engine's error, and no weight has changed", (_, policy, message) => {
    const layer = layerOf(policyLayersModel(saved));
    const before = layer.getWeights().map((weight) => [...weight.dataSync()]);
    const moved = { ...policy, tensors: policy.tensors.map((t) => ({ ...t, data: t.data.map((x) => x + 1) })) };
    const error = thrownBy(() => layer.setPolicy(moved));
    expect(error).toBeInstanceOf(FormatError);
    expect(error).toMatchObject({ code: "policy-tensors", message: expect.stringMatching(message) });
    expect(error).toEqual(thrownBy(() => createPolicyRunner(moved)));
    expect(layer.getWeights().map((weight) => [...weight.dataSync()])).toEqual(before);
  });

  test("before the layer is built is refused", () => {
    const layer = new PolicyStep({ policy: saved.spec, name: "policy" });
    const message = "layer policy is not built: apply it to an input first";
    expect(() => layer.setPolicy(saved)).toThrow(new ConfigError("not-built", message));
  });
});

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(1e-5);
}
