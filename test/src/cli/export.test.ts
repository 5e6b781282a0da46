import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { elegans, inFolder } from "../../helpers/cli.ts";
import { readOnnx } from "../../helpers/onnx-reader.ts";
import { smallPolicy } from "../../helpers/small-policy.ts";

test("export writes a policy file as ONNX, says so, and names it after the policy", () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, "cart.safetensors"), smallPolicy());
    const { exitCode, stdout, stderr } = await elegans(
      ["export", "cart.safetensors", "--format", "onnx", "--json"],
      folder,
    );
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { out, bytes, policySha256 } = JSON.parse(stdout);
    const written = await readFile(join(folder, "cart.onnx"));
    expect([out, bytes]).toEqual([join(folder, "cart.onnx"), written.length]);
    expect(readOnnx(written).metadata.get("elegans.policySha256")).toBe(policySha256);
    expect(stderr).toContain("next_state");
  }));

test("export writes a tf.layers model into a folder of its own, and refuses one with other files", () =>
  inFolder(async (folder) => {
    await writeFile(join(folder, "cart.safetensors"), smallPolicy());
    const done = await elegans(["export", "cart.safetensors", "--format", "tfjs", "-o", "model"], folder);
    expect(done.exitCode, done.stderr).toBe(0);
    expect((await readdir(join(folder, "model"))).toSorted()).toEqual(["model.json", "weights.bin"]);
    const refused = await elegans(["export", "cart.safetensors", "--format", "tfjs", "-o", "."], folder);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("holds other files") });
    expect((await readdir(folder)).toSorted()).toEqual(["cart.safetensors", "model"]);
  }));

test("what cannot be exported is refused by name and leaves nothing behind", () =>
  inFolder(async (folder) => {
    const cut = smallPolicy().subarray(0, 900);
    await writeFile(join(folder, "cut.safetensors"), cut);
    const damaged = await elegans(["export", "cut.safetensors", "--format", "onnx"], folder);
    expect(damaged).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("cut.safetensors: ") });
    const unknown = await elegans(["export", "cut.safetensors", "--format", "onxx"], folder);
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("onnx") });
    const absent = await elegans(["export", "runs/none", "--format", "onnx"], folder);
    expect(absent).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("runs/none does not exist") });
    expect(await readdir(folder)).toEqual(["cut.safetensors"]);
  }));
