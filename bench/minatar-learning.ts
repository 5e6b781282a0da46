// Learning curves of the MinAtar presets: five games, seeds 0 to 2, 2 M frames each, then two games for 10 M frames.
//
//   npm run bench -- minatar-learning                     checks and sums up the curves in bench/results/minatar (seconds)
//   npx tsx bench/minatar-learning.ts --train=runs/minatar    trains what that folder lacks; takes up what was stopped; hours. Several at once may share it
//   npx tsx bench/minatar-learning.ts --collect=runs/minatar  writes bench/results/minatar from the runs that are done
//
// Threads run what was built: `npm run build` first.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { iqm } from "../src/run/iqm.ts";
import { type LearnedRun, readResults, thinCurve, writeResults } from "./helpers/learning-curve.ts";
import { jobName, type LearningJob, minatarJobs } from "./helpers/learning-jobs.ts";
import { runQueue } from "./helpers/run-queue.ts";

const results = "bench/results/minatar";
const option = (name: string): string | undefined =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));

function collected(runs: string, job: LearningJob) {
  const folder = join(runs, jobName(job));
  const [result, info] = [json(join(folder, "result.json")), json(join(folder, "run.json"))];
  const curve = thinCurve(readFileSync(join(folder, "metrics.jsonl"), "utf8"), job.steps);
  const run: LearnedRun = {
    name: jobName(job),
    ...job,
    trainingReturn: curve.at(-1)!.episodeReturn,
    greedyReturn: result.return.mean,
    greedyEpisodes: result.return.episodes,
    framesPerSecond: Math.round(result.stepsPerSecond),
    policySha256: result.policySha256,
    gitCommit: info.gitCommit,
    node: info.node,
  };
  return { run, curve };
}

function summary() {
  const all = [...readResults(results).keys()];
  const groupOf = ({ env, steps }: LearnedRun): string => `${env} ${steps / 1e6}M`;
  const groups = [...new Set(all.map(groupOf))].map(
    (group) => [group, all.filter((r) => groupOf(r) === group)] as const,
  );
  return groups.map(([group, runs]) => ({
    group,
    seeds: runs.map((run) => run.seed),
    training: runs.map((run) => run.trainingReturn),
    trainingIqm: Number(iqm(runs.map((run) => run.trainingReturn)).toFixed(2)),
    greedy: runs.map((run) => run.greedyReturn),
    greedyIqm: Number(iqm(runs.map((run) => run.greedyReturn)).toFixed(2)),
  }));
}

const [train, collect] = [option("train"), option("collect")];
if (train !== undefined) await runQueue(minatarJobs, train);
if (collect !== undefined) {
  const done = minatarJobs.filter((job) => existsSync(join(collect, jobName(job), "result.json")));
  writeResults(
    results,
    done.map((job) => collected(collect, job)),
  );
}
if (train === undefined) console.log(JSON.stringify({ bench: "minatar-learning", results: summary() }));
