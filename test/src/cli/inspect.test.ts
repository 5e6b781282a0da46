import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultRng } from "gymnasium-js";
import { expect, test } from "vitest";
import { type CircuitInspection, createModel, encodeModel, initializeWeights } from "../../../src/ncp/index.ts";
import { elegans, inFolder, tiny } from "../../helpers/cli.ts";
import { SMALL_SPEC, smallPolicy } from "../../helpers/small-policy.ts";

const SMALL_WIRING = { kind: "AutoNCP", units: 20, outputSize: 2, sparsityLevel: 0.5, seed: 1 } as const;

test("inspect explains a run's policy with the world's names, as text, JSON, page, drawing and graph", () =>
  inFolder(async (folder) => {
    await elegans(["train", "CartPole-v1", ...tiny, "--run", "r"], folder);
    const files = ["--html", "r.html", "--svg", "r.svg", "--dot", "r.dot"];
    const { exitCode, stdout, stderr } = await elegans(["inspect", "r", "--json", ...files], folder);
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout) as CircuitInspection;
    expect(report.neurons.length).toBe(32);
    expect(report.receptiveFields.map(({ label }) => label)).toEqual(["push left", "push right"]);
    for (const { sensors } of report.receptiveFields) {
      expect(sensors.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    }
    for (const text of ["pole angle", "push left", "receptive fields", "r at step"]) expect(stderr).toContain(text);
    const read = (name: string): Promise<string> => readFile(join(folder, name), "utf8");
    expect(await read("r.html")).toMatch(/^<!doctype html>[\s\S]*<svg[\s\S]*pole angle[\s\S]*<\/html>\n$/);
    expect((await read("r.svg")).match(/<g id="neuron_/g)?.length).toBe(32);
    expect((await read("r.dot")).match(/ -> /g)?.length).toBe(report.synapses.length);
  }));

test("inspect reads a policy file and a model file; names come from --env", () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, "p.safetensors"), smallPolicy());
    const named = await elegans(["inspect", "p.safetensors", "--env", "CartPole-v1"], folder);
    expect(named.stdout).toContain("pole angle");
    expect((await elegans(["inspect", "p.safetensors"], folder)).stdout).toContain("sensor 0");
    const ltc = { kind: "ltc", wiring: SMALL_WIRING, inputDim: 4, unfolds: 3, mixedMemory: false } as const;
    await writeFile(join(folder, "l.safetensors"), smallPolicy({ ...SMALL_SPEC, circuit: ltc }));
    expect((await elegans(["inspect", "l.safetensors"], folder)).stdout).toMatch(/^l\.safetensors\nltc \(implicit/);
    const wiring = { kind: "AutoNCP", units: 9, outputSize: 2, sparsityLevel: 0.5, seed: 1 } as const;
    const model = createModel({ kind: "ltc", inputSize: 3, wiring });
    const weights = initializeWeights(model.parameters, defaultRng(0));
    await writeFile(join(folder, "m.safetensors"), encodeModel({ model, weights }));
    const { stdout } = await elegans(["inspect", "m.safetensors"], folder);
    expect(stdout).toContain("ltc (implicit constraints, free polarity): 3 sensors, 9 neurons");
  }));

test.each([
  ["what is not there", "nope", 2, /nope does not exist/, null],
  ["a file of another kind", "a.txt", 1, /a\.txt: safetensors: /, Buffer.from("hello, not a policy")],
  [
    "a policy without a circuit",
    "p.safetensors",
    1,
    /without a wired circuit/,
    smallPolicy({ ...SMALL_SPEC, circuit: { kind: "mlp", inputDim: 4, hidden: [8], activation: "tanh" } }),
  ],
])("inspect refuses %s with one sentence", (_, path, code, message, bytes) =>
  inFolder(async (folder) => {
    if (bytes !== null) await writeFile(join(folder, path), bytes);
    const { exitCode, stdout, stderr } = await elegans(["inspect", path], folder);
    expect([exitCode, stdout]).toEqual([code, ""]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
  }),
);
