import { describe, expect, test } from "vitest";
import {
  Engine,
  Gru,
  Lstm,
  Ltc,
  MemoryPlan,
  ParameterBlock,
  type RecurrentLayer,
  type Signal,
} from "../../../../src/engine/index.ts";
import { gruReference, lstmReference } from "../../../../src/engine/kernels/lstm.reference.ts";
import { ltcReference, type LtcParameters } from "../../../../src/engine/kernels/ltc.reference.ts";
import { NCP } from "../../../../src/ncp/index.ts";
import { dense, fill, maxDifference, uniforms } from "../fixtures.ts";

type Values = ReadonlyMap<string, Float64Array>;

/** A layer and its float64 twin for one step of one sample. */
interface Kind {
  readonly name: string;
  readonly D: number;
  readonly make: (plan: MemoryPlan, block: ParameterBlock, input: Signal, maxBatch: number) => RecurrentLayer;
  readonly step: (p: Values, x: Float64Array, state: Float64Array, elapsed: number) => Float64Array;
  readonly output: (p: Values, state: Float64Array) => Float64Array;
}

const stacked = (p: Values) => ({
  weightIh: p.get("net.weight_ih_l0")!,
  weightHh: p.get("net.weight_hh_l0")!,
  biasIh: p.get("net.bias_ih_l0")!,
  biasHh: p.get("net.bias_hh_l0")!,
});

const lstm = (units: number, D: number): Kind => ({
  name: `LSTM with ${units} units`,
  D,
  make: (plan, block, input, maxBatch) => new Lstm(plan, block, { name: "net", input, units, maxBatch }),
  step: (p, x, state) => lstmReference(stacked(p), x, state),
  output: (_, state) => state.subarray(0, units),
});

const gru = (units: number, D: number): Kind => ({
  name: `GRU with ${units} units`,
  D,
  make: (plan, block, input, maxBatch) => new Gru(plan, block, { name: "net", input, units, maxBatch }),
  step: (p, x, state) => gruReference(stacked(p), x, state),
  output: (_, state) => state,
});

const circuit = new NCP({
  interNeurons: 4,
  commandNeurons: 3,
  motorNeurons: 2,
  sensoryFanout: 2,
  interFanout: 2,
  recurrentCommandSynapses: 3,
  motorFanin: 2,
}).build(3);

const ltc = (isImplicit: boolean, unfolds: number): Kind => ({
  name: `LTC, ${isImplicit ? "implicit" : "explicit"}, ${unfolds} unfolds`,
  D: 3,
  make: (plan, block, input, maxBatch) =>
    new Ltc(plan, block, { name: "net", input, circuit, maxBatch, isImplicit, unfolds }),
  step: (p, x, state, elapsed) => {
    const named = Object.fromEntries([...p].map(([name, value]) => [name.replace("net.", ""), value]));
    // every name of the reference is a parameter of the layer
    return ltcReference(
      named as unknown as LtcParameters,
      { ...circuit, unfolds, epsilon: 1e-8, isImplicit },
      x,
      state,
      elapsed,
    );
  },
  output: (p, state) => state.slice(0, 2).map((v, i) => v * p.get("net.output_w")![i]! + p.get("net.output_b")![i]!),
});

function setUp(kind: Kind, T: number, B: number) {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("input", T * B, kind.D);
  const layer = kind.make(plan, block, input, B);
  Engine.create(plan);
  const uniform = uniforms(T + 10 * B);
  const draw = (n: number): Float32Array => Float32Array.from({ length: n }, () => 2 * uniform() - 1);
  layer.initialize(uniform);
  layer.prepare();
  const x = draw(T * B * kind.D);
  const h0 = draw(B * layer.stateSize);
  const elapsed = Float32Array.from({ length: T * B }, () => 0.3 + 2 * uniform());
  const episodeStart = Uint8Array.from({ length: T * B }, () => (uniform() < 0.25 ? 1 : 0));
  const M = layer.output.value.cols;
  const [dOutput, dFinal] = [draw(T * B * M), draw(B * layer.stateSize)];
  fill(input.value, x);
  fill(layer.initialState, h0);
  layer.elapsed.data.set(elapsed);
  layer.episodeStart.data.set(episodeStart);
  return { block, input, layer, x, h0, elapsed, episodeStart, dOutput, dFinal, M };
}

function referenceLoss(kind: Kind, s: ReturnType<typeof setUp>, T: number, B: number, values: Values): number {
  const H = s.layer.stateSize;
  const states: Float64Array[] = Array.from({ length: B }, (_, b) => values.get("h0")!.slice(b * H, (b + 1) * H));
  let loss = 0;
  for (let row = 0; row < T * B; row++) {
    const b = row % B;
    if (s.episodeStart[row]) states[b] = new Float64Array(H);
    const x = values.get("x")!.slice(row * kind.D, (row + 1) * kind.D);
    const next = kind.step(values, x, states[b]!, values.get("elapsed")![row]!);
    states[b] = next;
    kind.output(values, next).forEach((y, i) => (loss += y * s.dOutput[row * s.M + i]!));
  }
  states.forEach((state, b) => state.forEach((v, i) => (loss += v * s.dFinal[b * H + i]!)));
  return loss;
}

function compute(s: ReturnType<typeof setUp>, T: number, B: number): number {
  s.layer.forward(T, B);
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
    Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);
  const loss = dot(dense(s.layer.output.value, T * B), s.dOutput) + dot(dense(s.layer.finalState, B), s.dFinal);
  fill(s.layer.output.gradient, s.dOutput);
  fill(s.layer.dFinalState, s.dFinal);
  s.layer.backward(T, B);
  return loss;
}

const kinds = [
  lstm(1, 1),
  lstm(5, 3),
  lstm(8, 4),
  gru(1, 1),
  gru(5, 3),
  gru(8, 4),
  ltc(true, 6),
  ltc(false, 1),
  ltc(true, 3),
];

describe.each(
  kinds.flatMap((kind) =>
    (
      [
        [1, 1],
        [4, 3],
        [3, 5],
      ] as const
    ).map(([T, B]) => ({ kind, T, B, name: kind.name })),
  ),
)("$name, $T steps of $B samples with resets", ({ kind, T, B }) => {
  test("loss within 2e-5 of the float64 twin; every gradient within 2e-4 of its central difference", () => {
    const s = setUp(kind, T, B);
    const values = new Map(s.block.list().map(({ name }) => [name, Float64Array.from(s.block.get(name))]));
    values.set("x", Float64Array.from(s.x));
    values.set("h0", Float64Array.from(s.h0));
    values.set("elapsed", Float64Array.from(s.elapsed));
    s.block.zeroGradients();
    const loss = compute(s, T, B);
    expect(Math.abs(loss - referenceLoss(kind, s, T, B, values))).toBeLessThan(2e-5 * Math.max(1, Math.abs(loss)));
    const results = new Map<string, Float32Array>(s.block.list().map(({ name }) => [name, s.block.getGradient(name)]));
    results.set("x", dense(s.input.gradient, T * B));
    results.set("h0", dense(s.layer.dInitialState, B));
    results.set("elapsed", s.layer.dElapsed.data.slice(0, T * B));
    for (const [name, value] of values) {
      const result = results.get(name)!;
      const expected = value.map((kept, i) => {
        value[i] = kept + 1e-5;
        const up = referenceLoss(kind, s, T, B, values);
        value[i] = kept - 1e-5;
        const down = referenceLoss(kind, s, T, B, values);
        value[i] = kept;
        return (up - down) / 2e-5;
      });
      const largest = Math.max(1e-1, ...expected.map(Math.abs));
      expect(maxDifference(result, expected) / largest, name).toBeLessThan(2e-4);
    }
  });
});

test.each(kinds.map((kind) => [kind.name, kind] as const))(
  "%s: acting step by step equals the sequence bit for bit; gradients add up",
  (_, kind) => {
    const [T, B] = [4, 3];
    const s = setUp(kind, T, B);
    s.block.zeroGradients();
    compute(s, T, B);
    const whole = dense(s.layer.output.value, T * B);
    const final = dense(s.layer.finalState, B);
    const once = s.block.gradients.slice();
    fill(s.layer.initialState, s.h0);
    compute(s, T, B);
    expect(
      maxDifference(
        s.block.gradients,
        once.map((g) => 2 * g),
      ),
    ).toBeLessThan(1e-4);
    const one = setUp(kind, T, B);
    for (let t = 0; t < T; t++) {
      fill(one.input.value, s.x.subarray(t * B * kind.D, (t + 1) * B * kind.D));
      one.layer.elapsed.data.set(s.elapsed.subarray(t * B, (t + 1) * B));
      one.layer.episodeStart.data.set(s.episodeStart.subarray(t * B, (t + 1) * B));
      one.layer.step(B);
      const rows = whole.subarray(t * B * s.M, (t + 1) * B * s.M);
      expect(maxDifference(dense(one.layer.output.value, B), rows)).toBe(0);
      one.layer.gatherStates(1, B);
      expect(maxDifference(dense(one.layer.states, B), dense(one.layer.finalState, B))).toBe(0);
    }
    expect(maxDifference(dense(one.layer.finalState, B), final)).toBe(0);
  },
);

test("LTC: zero, negative or NaN elapsed time is refused with its place", () => {
  const s = setUp(ltc(true, 6), 3, 2);
  for (const bad of [0, -1, NaN]) {
    s.layer.elapsed.data[3] = bad;
    expect(() => s.layer.forward(3, 2)).toThrow(
      `net: elapsed time ${bad} at step 1, sample 1; an LTC needs positive times`,
    );
  }
});
