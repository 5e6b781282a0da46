import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { groupRuns } from "../../../src/cli/plotting/run-groups.ts";
import type { PlottedRun } from "../../../src/cli/plotting/plotted-run.ts";
import { RunConfig } from "../../../src/cli/run-config.ts";
import { elegans, inFolder } from "../../helpers/cli.ts";

const configOf = (seed: number, algo: object = {}, id = "CartPole-v1") =>
  RunConfig.parse({ env: { id }, seed, algo: { kind: "ppo", ...algo } });

/** A run folder as training leaves it, with a return that grows to 100 * factor. */
async function writeRun(path: string, config: RunConfig, factor: number): Promise<void> {
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "config.json"), JSON.stringify(config));
  const records = [1, 2, 3, 4].map((i) => ({ step: 100 * i, seconds: i / 10, evalReturn: 25 * i * factor }));
  await writeFile(join(path, "metrics.jsonl"), records.map((record) => `${JSON.stringify(record)}\n`).join(""));
}

test("plot draws all runs of a folder, groups seeds, and prints what was reached", () =>
  inFolder(async (folder) => {
    for (const seed of [0, 1, 2]) await writeRun(join(folder, "runs", `a${seed}`), configOf(seed), 1 + seed);
    await writeRun(join(folder, "runs", "b"), configOf(0, { gamma: 0.9 }), 5);
    const args = ["plot", "runs", "--reference", "published=120", "-o", "c.svg", "--json"];
    const { exitCode, stdout, stderr } = await elegans(args, folder);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    const { metric, groups } = JSON.parse(stdout);
    expect(metric).toBe("evalReturn");
    expect(groups).toMatchObject([
      { label: "gamma=0.98", runs: 3, last: { iqm: 200, min: 100, max: 300 }, steps: 400 },
      { label: "gamma=0.9", runs: 1, last: { iqm: 500, ci95: null } },
    ]);
    expect(await readFile(join(folder, "c.svg"), "utf8")).toContain(">gamma=0.98 (3 runs)</text>");
  }));

test("plot refuses what it cannot draw and writes nothing", () =>
  inFolder(async (folder) => {
    await writeRun(join(folder, "run"), configOf(0), 1);
    const unknown = await elegans(["plot", "run", "--metric", "evalRetrun", "-o", "c.svg"], folder);
    expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("did you mean evalReturn?") });
    const ending = await elegans(["plot", "run", "-o", "c.pdf"], folder);
    expect(ending).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(".svg, .png or .html") });
    expect(await readdir(folder)).toEqual(["run"]);
  }));

test("lines are labelled by the settings that tell them apart, or by run", () => {
  const run = (name: string, config: RunConfig): PlottedRun => ({ name, path: name, config, records: [] });
  const runs = [
    run("a", configOf(0)),
    run("b", configOf(1)),
    run("c", configOf(0, { clipRange: 0.1, gamma: 0.5 })),
    run("d", configOf(0, {}, "Acrobot-v1")),
  ];
  const labels = (grouping: "config" | "algo" | "run") =>
    groupRuns(runs, grouping).map(
      ({ label, runs: members }) => `${label}: ${members.map(({ name }) => name).join("")}`,
    );
  expect(labels("config")).toEqual(["clipRange=0.2 gamma=0.98: ab", "clipRange=0.1 gamma=0.5: c", "ppo: d"]);
  expect(labels("algo")).toEqual(["ppo: abc", "ppo: d"]);
  expect(labels("run")).toEqual(["a: a", "b: b", "c: c", "d: d"]);
});
