import { describe, expect, test } from "vitest";
import { ConfigError, FormatError } from "../../../src/errors.ts";
import { decodeNpz, encodeNpz } from "../../../src/interop/index.ts";
import { createModel, decodeModel, encodeModel, fromStateDict, toStateDict } from "../../../src/ncp/index.ts";
import { type NamedTensor, decodeSafetensors, encodeSafetensors } from "../../../src/policy/safetensors.ts";
import { type ModelCase, type ModelPack, describePack } from "../../helpers/golden-models.ts";
import { isCell, toModelConfig } from "../../helpers/reference-model.ts";

/** A case's weights as torch would save them, masks included. */
function stateDict(c: ModelCase, pack: ModelPack<ModelCase>): NamedTensor<Float32Array | Float64Array>[] {
  return Object.entries(c.weights).map(([name, stored]) => {
    const { shape, data } = pack.read(stored, c.dtype);
    return { name, shape, data: c.dtype === "float32" ? Float32Array.from(data) : data };
  });
}

const sorted = (tensors: readonly NamedTensor[]): NamedTensor[] =>
  tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1));

for (const name of ["cfc_wired", "cfc_fc", "cfc_misc", "ltc", "float64"]) {
  describePack(name, (pack) => {
    const cases = pack.cases.filter((c) => !isCell(c.kind));
    describe(`${name}: a torch state_dict loads and comes back bit for bit`, () => {
      test.each(cases.map((c) => [c.id, c] as const))("%s", (_, c) => {
        const tensors = stateDict(c, pack);
        const model = createModel(toModelConfig(c));
        const precision = c.dtype;

        // torch -> safetensors (no metadata) -> here -> safetensors -> here
        const file = encodeSafetensors(tensors);
        const loaded = decodeModel(file, toModelConfig(c));
        const own = encodeModel(loaded, precision);
        expect(decodeModel(own).model.config).toEqual(model.config);
        expect(decodeModel(own).weights).toEqual(loaded.weights);
        expect(decodeSafetensors(own).tensors).toEqual(sorted(tensors));

        // torch -> npz -> here -> npz
        const fromNpz = fromStateDict(model, decodeNpz(encodeNpz(tensors)));
        expect(fromNpz).toEqual(loaded.weights);
        expect(sorted(decodeNpz(encodeNpz(toStateDict(model, fromNpz, precision))))).toEqual(sorted(tensors));
      });
    });

    const wired = cases.find((c) => (c.frozen_weights?.length ?? 0) > 0);
    if (wired !== undefined) {
      test(`${name}: weights of another circuit, other names or other shapes are refused by name`, () => {
        const model = createModel(toModelConfig(wired));
        const tensors = stateDict(wired, pack);
        const [first] = wired.frozen_weights!;
        const flipped = tensors.map((t) => (t.name === first ? { ...t, data: t.data.map((value) => 1 - value) } : t));
        expect(() => fromStateDict(model, flipped)).toThrow(`${first} differs from the model's circuit`);
        const renamed = tensors.map((t, i) => (i === 1 ? { ...t, name: "foo" } : t));
        expect(() => fromStateDict(model, renamed)).toThrow(`missing ${tensors[1]!.name}; not part of this model: foo`);
        const reshaped = tensors.map((t, i) => (i === 1 ? { ...t, shape: [t.data.length, 1] } : t));
        expect(() => fromStateDict(model, reshaped)).toThrow(`weight ${tensors[1]!.name} has shape`);
        const broken = tensors.map((t, i) => (i === 1 ? { ...t, data: t.data.map(() => NaN) } : t));
        expect(() => fromStateDict(model, broken)).toThrow(FormatError);
        expect(() => decodeModel(encodeSafetensors(tensors))).toThrow(/give the model's config/);
        expect(() => decodeModel(encodeSafetensors(tensors), { kind: "cfc", inputSize: 5 })).toThrow(ConfigError);
      });
    }
  });
}
