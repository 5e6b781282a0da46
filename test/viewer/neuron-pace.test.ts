import { expect, test } from "vitest";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { decodePolicy, type SavedPolicy } from "../../src/policy/saved-policy.ts";
import type { EpisodeTape } from "../../viewer/episode/episode.ts";
import { NeuronPace } from "../../viewer/explain/neuron-pace.ts";
import { observationsOf } from "../../viewer/explain/observations.ts";
import type { Pace } from "../../viewer/explain/pace.ts";
import { LabPolicy } from "../../viewer/lab/lab-policy.ts";
import { simulate } from "../../viewer/lab/simulate.ts";
import { changed, withBareGates } from "../helpers/bare-gates.ts";
import { BOARD_SPEC } from "../helpers/board-policy.ts";
import { SMALL_SPEC, smallPolicy } from "../helpers/small-policy.ts";

const CARTPOLE = { envId: "CartPole-v1", envArgs: {} };
const BREAKOUT = { envId: "MinAtar/Breakout-v1", envArgs: {} };
const worldOf = ({ obs }: PolicySpec) => (obs.shape.length === 3 ? BREAKOUT : CARTPOLE);
const WIRING = { kind: "AutoNCP", units: 20, outputSize: 2, sparsityLevel: 0.5, seed: 1 } as const;
const { circuit } = SMALL_SPEC;
if (circuit.kind !== "cfc") throw new Error("the small policy has a circuit");
const cfc = (change: Partial<typeof circuit>): PolicySpec => ({ ...SMALL_SPEC, circuit: { ...circuit, ...change } });
const ltc = (change: Partial<PolicySpec["circuit"]> = {}): PolicySpec => ({
  ...SMALL_SPEC,
  circuit: { kind: "ltc", wiring: WIRING, inputDim: 4, unfolds: 1, mixedMemory: false, ...change } as Extract<
    PolicySpec["circuit"],
    { kind: "ltc" }
  >, // an LTC with other settings
});
const ENCODER = { kind: "mlp", hidden: [7, 5], activation: "tanh" } as const;

/** A policy with weights that no initialiser gives: an LSTM hears, a normaliser moves, an encoder bends. */
function policyOf(spec: PolicySpec): SavedPolicy {
  const saved = decodePolicy(smallPolicy(spec));
  for (const { name, data } of saved.tensors) {
    if (name === "normalizer.mean") data.fill(0.03);
    if (name === "normalizer.variance") data.fill(0.2);
    if (name.startsWith("encoder.") || name.startsWith("circuit.lstm.")) data.forEach((x, i) => (data[i] = 2.5 * x));
  }
  return saved;
}

async function episodeOf(saved: SavedPolicy): Promise<EpisodeTape> {
  const policy = await LabPolicy.create(saved);
  const still = { clamps: [], obsNoise: 0, dropRate: 0, noiseSeed: 1, maxSteps: 12 };
  const from = { kind: "seed", seed: 3 } as const;
  return simulate({ title: "", policy, policyVersion: 1, ...worldOf(saved.spec), from, ...still });
}

/** Paces of a neuron at every step. */
async function pacesOf(saved: SavedPolicy, episode: EpisodeTape, id: number): Promise<Pace[]> {
  const pace = await NeuronPace.of(saved, episode, worldOf(saved.spec), id);
  if (pace === null) throw new Error(`neuron ${id} has no pace`);
  return Promise.all(Array.from({ length: episode.length }, (_, t) => pace.at(t)));
}

/** State after step t of an episode, played again by the kernels with another policy or another time. */
async function playAgain(saved: SavedPolicy, episode: EpisodeTape, elapsed: number): Promise<Float32Array[]> {
  const policy = await LabPolicy.create(saved);
  const seen = await observationsOf(episode, worldOf(saved.spec), saved.spec, 0, episode.length - 1);
  return seen.map((obs, t) => {
    if (t === 0) policy.reset();
    else policy.setState(episode.row(t - 1).state);
    return policy.step(obs, elapsed).state;
  });
}

const CFCS: Readonly<Record<string, PolicySpec>> = {
  "as it is": SMALL_SPEC,
  normalised: { ...SMALL_SPEC, normalizeObs: true },
  "dense time gates": cfc({ masking: "ncps" }),
  "behind an MLP": { ...cfc({ inputDim: 5 }), encoder: ENCODER, normalizeObs: true },
  "behind convolutions": BOARD_SPEC,
  "with a memory": cfc({ mixedMemory: true }),
  "with a memory behind an MLP": { ...cfc({ mixedMemory: true, inputDim: 5 }), encoder: ENCODER },
  "keras, with a memory": cfc({ flavour: "keras", mixedMemory: true, inputDim: 20 }),
};

const BIAS = 0.4;
for (const [name, spec] of Object.entries(CFCS)) {
  test(`CfC ${name}: the gate of every neuron is the one that the kernels used (within 1e-5)`, async () => {
    const saved = withBareGates(policyOf(spec), BIAS);
    const episode = await episodeOf(saved);
    expect(episode.length).toBeGreaterThan(5);
    const size = spec.circuit.kind === "cfc" && spec.circuit.flavour === "keras" ? BIAS : Math.tanh(BIAS);
    const seen = new Set<number>();
    for (let id = 0; id < 20; id++)
      for (const [t, { gate }] of (await pacesOf(saved, episode, id)).entries()) {
        const used = ((episode.row(t).state[id] ?? NaN) / size + 1) / 2;
        expect(Math.abs((gate ?? NaN) - used)).toBeLessThan(1e-5);
        seen.add(used);
      }
    expect(seen.size).toBeGreaterThan(100); // gates of their own, every one at every step
  });

  test(`CfC ${name}: in a time constant more the odds of a gate change e-fold in the kernels (inter neurons, within 0.1 %)`, async () => {
    const saved = withBareGates(policyOf(spec), BIAS);
    const episode = await episodeOf(saved);
    const size = spec.circuit.kind === "cfc" && spec.circuit.flavour === "keras" ? BIAS : Math.tanh(BIAS);
    const [short, long] = await Promise.all([playAgain(saved, episode, 1), playAgain(saved, episode, 3)]);
    const logOdds = (state = NaN): number => Math.log((size + state) / (size - state));
    for (const id of [19, 14])
      for (const [t, { timeConstant }] of (await pacesOf(saved, episode, id)).entries()) {
        const rate = Math.abs(logOdds(long[t]?.[id]) - logOdds(short[t]?.[id])) / 2;
        expect(Math.abs(1 / timeConstant - rate)).toBeLessThan(1e-3 * Math.max(0.1, rate));
      }
  });
}

test("pure CfC: no gate; the time constant is the one that the kernels' states decay with (within 0.1 %)", async () => {
  const saved = changed(policyOf(cfc({ mode: "pure" })), (name, data) =>
    name.endsWith(".A") ? data.map(() => 1) : data,
  );
  const episode = await episodeOf(saved);
  const [short, long] = await Promise.all([playAgain(saved, episode, 1), playAgain(saved, episode, 2)]);
  for (const id of [19, 14])
    for (const [t, { timeConstant, gate }] of (await pacesOf(saved, episode, id)).entries()) {
      const rate = Math.log((1 - (short[t]?.[id] ?? NaN)) / (1 - (long[t]?.[id] ?? NaN))); // next = 1 - exp(-rate dt) f
      expect(gate).toBeNull();
      expect(Math.abs(1 / timeConstant - rate)).toBeLessThan(1e-3 * rate);
    }
});

const LTCS: Readonly<Record<string, PolicySpec>> = {
  "as it is": ltc(),
  "behind an MLP": { ...ltc({ inputDim: 5 }), encoder: ENCODER, normalizeObs: true },
  "with a memory": ltc({ mixedMemory: true }),
};

/** What one solver step gains by a leak potential higher by 1, leak / (capacity / dt + all conductances), tells all conductances. */
for (const [name, spec] of Object.entries(LTCS))
  test(`LTC ${name}: time constants are capacity by conductance, as a solver step of the kernels has it (within 0.1 %)`, async () => {
    const saved = policyOf(spec);
    const episode = await episodeOf(saved);
    const bare: SavedPolicy = {
      spec: { ...spec, circuit: { ...spec.circuit, mixedMemory: false } as PolicySpec["circuit"] }, // the same without its memory
      tensors: saved.tensors.filter((t) => !t.name.startsWith("circuit.lstm.")),
    };
    const raised = changed(bare, (n, data) => (n.endsWith(".vleak") ? data.map((v) => v + 1) : data));
    const [low, high] = await Promise.all([LabPolicy.create(bare), LabPolicy.create(raised)]);
    const positive = (role: string, id: number): number =>
      Math.log1p(Math.exp(saved.tensors.find((t) => t.name === `circuit.rnn_cell.${role}`)?.data[id] ?? NaN));
    const distinct = new Set<number>();
    for (const id of [0, 1, 5, 15, 19])
      for (const [t, { timeConstant, gate }] of (await pacesOf(saved, episode, id)).entries()) {
        const { state, obs } = episode.row(t);
        const [from, to] = [low, high].map((policy) => {
          policy.setState(state.slice(0, 20));
          return policy.step(obs, 1).state[id] ?? NaN;
        }) as [number, number]; // of both policies
        const conductance = positive("gleak", id) / (to - from) - positive("cm", id);
        const expected = positive("cm", id) / conductance;
        expect(Math.abs(timeConstant - expected)).toBeLessThan(1e-3 * expected);
        expect(gate).toBeNull();
        distinct.add(timeConstant);
      }
    expect(distinct.size).toBeGreaterThan(20);
  });

test("all gates at once where nothing must be seen again; else step by step; null for what is no neuron", async () => {
  const numbers = policyOf(CFCS["behind an MLP"] ?? SMALL_SPEC);
  const episode = await episodeOf(numbers);
  expect(await NeuronPace.of(numbers, episode, CARTPOLE, -1)).toBeNull();
  expect(await NeuronPace.of(numbers, episode, CARTPOLE, 20)).toBeNull();
  const pace = await NeuronPace.of(numbers, episode, CARTPOLE, 15);
  expect(pace?.gates).toHaveLength(episode.length);
  expect(pace?.gates?.[3]).toBeCloseTo((await pace?.at(3))?.gate ?? NaN, 6);
  const board = policyOf(BOARD_SPEC);
  const game = await episodeOf(board);
  expect((await NeuronPace.of(board, game, BREAKOUT, 15))?.gates).toBeNull(); // hears features of pictures
  expect((await NeuronPace.of(board, game, BREAKOUT, 0))?.gates).toHaveLength(game.length); // hears neurons only
});
