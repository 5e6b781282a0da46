// Learning curves of the MinAtar presets: five games, seeds 0 to 2, 2 M frames each, then two games for 10 M frames.
//
//   npm run bench -- minatar-learning                         checks and sums up what docs/results/minatar holds (seconds)
//   npx tsx bench/minatar-learning.ts --train=runs/minatar    trains what that folder lacks and takes up what was stopped (hours);
//                                                             several at once may share a folder
//   npx tsx bench/minatar-learning.ts --collect=runs/minatar  copies curves from there to docs/results/minatar
//
// Threads run what was built: `npm run build` first.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { iqm } from "../src/run/iqm.ts";
import { type CollectedRun, collectRun, readCollectedRun } from "./helpers/collected-run.ts";
import { jobName, minatarJobs } from "./helpers/learning-jobs.ts";
import { runQueue } from "./helpers/run-queue.ts";

const results = "docs/results/minatar";
const option = (name: string): string | undefined =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

async function collect(runs: string): Promise<void> {
  for (const name of minatarJobs.map(jobName))
    if (existsSync(join(runs, name, "metrics.jsonl"))) await collectRun(join(runs, name), join(results, name));
}

const groupOf = ({ env, totalSteps }: CollectedRun): string => `${env} ${totalSteps / 1e6}M`;
const round = (x: number): number => Number(x.toFixed(2));

function summary(group: readonly CollectedRun[]) {
  const training = group.map(({ records }) => records.at(-1)!["episodeReturn"]!);
  const greedy = group.flatMap(({ greedyReturn }) => greedyReturn ?? []);
  return {
    group: groupOf(group[0]!),
    seeds: group.map(({ seed }) => seed),
    steps: group.map(({ records }) => records.at(-1)!.step),
    training: training.map(round),
    trainingIqm: round(iqm(training)),
    greedy: greedy.map(round),
    greedyIqm: greedy.length === 0 ? null : round(iqm(greedy)),
  };
}

async function report(): Promise<void> {
  const names = existsSync(results) ? readdirSync(results) : [];
  const runs = await Promise.all(names.map((name) => readCollectedRun(join(results, name))));
  const groups = [...new Set(runs.map(groupOf))];
  const rows = groups.map((group) => summary(runs.filter((run) => groupOf(run) === group)));
  console.log(JSON.stringify({ bench: "minatar-learning", results: rows }));
}

const [train, from] = [option("train"), option("collect")];
if (train !== undefined) await runQueue(minatarJobs, train);
else {
  if (from !== undefined) await collect(from);
  await report();
}
