import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { elegans, elegansProcess, inFolder, tiny } from "../../helpers/cli.ts";

const helper = (name: string): string => fileURLToPath(new URL(`../../helpers/${name}`, import.meta.url));
const train = ["train", "CartPole-v1", ...tiny, "--total-steps", "3072", "--set", "checkpoint.every=1024", "--json"];

afterEach(() => {
  delete process.env["DYING_ONCE"];
});

test("a training thread that dies is started anew, and the run ends in the bytes of one in which none did", () =>
  inFolder(async (folder) => {
    const whole = await elegans([...train, "--run", "whole", "--workers", "2"], folder);
    process.env["DYING_ONCE"] = join(folder, "died");
    const args = ["--run", "crashed", "--workers", "2", "--import", helper("dying-once.mjs")];
    const crashed = await elegansProcess([...train, ...args], folder);
    expect(crashed.exitCode, crashed.stderr).toBe(0);
    expect(await readFile(join(folder, "died"), "utf8")).toBe("died\n");
    expect(crashed.stderr).toContain("A training thread crashed");
    expect(JSON.parse(crashed.stdout).policySha256).toBe(JSON.parse(whole.stdout).policySha256);
    expect(await readdir(join(folder, "crashed"))).not.toContain("run.lock");
  }));

test("threads that die again and again without progress end the run with one clear error", () =>
  inFolder(async (folder) => {
    const args = [...train, "--run", "r", "--workers", "2", "--set", "checkpoint.every=100000"];
    const { exitCode, stderr } = await elegansProcess([...args, "--import", helper("dying-thread.mjs")], folder);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/error: training thread \d ended unexpectedly with code 7/);
    expect(stderr.match(/A training thread crashed/g)).toHaveLength(2);
  }));

test("a second process is kept out of a run's folder while the first one trains, and let in when it is gone", () =>
  inFolder(async (folder) => {
    const lock = { pid: process.pid, host: hostname(), processStart: null, since: "2026-11-27T00:00:00.000Z" };
    await mkdir(join(folder, "busy"));
    await writeFile(join(folder, "busy", "run.lock"), JSON.stringify(lock));
    const short = ["train", "CartPole-v1", ...tiny, "--run", "busy"];
    const refused = await elegans(short, folder);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`by process ${process.pid}`) });
    expect(await readdir(join(folder, "busy"))).toEqual(["run.lock"]);
    await writeFile(join(folder, "busy", "run.lock"), JSON.stringify({ ...lock, processStart: "gone" }));
    expect((await elegans(short, folder)).exitCode).toBe(process.platform === "linux" ? 0 : 2);
  }));
