import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { elegans, inFolder } from "../../helpers/cli.ts";

const short = [
  ..."tune CartPole-v1 --json --parallel 1 --total-steps 1024 --set evaluation.every=512 --seed 3".split(" "),
  ..."--set evaluation.episodes=2 --set evaluation.finalEpisodes=2 --set evaluation.record=0".split(" "),
  ..."--space algo.learningRate=1e-4..1e-2:log --space policy.circuit.wiring.units=8,12".split(" "),
];

test("a study goes on where it was, gives settings that train takes, and its trials are runs", () =>
  inFolder(async (folder) => {
    const two = await elegans([...short, "--trials", "2"], folder);
    expect(two.exitCode, two.stderr).toBe(0);
    const three = await elegans([...short, "--trials", "3"], folder);
    const { trials, best, config } = JSON.parse(three.stdout);
    expect(trials).toEqual({ running: 0, complete: 3, pruned: 0, failed: 0 });
    expect((await readdir(join(folder, "tune", "CartPole-v1", "trials"))).toSorted()).toEqual(["0", "1", "2"]);
    const settings = JSON.parse(await readFile(join(folder, config), "utf8"));
    expect(settings.algo.learningRate).toBe(best.parameters["algo.learningRate"]);
    expect(settings.policy.circuit.wiring.units).toBe(best.parameters["policy.circuit.wiring.units"]);
    const again = await elegans(["train", "--config", config, "--run", "again", "--json"], folder);
    expect(JSON.parse(again.stdout).return.mean, again.stderr).toBe(best.value); // the same settings, the same run
  }));

test("a setting that does not exist, or an end of a range that cannot be, is told before anything is written", () =>
  inFolder(async (folder) => {
    const unknown = await elegans([...short, "--space", "algo.learningrate=1e-4..1e-2"], folder);
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("did you mean algo.learningRate?") });
    const impossible = await elegans([...short, "--space", "algo.gamma=0.9..1.5"], folder);
    expect(impossible).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("algo.gamma") });
    expect(await readdir(folder)).toEqual([]);
  }));
