import { expect, test } from "vitest";
import { KernelPpoLoss } from "../../../agents/ppo/kernel-ppo-loss.ts";
import { ppoLoss, zeroSums, type PpoBatch } from "../../../agents/ppo/ppo-loss.ts";
import { Engine, MemoryPlan } from "../../../src/engine/index.ts";
import { PolicyConfig } from "../../../src/policy/policy-config.ts";
import { PolicyNetwork } from "../../../src/policy/policy-network.ts";
import { resolvePolicySpec } from "../../../src/policy/resolve-policy-spec.ts";
import { Box, Discrete } from "gymnasium-js";

const MAX_ROWS = 37;
const settings = {
  clipRange: 0.2,
  valueCoef: 0.5,
  entropyCoef: 0.03,
  advantageMean: 0.1,
  advantageScale: 1.7,
  totalRows: 50,
};

const wave = (n: number, phase: number, scale = 1): Float32Array =>
  Float32Array.from({ length: n }, (_, i) => scale * Math.sin(1.7 * i + phase));

function setUp(isDiscrete: boolean, A: number) {
  const observation = new Box(-1, 1, { shape: [3] });
  const action = isDiscrete ? new Discrete(A) : new Box(-1, 1, { shape: [A] });
  const spec = resolvePolicySpec(PolicyConfig.parse({ circuit: { kind: "mlp" } }), { observation, action }, 1);
  const plan = new MemoryPlan();
  const network = new PolicyNetwork(plan, spec, { maxRows: MAX_ROWS, maxBatch: 1 });
  const loss = new KernelPpoLoss(plan, network, MAX_ROWS);
  Engine.create(plan);
  const { logits, values } = network;
  for (let r = 0; r < MAX_ROWS; r++) {
    logits.data.set(wave(A, r, 2), r * logits.stride);
    values.data[r * values.stride] = Math.sin(2 * r);
  }
  network.logStd?.set(wave(A, 8, 0.3));
  return { network, loss };
}

test.each([
  ["discrete", true, 1],
  ["discrete", true, 2],
  ["discrete", true, 6],
  ["box", false, 1],
  ["box", false, 3],
  ["box", false, 4],
])(
  "%s, actions %#: sums within 1e-5 of their size and gradients within 1e-6 of the float64 definition",
  (_, isDiscrete, A) => {
    for (const R of [1, 4, MAX_ROWS])
      for (const valueClipRange of [null, 0.3]) {
        const { network, loss } = setUp(isDiscrete, A);
        const batch: PpoBatch = {
          actions: isDiscrete ? Int32Array.from({ length: R }, (__, r) => (2 * r) % A) : wave(R * A, 6),
          oldLogProb: wave(R, 0.3, 0.4).map((x) => x - (isDiscrete ? Math.log(A + 1) : 1.2 * A)),
          advantages: wave(R, 1),
          oldValue: wave(R, 2),
          returns: wave(R, 3),
        };
        const c = { ...settings, valueClipRange };
        const [computed, expected] = [zeroSums(), zeroSums()];
        loss.add(batch, R, c, computed);
        const { logits, logStd, dLogits, dValues } = network;
        const heads = {
          logits,
          logStd,
          value: network.values,
          dLogits: { data: new Float32Array(dLogits.length), stride: dLogits.stride },
          dLogStd: logStd && new Float32Array(A),
          dValue: { data: new Float32Array(dValues.length), stride: dValues.stride },
        };
        ppoLoss(batch, heads, R, A, c, expected);
        for (const key of Object.keys(expected) as (keyof typeof expected)[])
          expect(Math.abs(computed[key] - expected[key]), key).toBeLessThan(
            1e-5 * Math.max(R, Math.abs(expected[key])),
          );
        const pairs = [
          [dLogits.data, heads.dLogits.data],
          [dValues.data, heads.dValue.data],
          [network.dLogStd ?? [], heads.dLogStd ?? []],
        ] as const;
        for (const [got, want] of pairs)
          for (const [i, value] of want.entries())
            expect(Math.abs(got[i]! - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
      }
  },
);
