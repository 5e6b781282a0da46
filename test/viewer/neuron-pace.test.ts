import { expect, test } from "vitest";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { decodePolicy, type SavedPolicy } from "../../src/policy/saved-policy.ts";
import type { EpisodeTape } from "../../viewer/episode/episode.ts";
import { neuronPace } from "../../viewer/explain/neuron-pace.ts";
import { LabPolicy } from "../../viewer/lab/lab-policy.ts";
import { simulate } from "../../viewer/lab/simulate.ts";
import { SMALL_SPEC, smallPolicy } from "../helpers/small-policy.ts";

const WIRING = { kind: "AutoNCP", units: 20, outputSize: 2, sparsityLevel: 0.5, seed: 1 } as const;

async function episodeOf(saved: SavedPolicy): Promise<EpisodeTape> {
  const policy = await LabPolicy.create(saved);
  return simulate({
    title: "",
    policy,
    policyVersion: 1,
    envId: "CartPole-v1",
    envArgs: {},
    from: { kind: "seed", seed: 3 },
    clamps: [],
    obsNoise: 0,
    dropRate: 0,
    noiseSeed: 1,
    maxSteps: 40,
  });
}

/** ff1 and ff2 with weights 0 and biases ±b make next = tanh(b) (2 s - 1), which shows the gate that the kernels used. */
function withBareGates(saved: SavedPolicy, bias: number): SavedPolicy {
  const tensors = saved.tensors.map((t) => {
    const head = /layer_\d\.(ff1|ff2)\.(weight|bias)$/.exec(t.name);
    if (head === null) return t;
    return { ...t, data: t.data.map(() => (head[2] === "weight" ? 0 : head[1] === "ff1" ? -bias : bias)) };
  });
  return { spec: saved.spec, tensors };
}

for (const normalizeObs of [false, true])
  test(`CfC${normalizeObs ? ", normalised" : ""}: the gate of every neuron is the one that the kernels used (within 1e-5)`, async () => {
    const first = decodePolicy(smallPolicy({ ...SMALL_SPEC, normalizeObs }));
    first.tensors.find(({ name }) => name === "normalizer.mean")?.data.fill(0.03);
    first.tensors.find(({ name }) => name === "normalizer.variance")?.data.fill(0.2);
    const saved = withBareGates(first, 0.4);
    const episode = await episodeOf(saved);
    expect(episode.length).toBeGreaterThan(5);
    for (let id = 0; id < 20; id++) {
      const gate = neuronPace(saved, episode, id)?.gate ?? new Float32Array();
      expect(gate).toHaveLength(episode.length);
      gate.forEach((s, t) => {
        const used = ((episode.row(t).state[id] ?? NaN) / Math.tanh(0.4) + 1) / 2;
        expect(Math.abs(s - used)).toBeLessThan(1e-5);
      });
    }
  });

test("LTC: time constants stay below cm / leak, that of closed synapses, and change with what is heard", async () => {
  const spec: PolicySpec = {
    ...SMALL_SPEC,
    circuit: { kind: "ltc", wiring: WIRING, inputDim: 4, unfolds: 6, mixedMemory: false },
  };
  const saved = decodePolicy(smallPolicy(spec));
  const episode = await episodeOf(saved);
  const get = (role: string, id: number): number =>
    Math.log1p(Math.exp(saved.tensors.find(({ name }) => name === `circuit.rnn_cell.${role}`)?.data[id] ?? NaN));
  for (const id of [0, 5, 15]) {
    const pace = neuronPace(saved, episode, id);
    expect(pace?.gate).toBeNull();
    for (const tau of pace?.timeConstant ?? []) {
      expect(tau).toBeLessThan(get("cm", id) / get("gleak", id));
      expect(tau).toBeGreaterThan(0);
    }
    expect(new Set(pace?.timeConstant).size).toBeGreaterThan(3);
  }
});

test("what cannot be worked out is null: sensors behind an encoder, neurons that there are not", async () => {
  const saved = decodePolicy(smallPolicy());
  const episode = await episodeOf(saved);
  expect(neuronPace(saved, episode, -1)).toBeNull();
  expect(neuronPace(saved, episode, 20)).toBeNull();
  const encoded = {
    ...saved,
    spec: { ...saved.spec, encoder: { kind: "mlp", hidden: [4], activation: "tanh" } } as const,
  };
  expect(neuronPace(encoded, episode, 15)).toBeNull();
  expect(neuronPace(encoded, episode, 0)).not.toBeNull();
});
