import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { policyGraph } from "../../../src/export/graph/policy-graph.ts";
import { layersModelFiles } from "../../../src/tfjs/layers-model-files.ts";
import { policyLayersModel } from "../../../src/tfjs/policy-step.ts";
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

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(1e-5);
}
