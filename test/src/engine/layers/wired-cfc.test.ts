import { describe, expect, test } from "vitest";
import {
  circuitMasks,
  Engine,
  MemoryPlan,
  ParameterBlock,
  WiredCfc,
  type Masking,
} from "../../../../src/engine/index.ts";
import { gatedForwardReference } from "../../../../src/engine/kernels/cfc.reference.ts";
import { AutoNCP, type Circuit, NCP } from "../../../../src/ncp/index.ts";
import { dense, fill, maxDifference, paddingIsZero, relativeDifference, uniforms } from "../fixtures.ts";

interface Case {
  readonly T: number;
  readonly B: number;
  readonly circuit: Circuit;
  readonly masking: Masking;
  readonly resets: boolean;
}

const small = new NCP({
  interNeurons: 5,
  commandNeurons: 3,
  motorNeurons: 1,
  sensoryFanout: 2,
  interFanout: 2,
  recurrentCommandSynapses: 3,
  motorFanin: 2,
}).build(3);
const wide = new AutoNCP(33, 5).build(27);

function setUp({ T, B, circuit, masking, resets }: Case, spare = 0) {
  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("input", T * B + spare, circuit.inputDim);
  const layer = new WiredCfc(plan, block, { name: "rnn_cell", input, circuit, masking, maxBatch: B + spare });
  Engine.create(plan);
  const uniform = uniforms(T * 100 + B);
  const next = (): number => 2 * uniform() - 1;
  layer.initialize(uniform);
  layer.prepare();
  const x = Float32Array.from({ length: T * B * circuit.inputDim }, next);
  const h0 = Float32Array.from({ length: B * circuit.units }, next);
  const elapsed = Float32Array.from({ length: T * B }, () => 0.2 + 2 * uniform());
  const episodeStart = Uint8Array.from({ length: T * B }, () => (resets && uniform() < 0.3 ? 1 : 0));
  const dOutput = Float32Array.from({ length: T * B * circuit.outputDim }, next);
  const dFinal = Float32Array.from({ length: B * circuit.units }, next);
  fill(input.value, x);
  fill(layer.initialState, h0);
  layer.elapsed.data.set(elapsed);
  layer.episodeStart.data.set(episodeStart);
  return { plan, block, input, layer, x, h0, elapsed, episodeStart, dOutput, dFinal };
}

/** The same network from the float64 reference layer, weights read by name: loss = output · dOutput + final state · dFinal. */
function referenceLoss(c: Case, s: ReturnType<typeof setUp>, values: ReadonlyMap<string, Float64Array>): number {
  const { T, B, circuit } = c;
  let x = values.get("x")!;
  let D = circuit.inputDim;
  let loss = 0;
  circuitMasks(circuit, c.masking).forEach((masks, l) => {
    const H = masks.ids.length;
    const weight = new Float64Array((D + H) * 4 * H);
    const bias = new Float64Array(4 * H);
    ["ff1", "ff2", "time_a", "time_b"].forEach((head, block) => {
      const w = values.get(`rnn_cell.layer_${l}.${head}.weight`)!;
      const b = values.get(`rnn_cell.layer_${l}.${head}.bias`)!;
      const mask = block < 2 ? masks.heads : masks.timeGates;
      for (let j = 0; j < H; j++) {
        bias[block * H + j] = b[j]!;
        for (let i = 0; i < D + H; i++)
          weight[i * 4 * H + block * H + j] = w[j * (D + H) + i]! * mask[j * (D + H) + i]!;
      }
    });
    const h0 = values.get("h0")!;
    const initial = Float64Array.from(
      { length: B * H },
      (_, i) => h0[Math.floor(i / H) * circuit.units + masks.ids[i % H]!]!,
    );
    const sequence = { T, B, D, H, elapsed: values.get("elapsed")!, episodeStart: s.episodeStart, flags: 0 };
    const states = gatedForwardReference(sequence, { weight, bias }, x, initial);
    for (let b = 0; b < B; b++)
      masks.ids.forEach((id, j) => {
        loss += states[((T - 1) * B + b) * H + j]! * s.dFinal[b * circuit.units + id]!;
      });
    x = states;
    D = H;
  });
  return x.reduce((sum, y, i) => sum + y * s.dOutput[i]!, loss);
}

function compute(c: Case, s: ReturnType<typeof setUp>): number {
  const { T, B, circuit } = c;
  const { layer, block } = s;
  layer.forward(T, B);
  const output = dense(layer.output.value, T * B);
  const final = dense(layer.finalState, B);
  fill(layer.output.gradient, s.dOutput);
  fill(layer.dFinalState, s.dFinal);
  block.zeroGradients();
  layer.backward(T, B);
  expect(circuit.units).toBe(layer.stateSize);
  return (
    output.reduce((sum, y, i) => sum + y * s.dOutput[i]!, 0) + final.reduce((sum, y, i) => sum + y * s.dFinal[i]!, 0)
  );
}

const cases: readonly (Case & { readonly name: string })[] = (["ncps", "strict"] as const).flatMap((masking) => [
  { name: `${masking} small 5x3`, T: 5, B: 3, circuit: small, masking, resets: false },
  { name: `${masking} small 6x5 with resets`, T: 6, B: 5, circuit: small, masking, resets: true },
  { name: `${masking} one step of one sample`, T: 1, B: 1, circuit: small, masking, resets: false },
  { name: `${masking} 33 neurons, 27 inputs, 3x4 with resets`, T: 3, B: 4, circuit: wide, masking, resets: true },
]);

describe.each(cases)("wired CfC, $name", (c) => {
  test("loss within 1e-5 of the float64 reference; every gradient within 1e-4 of its central difference", () => {
    const s = setUp(c);
    const values = new Map<string, Float64Array>(
      s.block.list().map(({ name }) => [name, Float64Array.from(s.block.get(name))]),
    );
    values.set("x", Float64Array.from(s.x));
    values.set("h0", Float64Array.from(s.h0));
    values.set("elapsed", Float64Array.from(s.elapsed));
    const loss = compute(c, s);
    expect(Math.abs(loss - referenceLoss(c, s, values))).toBeLessThan(1e-5 * Math.max(1, Math.abs(loss)));
    const results = new Map<string, Float32Array>(s.block.list().map(({ name }) => [name, s.block.getGradient(name)]));
    results.set("x", dense(s.input.gradient, c.T * c.B));
    results.set("h0", dense(s.layer.dInitialState, c.B));
    results.set("elapsed", s.layer.dElapsed.data.slice(0, c.T * c.B));
    for (const [name, value] of values) {
      const stride = Math.max(1, Math.floor(value.length / 40)); // big tensors: every so many entries
      const picked: number[] = [];
      const expected: number[] = [];
      for (let i = 0; i < value.length; i += stride) {
        const kept = value[i]!;
        value[i] = kept + 1e-5;
        const up = referenceLoss(c, s, values);
        value[i] = kept - 1e-5;
        const down = referenceLoss(c, s, values);
        value[i] = kept;
        expected.push((up - down) / 2e-5);
        picked.push(results.get(name)![i]!);
      }
      const largest = Math.max(1e-3, ...results.get(name)!.map(Math.abs));
      expect(maxDifference(picked, expected) / largest, name).toBeLessThan(1e-4);
    }
  });
});

test("padding of states and gradients stays zero, also in the parameter block", () => {
  const c: Case = { T: 4, B: 3, circuit: small, masking: "ncps", resets: true };
  const s = setUp(c);
  compute(c, s);
  expect(paddingIsZero(s.layer.output.value)).toBe(true);
  expect(paddingIsZero(s.input.gradient)).toBe(true);
  const count = (vector: Float32Array): number => vector.reduce((n, x) => n + (x !== 0 ? 1 : 0), 0);
  expect(count(s.block.values)).toBeLessThanOrEqual(s.block.numParameters);
  expect(count(s.block.gradients)).toBeLessThanOrEqual(s.block.numParameters);
});

test("acting step by step gives the same bits as the whole sequence, whatever the batch", () => {
  const c: Case = { T: 6, B: 5, circuit: wide, masking: "strict", resets: true };
  const s = setUp(c);
  s.layer.forward(c.T, c.B);
  const whole = dense(s.layer.output.value, c.T * c.B);
  for (let b = 0; b < c.B; b++) {
    const one = setUp(c);
    one.layer.initialState.data.set(s.h0.subarray(b * 33, (b + 1) * 33));
    for (let t = 0; t < c.T; t++) {
      const row = t * c.B + b;
      fill(one.input.value, s.x.subarray(row * 27, (row + 1) * 27));
      one.layer.elapsed.data[0] = s.elapsed[row]!;
      one.layer.episodeStart.data[0] = s.episodeStart[row]!;
      one.layer.step(1);
      expect(maxDifference(dense(one.layer.output.value, 1), whole.subarray(row * 5, (row + 1) * 5))).toBe(0);
    }
  }
});

test("strict masking: weights of undrawn synapses change nothing and get no gradient", () => {
  const c: Case = { T: 4, B: 2, circuit: small, masking: "strict", resets: false };
  const s = setUp(c);
  const loss = compute(c, s);
  let numMasked = 0;
  circuitMasks(small, "strict").forEach((masks, l) => {
    for (const [head, mask] of [
      ["ff1", masks.heads],
      ["time_b", masks.timeGates],
    ] as const) {
      const name = `rnn_cell.layer_${l}.${head}.weight`;
      const values = s.block.get(name);
      const gradient = s.block.getGradient(name);
      mask.forEach((m, i) => {
        if (m !== 0) return;
        numMasked++;
        values[i] = 9;
        expect(Math.abs(gradient[i]!)).toBe(0);
      });
      s.block.set(name, values);
    }
  });
  s.layer.prepare();
  expect(numMasked).toBeGreaterThan(10);
  expect(compute(c, s)).toBe(loss);
});

test("repeated runs and other instances give the same bits; smaller sequences fit a larger plan", () => {
  const c: Case = { T: 5, B: 3, circuit: wide, masking: "ncps", resets: true };
  const [first, second, roomy] = [setUp(c), setUp(c), setUp(c, 11)];
  const losses = [compute(c, first), compute(c, first), compute(c, second), compute(c, roomy)];
  expect(new Set(losses).size).toBe(1);
  expect(maxDifference(first.block.gradients, second.block.gradients)).toBe(0);
  expect(maxDifference(first.block.gradients, roomy.block.gradients)).toBe(0);
});

test("extreme inputs and elapsed times give finite states and gradients", () => {
  const c: Case = { T: 4, B: 3, circuit: small, masking: "ncps", resets: false };
  const s = setUp(c);
  fill(
    s.input.value,
    Float32Array.from(s.x, (v, i) => v * (i % 2 === 0 ? 1e30 : 1e-30)),
  );
  s.layer.elapsed.data.set([0, 1e-30, 1e30, 1e6]);
  compute(c, s);
  expect([...dense(s.layer.output.value)].every(Number.isFinite)).toBe(true);
  expect(s.block.gradients.every(Number.isFinite)).toBe(true);
});

test("gatherStates: all neurons of every step by neuron id, the last step equal to finalState", () => {
  const c: Case = { T: 3, B: 2, circuit: small, masking: "ncps", resets: false };
  const s = setUp(c);
  s.layer.forward(c.T, c.B);
  s.layer.gatherStates(c.T, c.B);
  const states = dense(s.layer.states);
  const perStep = c.B * small.units;
  expect(maxDifference(states.subarray(2 * perStep), dense(s.layer.finalState))).toBe(0);
  const motor = dense(s.layer.output.value);
  for (let row = 0; row < c.T * c.B; row++) expect(states[row * small.units]).toBe(motor[row]);
});

test("T = 0 hands the initial state on; sizes beyond the plan are refused", () => {
  const c: Case = { T: 3, B: 2, circuit: small, masking: "ncps", resets: false };
  const s = setUp(c);
  s.layer.forward(0, 2);
  expect(relativeDifference(dense(s.layer.finalState), s.h0)).toBe(0);
  expect(() => s.layer.forward(4, 2)).toThrow(
    /4 steps of 2 samples given, memory was planned for 6 rows and 2 samples/,
  );
  expect(() => s.layer.forward(2, 3)).toThrow(/too-many-rows|planned/);
});
