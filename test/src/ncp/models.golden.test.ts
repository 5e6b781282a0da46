import { describe, expect, test } from "vitest";
import {
  type ModelGradient,
  type RecurrentModel,
  type Tensor,
  type Weights,
  createModel,
  fromKerasWeights,
  toKerasWeights,
  zeroGradients,
} from "../../../src/ncp/index.ts";
import { expectClose, largest } from "../../helpers/expect-close.ts";
import { type GoldenTensor, type ModelCase, type ModelPack, describePack } from "../../helpers/golden-models.ts";
import { isCell, toCell, toModelConfig } from "../../helpers/reference-model.ts";

/** Allowed error: of outputs absolute, of gradients relative to the tensor's largest entry (at least 1). */
const tolerances = {
  float32: { output: 1e-5, gradient: 1e-4 },
  float64: { output: 1e-12, gradient: 1e-12 },
};

interface Result {
  readonly output: Float64Array;
  readonly h: Float64Array;
  readonly c: Float64Array | null;
  readonly gradient: Pick<ModelGradient, "weights"> & Record<"input" | "h0" | "c0" | "timespans", Float64Array | null>;
}

type Read = (name: "input" | "h0" | "c0" | "timespans") => GoldenTensor | undefined;

type ReadR = (name: "output" | "h_n" | "c_n") => GoldenTensor | undefined;

const runModel = (c: ModelCase, weights: Weights, read: Read, R: ReadR): Result =>
  runOn(createModel(toModelConfig(c)), weights, read, R);

function runKerasModel(c: ModelCase, weights: Weights, read: Read, R: ReadR): Result {
  const model = createModel(toModelConfig(c, "keras"));
  const result = runOn(model, fromKerasWeights(model, weights), read, R);
  return { ...result, gradient: { ...result.gradient, weights: toKerasWeights(model, result.gradient.weights) } };
}

function runOn(model: RecurrentModel, weights: Weights, read: Read, R: ReadR): Result {
  const [h0, c0] = [read("h0"), read("c0")];
  const result = model.forward(weights, {
    input: read("input")!,
    state: h0 === undefined ? undefined : { h: h0, c: c0 },
    elapsed: read("timespans"),
  });
  const d = result.backward({ output: R("output"), h: R("h_n"), c: R("c_n") });
  const data = (tensor: Tensor | null): Float64Array | null => tensor?.data ?? null;
  return {
    output: result.output.data,
    h: result.state.h.data,
    c: result.state.c?.data ?? null,
    gradient: { weights: d.weights, input: d.input.data, h0: d.h.data, c0: data(d.c), timespans: data(d.elapsed) },
  };
}

function runCell(c: ModelCase, weights: Weights, read: Read, R: ReadR): Result {
  const cell = toCell(c);
  const grads = zeroGradients(cell.parameters);
  const B = read("input")!.shape[0]!;
  const elapsed = read("timespans")?.data ?? new Float64Array(B).fill(1);
  const prepared = cell.prepare(weights, grads);
  const step = prepared.step({ input: read("input")!.data, state: read("h0")!.data, elapsed, B });
  const zeros = (n: number): Float64Array => new Float64Array(n);
  const d = step.backward(R("output")?.data ?? zeros(step.output.length), R("h_n")?.data ?? zeros(step.state.length));
  prepared.finish();
  return {
    output: step.output,
    h: step.state,
    c: null,
    gradient: { weights: grads, input: d.dInput, h0: d.dState, c0: null, timespans: d.dElapsed },
  };
}

function check(c: ModelCase, pack: ModelPack<ModelCase>, run: typeof runModel): void {
  const tolerance = tolerances[c.dtype];
  const read: Read = (name) => {
    const stored = c.inputs[name];
    return stored === undefined ? undefined : pack.read(stored, c.dtype);
  };
  const R: ReadR = (name) => {
    const stored = c.loss_terms.includes(name) ? c.R[name] : undefined;
    return stored === undefined ? undefined : pack.read(stored, c.dtype);
  };
  const weights = Object.fromEntries(Object.entries(c.weights).map(([name, w]) => [name, pack.read(w, c.dtype).data]));
  const result = run(c, weights, read, R);

  expectClose("output", result.output, pack.read(c.outputs.output, c.dtype).data, tolerance.output);
  if (c.outputs.h_n) expectClose("h_n", result.h, pack.read(c.outputs.h_n, c.dtype).data, tolerance.output);
  if (c.outputs.c_n) expectClose("c_n", result.c ?? [], pack.read(c.outputs.c_n, c.dtype).data, tolerance.output);
  const expectGradient = (name: string, actual: Float64Array | null | undefined, expected: Float64Array): void =>
    expectClose(
      `d ${name}`,
      actual ?? [],
      expected,
      tolerance.gradient * Math.max(c.dtype === "float32" ? 0 : 1, largest(expected)),
    );
  for (const [name, stored] of Object.entries(c.grads.weights)) {
    if (stored === null)
      expect(result.gradient.weights[name]?.every((d) => d === 0) ?? true, `d ${name} is zero`).toBe(true);
    else expectGradient(name, result.gradient.weights[name], pack.read(stored, c.dtype).data);
  }
  for (const [name, stored] of Object.entries(c.grads.inputs)) {
    const key = name as "input" | "h0" | "c0" | "timespans";
    if (stored !== null) expectGradient(name, result.gradient[key], pack.read(stored, c.dtype).data);
  }
}

for (const name of ["cfc_wired", "cfc_fc", "cfc_misc", "ltc", "float64"]) {
  describePack(name, (pack) => {
    describe(`${name}: outputs, final states and every gradient equal the reference's`, () => {
      test.each(pack.cases.map((c) => [c.id, c] as const))("%s", (_, c) =>
        check(c, pack, isCell(c.kind) ? runCell : runModel),
      );
    });
  });
}

describePack("keras_flavour", (pack) => {
  describe("keras_flavour: outputs, final states and every gradient equal the reference's", () => {
    test.each(pack.cases.map((c) => [c.id, c] as const))("%s", (_, c) => check(c, pack, runKerasModel));
  });
});
