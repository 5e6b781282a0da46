import fc from "fast-check";
import { defaultRng } from "gymnasium-js";
import { describe, test } from "vitest";
import {
  Cfc,
  Engine,
  Gru,
  Lstm,
  Ltc,
  MemoryPlan,
  ParameterBlock,
  type RecurrentLayer,
  type Signal,
  type Tensor,
  WiredCfc,
} from "../../../src/engine/index.ts";
import {
  type CfcConfig,
  type LtcConfig,
  type ModelConfigInput,
  type RecurrentModel,
  createModel,
  initializeWeights,
} from "../../../src/ncp/index.ts";
import { expectClose, largest } from "../../helpers/expect-close.ts";

/** Allowed errors of float32: outputs absolute (relative where keras lets states grow beyond 1); gradients relative to the tensor's largest entry, or 1e-5 where all of it is cancellation. */
const [OUTPUT, GRADIENT] = [1e-5, 1e-4];

const seed = fc.integer({ min: 0, max: 2 ** 31 });
const sizes = fc.record({
  T: fc.integer({ min: 1, max: 6 }),
  B: fc.integer({ min: 1, max: 5 }),
  inputSize: fc.integer({ min: 1, max: 6 }),
});

const wiring = fc.oneof(
  fc
    .record({ outputSize: fc.integer({ min: 1, max: 4 }), extra: fc.integer({ min: 3, max: 16 }), seed })
    .map(({ outputSize, extra, seed: s }) => ({
      kind: "AutoNCP" as const,
      units: outputSize + extra,
      outputSize,
      sparsityLevel: 0.5,
      seed: s,
    })),
  fc
    .record({
      first: fc.integer({ min: 1, max: 5 }),
      second: fc.integer({ min: 1, max: 5 }),
      command: fc.integer({ min: 1, max: 5 }),
      motor: fc.integer({ min: 1, max: 3 }),
      seed,
    })
    .map(({ first, second, command, motor, seed: s }) => ({
      kind: "Layered" as const,
      interLayers: [
        { neurons: first, fanout: 1 },
        { neurons: second, fanout: 1 },
      ] as [{ neurons: number; fanout: number }, { neurons: number; fanout: number }],
      commandNeurons: command,
      motorNeurons: motor,
      sensoryFanout: 1,
      recurrentCommandSynapses: 4,
      motorFanin: 1,
      seed: s,
    })),
  fc
    .record({ units: fc.integer({ min: 1, max: 8 }), motors: fc.integer({ min: 1, max: 8 }), seed })
    .map(({ units, motors, seed: s }) => ({
      kind: "Random" as const,
      units,
      outputDim: Math.min(units, motors),
      sparsityLevel: 0.5,
      randomSeed: s,
    })),
);
const flavour = fc.constantFrom("torch" as const, "keras" as const);
const mode = fc.constantFrom("default" as const, "no_gate" as const, "pure" as const);
const masking = fc.constantFrom("ncps" as const, "strict" as const);
const isPadded = fc.boolean();
const polarity = fc.constantFrom("free" as const, "signed" as const);

interface Case {
  readonly T: number;
  readonly B: number;
  readonly seed: number;
  readonly config: ModelConfigInput;
  /** whether some steps are padding that holds NaN inputs and times of 0 */
  readonly isPadded?: boolean;
}

/** A layer of the engine with one step per row of the plan's input. */
type Build = (
  plan: MemoryPlan,
  block: ParameterBlock,
  model: RecurrentModel,
  input: Signal,
  B: number,
  hasPadding: boolean,
) => RecurrentLayer;

const buildWired: Build = (plan, block, model, input, B, hasPadding) => {
  const { mode: m, flavour: f, masking: k, polarity: p, mixedMemory } = model.config as CfcConfig;
  const memory = mixedMemory ? { memoryName: "lstm" } : {};
  return new WiredCfc(plan, block, {
    name: "rnn_cell",
    input,
    circuit: model.circuit!,
    masking: k,
    polarity: p,
    maxBatch: B,
    hasPadding,
    mode: m,
    flavour: f,
    ...memory,
  });
};

const buildLtc: Build = (plan, block, model, input, B, hasPadding) => {
  const {
    inputMapping,
    outputMapping,
    odeUnfolds,
    epsilon,
    implicitParamConstraints,
    polarity: p,
    flavour: f,
    mixedMemory,
  } = model.config as LtcConfig;
  return new Ltc(plan, block, {
    name: "rnn_cell",
    input,
    circuit: model.circuit!,
    maxBatch: B,
    hasPadding,
    inputMapping,
    outputMapping,
    unfolds: odeUnfolds,
    epsilon,
    isImplicit: implicitParamConstraints ?? f === "torch",
    polarity: p,
    ...(mixedMemory ? { memoryName: "lstm", memoryRole: f === "keras" ? ("input" as const) : ("state" as const) } : {}),
  });
};

const buildCfc: Build = (plan, block, model, input, B, hasPadding) => {
  const {
    units,
    mode: m,
    flavour: f,
    activation,
    backboneUnits,
    backboneLayers,
    backboneDropout,
    mixedMemory,
  } = model.config as CfcConfig;
  const memory = mixedMemory ? { memoryName: "lstm" } : {};
  const backbone = { backboneUnits: backboneUnits!, backboneLayers: backboneLayers!, activation };
  return new Cfc(plan, block, {
    name: "rnn_cell",
    input,
    maxBatch: B,
    hasPadding,
    ...(backboneDropout !== undefined && { backboneDropout }),
    units: units!,
    mode: m,
    flavour: f,
    ...backbone,
    ...memory,
  });
};

const buildGated: Build = (plan, block, model, input, B, hasPadding) => {
  const options = { name: "", input, units: model.units, maxBatch: B, hasPadding };
  return model.config.kind === "lstm" ? new Lstm(plan, block, options) : new Gru(plan, block, options);
};

/** Runs the same weights, inputs, states, times and resets through both, and compares everything that comes out. */
function compare({ T, B, seed: s, config, isPadded = false }: Case, build: Build): void {
  const model = createModel({ ...config, batchFirst: false } as ModelConfigInput);
  const random = defaultRng(s);
  const weights = initializeWeights(model.parameters, random);
  const normal = (...shape: number[]): { shape: number[]; data: Float64Array } => ({
    shape,
    data: random.standardNormalArray(shape.reduce((a, b) => a * b)).map(Math.fround),
  });
  const H = model.units;
  const hasMemory = model.cell.stateSize === 2 * H;
  const given = {
    input: normal(T, B, model.config.inputSize),
    state: hasMemory ? { h: normal(B, H), c: normal(B, H) } : { h: normal(B, H) },
    elapsed: { shape: [T, B], data: random.uniformArray(T * B, 0.2, 2).map(Math.fround) },
    episodeStart: { shape: [T, B], data: random.uniformArray(T * B).map((u) => (u < 0.2 ? 1 : 0)) },
    ...(isPadded && { mask: { shape: [T, B], data: random.uniformArray(T * B).map((u) => (u < 0.4 ? 0 : 1)) } }),
    dropout: uniforms(s),
  };
  const isPadding = (row: number): boolean => given.mask?.data[row] === 0;
  given.mask?.data.forEach((_, row) => {
    if (!isPadding(row)) return;
    given.elapsed.data[row] = 0;
    given.input.data.fill(NaN, row * model.config.inputSize, (row + 1) * model.config.inputSize);
  });
  const defined = model.forward(weights, given);
  const R = { output: normal(...defined.output.shape), h: normal(B, H), ...(hasMemory ? { c: normal(B, H) } : {}) };
  const expected = defined.backward(R);

  const plan = new MemoryPlan();
  const block = new ParameterBlock(plan);
  const input = plan.signal("input", T * B, model.config.inputSize);
  const layer = build(plan, block, model, input, B, isPadded);
  Engine.create(plan);
  const trainable = model.parameters.filter((p) => p.frozen !== true);
  const isGated = config.kind === "lstm" || config.kind === "gru";
  const named = (name: string): string => (isGated ? `.${name}` : name);
  for (const { name } of trainable) block.set(named(name), Float32Array.from(weights[name]!));
  layer.prepare();
  // the engine keeps states by neuron id; a wired CfC is defined layer after layer
  const order =
    model.config.kind === "cfc" && model.circuit !== null
      ? model.circuit.layers.flat()
      : Array.from({ length: H }, (_, i) => i);
  const [initial, final, dFinal, dInitial] = [
    statesOf(layer, "initial", H),
    statesOf(layer, "final", H),
    statesOf(layer, "dFinal", H),
    statesOf(layer, "dInitial", H),
  ];
  write(input.value, given.input.data);
  write(initial.h, given.state.h.data, order);
  if (given.state.c) write(initial.c!, given.state.c.data, order);
  layer.elapsed.data.set(Float32Array.from(given.elapsed.data));
  layer.episodeStart.data.set(Uint8Array.from(given.episodeStart.data));
  layer.padding?.data.set(Uint8Array.from({ length: T * B }, (_, row) => (isPadding(row) ? 1 : 0)));
  if (layer instanceof Cfc) layer.dropout?.draw(T, B, uniforms(s));
  layer.forward(T, B);
  const same = (name: string, actual: ArrayLike<number>, wanted: Float64Array): void =>
    expectClose(name, actual, wanted, OUTPUT * Math.max(largest(wanted), 1));
  same("output", read(layer.output.value, T * B), defined.output.data);
  same("h", read(final.h, B, order), defined.state.h.data);
  if (hasMemory) same("c", read(final.c!, B, order), defined.state.c!.data);
  layer.gatherStates(T, B);
  const H2 = defined.states.length / (T * B);
  const hidden = Float64Array.from({ length: T * B * H }, (_, k) => defined.states[Math.floor(k / H) * H2 + (k % H)]!);
  same("states", read({ ...view(layer.states), cols: H }, T * B, order), hidden);

  write(layer.output.gradient, R.output.data);
  write(dFinal.h, R.h.data, order);
  if (R.c) write(dFinal.c!, R.c.data, order);
  block.zeroGradients();
  layer.backward(T, B);
  const close = (name: string, actual: ArrayLike<number>, wanted: Float64Array): void =>
    expectClose(`d ${name}`, actual, wanted, GRADIENT * Math.max(largest(wanted), 0.1));
  for (const { name } of trainable) close(name, block.getGradient(named(name)), expected.weights[name]!);
  close("input", read(input.gradient!, T * B), expected.input.data);
  close("h", read(dInitial.h, B, order), expected.h.data);
  if (hasMemory) close("c", read(dInitial.c!, B, order), expected.c!.data);
  close("elapsed", layer.dElapsed.data.slice(0, T * B), expected.elapsed!.data);
}

/** Columns of a tensor's rows. */
interface Columns {
  readonly data: Float32Array;
  readonly stride: number;
  readonly cols: number;
  /** first column; 0 when absent */
  readonly from?: number;
}

const view = ({ data, stride, cols }: Tensor): Columns => ({ data, stride, cols });

/** Where a layer keeps h and c: in one matrix (LSTM), or the memory in one of its own. */
function statesOf(
  layer: RecurrentLayer,
  which: "initial" | "final" | "dInitial" | "dFinal",
  H: number,
): { h: Columns; c: Columns | null } {
  const state = layer[`${which}State`];
  if (state.cols === 2 * H) return { h: { ...view(state), cols: H }, c: { ...view(state), cols: H, from: H } };
  const memory = (layer as unknown as Partial<Record<string, Tensor | null>>)[`${which}Memory`];
  return { h: view(state), c: memory ? view(memory) : null };
}

/** A stream of draws of its own. */
function uniforms(s: number): () => number {
  const random = defaultRng(s);
  return () => random.random();
}

/** Writes dense rows; with an order, column k of the rows goes to column order[k]. */
function write({ data, stride, cols, from = 0 }: Columns, rows: Float64Array, order?: readonly number[]): void {
  rows.forEach((value, k) => (data[Math.floor(k / cols) * stride + from + (order?.[k % cols] ?? k % cols)] = value));
}

/** Reads dense rows; with an order, column k comes from column order[k]. */
function read({ data, stride, cols, from = 0 }: Columns, rows: number, order?: readonly number[]): Float64Array {
  return Float64Array.from(
    { length: rows * cols },
    (_, k) => data[Math.floor(k / cols) * stride + from + (order?.[k % cols] ?? k % cols)]!,
  );
}

describe("the engine computes what is defined, outputs within 1e-5, gradients within 1e-4 of the largest entry (or 1e-5), for any", () => {
  // a fixed seed: a sum that happens to cancel must not fail a run by chance
  const runs = { numRuns: 60, seed: 1 };

  test("wired CfC: circuit, mode, flavour, masking, polarity, memory, times, resets and padding", () => {
    const cases = fc.record({
      sizes,
      seed,
      wiring,
      mode,
      flavour,
      masking,
      polarity,
      mixedMemory: fc.boolean(),
      isPadded,
    });
    fc.assert(
      fc.property(cases, ({ sizes: { T, B, inputSize }, seed: s, isPadded: hasMask, ...options }) =>
        compare({ T, B, seed: s, isPadded: hasMask, config: { kind: "cfc", inputSize, ...options } }, buildWired),
      ),
      runs,
    );
  });

  test("fully connected CfC: backbone, dropout, activation, mode, flavour, memory, padding", () => {
    const backbone = fc.record({
      backboneLayers: fc.integer({ min: 0, max: 3 }),
      backboneUnits: fc.integer({ min: 1, max: 9 }),
      backboneDropout: fc.constantFrom(0, 0.4),
    });
    const activation = fc.constantFrom(
      "lecun_tanh" as const,
      "tanh" as const,
      "relu" as const,
      "silu" as const,
      "gelu" as const,
    );
    const cases = fc.record({
      sizes,
      seed,
      backbone,
      activation,
      units: fc.integer({ min: 1, max: 9 }),
      mode,
      flavour,
      mixedMemory: fc.boolean(),
      isPadded,
    });
    fc.assert(
      fc.property(cases, ({ sizes: { T, B, inputSize }, seed: s, isPadded: hasMask, backbone: b, ...options }) =>
        compare({ T, B, seed: s, isPadded: hasMask, config: { kind: "cfc", inputSize, ...b, ...options } }, buildCfc),
      ),
      runs,
    );
  });

  test("LTC: circuit, constraints, polarity, mappings, solver steps, memory, times, resets and padding", () => {
    const mapping = fc.constantFrom("affine" as const, "linear" as const, "none" as const);
    const cases = fc.record({
      sizes,
      seed,
      wiring,
      flavour,
      polarity,
      implicitParamConstraints: fc.boolean(),
      inputMapping: mapping,
      outputMapping: mapping,
      odeUnfolds: fc.integer({ min: 1, max: 7 }),
      mixedMemory: fc.boolean(),
      isPadded,
    });
    fc.assert(
      fc.property(cases, ({ sizes: { T, B, inputSize }, seed: s, isPadded: hasMask, ...options }) =>
        compare({ T, B, seed: s, isPadded: hasMask, config: { kind: "ltc", inputSize, ...options } }, buildLtc),
      ),
      runs,
    );
  });

  test("LSTM and GRU: states, resets and padding", () => {
    const kind = fc.constantFrom("lstm" as const, "gru" as const);
    const cases = fc.record({ sizes, seed, kind, units: fc.integer({ min: 1, max: 9 }), isPadded });
    fc.assert(
      fc.property(cases, ({ sizes: { T, B, inputSize }, seed: s, isPadded: hasMask, ...options }) =>
        compare({ T, B, seed: s, isPadded: hasMask, config: { inputSize, ...options } }, buildGated),
      ),
      runs,
    );
  });
});
