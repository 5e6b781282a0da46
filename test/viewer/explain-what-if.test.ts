import { expect, test } from "vitest";
import { buildWiring } from "../../src/ncp/index.ts";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { decodePolicy } from "../../src/policy/saved-policy.ts";
import { Explainer } from "../../viewer/explain/explainer.ts";
import { observationsOf } from "../../viewer/explain/observations.ts";
import { intervene, type Intervention } from "../../viewer/lab/interventions.ts";
import { LabPolicy } from "../../viewer/lab/lab-policy.ts";
import { simulate, type Simulation } from "../../viewer/lab/simulate.ts";
import { boardPolicy } from "../helpers/board-policy.ts";
import { plainCfc, plainLtc, type PlainStep } from "../helpers/plain-circuit.ts";
import { SMALL_SPEC, smallPolicy } from "../helpers/small-policy.ts";

const WORLD = { envId: "CartPole-v1", envArgs: {} };
const WIRING = { kind: "AutoNCP", units: 20, outputSize: 2, sparsityLevel: 0.5, seed: 1 } as const;
const LTC_SPEC: PolicySpec = {
  ...SMALL_SPEC,
  circuit: { kind: "ltc", wiring: WIRING, inputDim: 4, unfolds: 6, mixedMemory: false },
};
const still = { title: "", policyVersion: 1, ...WORLD, clamps: [], obsNoise: 0, dropRate: 0, noiseSeed: 1 };
const play = (change: Pick<Simulation, "policy" | "from" | "maxSteps"> & Partial<Simulation>) =>
  simulate({ ...still, ...change });

const BRANCH = 6;
const STEP = 8;
/** A drawn synapse into motor neuron 0. */
const CUT = [...Array(20).keys()].find((from) => buildWiring(WIRING, 4).adjacency[from * 20] !== 0) ?? NaN;
const LESIONS: readonly Intervention[] = [
  { kind: "clamp", neuron: 15, value: 0.7 },
  { kind: "clamp", neuron: -2, value: 0.2 },
  { kind: "cut", from: CUT, to: 0 },
];

for (const [name, spec, plain] of [
  ["CfC", SMALL_SPEC, plainCfc],
  ["LTC", LTC_SPEC, plainLtc],
] as const)
  test(`${name}: a what-if's decision is explained with its lesions in force, from where it began (plain circuit, central differences, within 0.1 %)`, async () => {
    const saved = decodePolicy(smallPolicy(spec));
    const policy = await LabPolicy.create(saved);
    const episode = await play({ policy, from: { kind: "seed", seed: 3 }, maxSteps: 12 });
    const changed = intervene(saved, LESIONS);
    const clamps = LESIONS.filter((i) => i.kind === "clamp");
    const from = { kind: "step", episode, step: BRANCH } as const;
    const whatIf = await play({ policy: await LabPolicy.create(changed.saved), from, clamps, maxSteps: STEP + 1 });
    const { inputs, synapses, step } = await (await Explainer.create(changed)).explain(whatIf, WORLD, STEP, 1);
    expect(step).toBe(STEP);

    const steps = (gain?: PlainStep["gain"], obs: ArrayLike<number> = whatIf.row(STEP).obs): PlainStep[] =>
      Array.from({ length: STEP + 1 }, (_, t) =>
        t < BRANCH
          ? { obs: episode.row(t).obs }
          : {
              obs: t === STEP ? obs : whatIf.row(t).obs,
              interventions: LESIONS,
              ...(gain === undefined ? {} : { gain }),
            },
      );
    const logit = (...of: Parameters<typeof steps>): number => plain(saved, steps(...of)).at(-1)?.[1] ?? NaN;
    expect(logit()).toBeCloseTo(whatIf.row(STEP).logits[1] ?? NaN, 4);
    const slope = (at: (by: number) => number): number => (at(1e-4) - at(-1e-4)) / 2e-4;
    const pushes = [0, 1, 2, 3].map((d) => {
      const { obs } = whatIf.row(STEP);
      return (obs[d] ?? 0) * slope((by) => logit(undefined, Float64Array.from(obs).with(d, (obs[d] ?? 0) + by)));
    });
    expect(pushes[1]).toBeCloseTo(0, 12); // nobody hears the sensor that is held
    const size = Math.max(...pushes.map(Math.abs));
    pushes.forEach((push, d) => expect(Math.abs((inputs?.[d] ?? NaN) - push)).toBeLessThan(0.001 * size));

    const held = [15, -2]; // what their synapses carry does not come from weights any more
    for (const some of [
      synapses.filter((s) => held.includes(s.from)),
      synapses.filter((s, i) => !held.includes(s.from) && i % 5 === 0),
    ]) {
      const largest = Math.max(...some.map(({ share }) => Math.abs(share)));
      expect(largest).toBeGreaterThan(1e-4);
      for (const { from: source, to, share } of some) {
        const expected = slope((by) => logit({ from: source, to, factor: 1 + by }));
        expect(Math.abs(share - expected)).toBeLessThan(0.001 * largest);
      }
    }
    expect(synapses.find((s) => s.from === CUT && s.to === 0)?.share).toBeCloseTo(0, 12);
  });

test("a what-if's pictures are seen again exactly, in its own world and from where it began", async () => {
  const saved = decodePolicy(boardPolicy());
  const policy = await LabPolicy.create(saved);
  const breakout = { envId: "MinAtar/Breakout-v1", envArgs: {} };
  const episode = await play({ policy, ...breakout, from: { kind: "seed", seed: 3 }, maxSteps: 12 });
  const world = { ...breakout, envArgs: { stickyActionProb: 0.6 } };
  for (const step of [0, 2]) {
    const whatIf = await play({ policy, ...world, from: { kind: "step", episode, step }, maxSteps: 9 });
    expect([whatIf.begins, whatIf.length > step + 2]).toEqual([step, true]);
    const seen = await observationsOf(whatIf, world, saved.spec, step, whatIf.length - 1);
    expect(seen).toHaveLength(whatIf.length - step);
    const again = await LabPolicy.create(saved);
    if (step > 0) again.setState(episode.row(step - 1).state);
    seen.forEach((obs, i) => {
      const { elapsed, logits } = whatIf.row(step + i);
      expect(again.step(obs, elapsed).logits).toEqual(logits);
    });
    const { picture } = await (await Explainer.create({ saved, held: [] })).explain(whatIf, world, step, 1);
    expect(Math.max(...(picture?.grey ?? []))).toBe(1);
  }
});

test("a step whose observation was lost rests on the last one that arrived", async () => {
  const saved = decodePolicy(smallPolicy());
  const policy = await LabPolicy.create(saved);
  const episode = await play({ policy, from: { kind: "seed", seed: 3 }, dropRate: 0.5, maxSteps: 12 });
  const missed = Array.from({ length: episode.length }, (_, t) => t).filter((t) => episode.isMissed(t));
  const lost = missed.find((t) => t > 4 && !episode.isMissed(t - 1)) ?? NaN;
  const explainer = await Explainer.create({ saved, held: [] });
  const before = await explainer.explain(episode, WORLD, lost - 1, 0);
  expect(await explainer.explain(episode, WORLD, lost, 0)).toEqual(before);
  expect(before.step).toBe(lost - 1);
  // what was lost on the way was never heard: other numbers there change nothing
  const earlier = missed.filter((t) => t < lost);
  expect(earlier.length).toBeGreaterThan(0);
  for (const t of earlier) episode.columns.obs.fill(9, 4 * t, 4 * t + 4);
  expect(await explainer.explain(episode, WORLD, lost, 0)).toEqual(before);
});
