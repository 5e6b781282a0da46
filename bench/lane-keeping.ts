// The lane-keeping experiment: six kinds of networks clone the same demonstrations, then drive roads they never saw, under noise they never saw.
// docs/lane-keeping-experiment.md says what it found. Every model and seed is kept in --out as soon as it is done, so that a stopped run goes on.
//
//   npm run bench -- lane-keeping [--quick] [--out=DIR] [--data=DIR] [--models=a,b] [--seeds=0,1,2] [--updates=N] [--roads=N] [--train-noise=V]
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { addPixelNoise, make, SeedSequence, summarizeDriving } from "gymnasium-js";
import { BcConfig, createBcTrainer, demonstrateEpisode, findExpert } from "../agents/index.ts";
import { createPolicyExplainer, createPolicyRunner, decodePolicy, type SavedPolicy } from "../src/index.ts";
import { evaluatePolicy, lastInfos } from "../src/run/evaluate-policy.ts";
import { summarize } from "../src/run/summary.ts";
import { cloningSettings, drivingModels } from "./helpers/driving-models.ts";
import { ssim } from "./helpers/ssim.ts";

const flag = (name: string, otherwise: string): string =>
  process.argv.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? otherwise;
const isQuick = process.argv.includes("--quick");
const out = flag("out", isQuick ? "runs/lane-keeping-quick" : "runs/lane-keeping-experiment");
const models = flag("models", isQuick ? "ncp-cfc" : Object.keys(drivingModels).join(",")).split(",");
const seeds = flag("seeds", isQuick ? "0" : "0,1,2")
  .split(",")
  .map(Number);
const numUpdates = Number(flag("updates", isQuick ? "4" : "240"));
const numRoads = Number(flag("roads", isQuick ? "1" : "6"));
const trainNoise = Number(flag("train-noise", "0"));
const numFrames = isQuick ? 4 : 60;
const envId = "LaneKeeping-v0";
const roadLength = isQuick ? 50 : 500;
/** Decides the roads that are driven; demonstrations have streams of their own. */
const evaluationSeed = 20_000;
const variances = [0, 0.1, 0.2, 0.3];
const conditions: Readonly<Record<string, Record<string, number>>> = {
  ...Object.fromEntries(variances.map((v) => [`noise ${v}`, { noiseVariance: v }])),
  "dropped frames": { dropRate: 0.3 },
};

/** What one network came to: one file. */
interface Outcome {
  readonly model: string;
  readonly seed: number;
  readonly parameters: number;
  readonly circuitParameters: number;
  readonly validationLoss: number;
  readonly driving: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** by variance */
  readonly ssim: Readonly<Record<string, number>>;
}

const data = flag("data", join(out, "demonstrations"));
mkdirSync(out, { recursive: true });
if (!existsSync(join(data, "data", "metadata.json"))) record();

function record(): void {
  const args = ["record", envId, "--expert", "pure-pursuit", "--episodes", isQuick ? "2" : "40", "--out", data];
  const { status } = spawnSync(process.execPath, ["dist/src/cli/main.js", ...args], { stdio: ["ignore", 2, 2] });
  if (status !== 0) throw new Error("recording failed; npm run build first");
}

async function train(model: string, seed: number): Promise<{ policy: Uint8Array; validationLoss: number }> {
  const algo = BcConfig.parse({
    ...cloningSettings,
    data,
    totalSteps: 160 * numUpdates,
    augmentation: { noiseVariance: trainNoise },
  });
  const policy = drivingModels[model];
  if (policy === undefined)
    throw new Error(`unknown model ${model}; there are ${Object.keys(drivingModels).join(", ")}`);
  const trainer = await createBcTrainer(
    { env: { id: envId, args: {}, imports: [] }, policy, algo, seed },
    { numWorkers: 0 },
  );
  let validationLoss = NaN;
  while (trainer.numSteps < algo.totalSteps) validationLoss = (await trainer.iterate())["bestLoss"] ?? validationLoss;
  return { policy: await trainer.policy(), validationLoss };
}

async function drive(saved: SavedPolicy, disturbance: Record<string, number>): Promise<Record<string, number>> {
  const env = make(envId, { length: roadLength, ...disturbance });
  const evaluation = await evaluatePolicy(createPolicyRunner(saved), env, { episodes: numRoads, seed: evaluationSeed });
  const metrics = summarizeDriving(lastInfos(evaluation));
  if (metrics === null || !(metrics["distanceKm"]! > 0)) throw new Error("nothing was driven");
  return { ...metrics };
}

/** Frames an expert sees on unseen roads, evenly spread. */
function unseenFrames(): Uint8Array[] {
  const env = make(envId);
  const expert = findExpert("pure-pursuit", envId);
  const frames: Uint8Array[] = [];
  for (const seed of new SeedSequence([evaluationSeed, 1]).generateState(4))
    for (const { index, obs } of demonstrateEpisode(env, expert, seed))
      if (index % 120 === 0) frames.push((obs as Uint8Array).slice());
  const every = frames.length / numFrames;
  return Array.from({ length: numFrames }, (_, i) => frames[Math.floor(i * every)]!);
}

/** How much pictures of what the convolutions look at stay the same when noise comes on: mean SSIM per variance. */
function saliencyStability(saved: SavedPolicy, frames: readonly Uint8Array[]): Record<string, number> {
  const explainer = createPolicyExplainer(saved);
  const { height, width } = explainer.picture!; // all models see the camera
  const clean = frames.map((frame) => explainer.visualBackProp(frame));
  return Object.fromEntries(
    variances.map((variance) => {
      const similarities = frames.map((frame, i) => {
        const noisy = frame.slice();
        if (variance > 0) addPixelNoise(noisy, 0, noisy.length, variance, 7919 * (i + 1));
        return ssim(clean[i]!, explainer.visualBackProp(noisy), height, width);
      });
      return [variance, summarize(similarities).mean];
    }),
  );
}

const numbersIn = (saved: SavedPolicy, prefix: string): number =>
  saved.tensors.filter(({ name }) => name.startsWith(prefix)).reduce((sum, { data: values }) => sum + values.length, 0);

async function outcomeOf(model: string, seed: number, frames: () => readonly Uint8Array[]): Promise<Outcome> {
  const { policy, validationLoss } = await train(model, seed);
  const saved = decodePolicy(policy);
  writeFileSync(join(out, `${model}-${seed}.safetensors`), policy);
  const driving: Record<string, Record<string, number>> = {};
  for (const [name, disturbance] of Object.entries(conditions)) driving[name] = await drive(saved, disturbance);
  const similarity = saliencyStability(saved, frames());
  if (Math.abs(similarity["0"]! - 1) > 1e-9) throw new Error("SSIM of equal pictures is not 1");
  return {
    model,
    seed,
    parameters: numbersIn(saved, ""),
    circuitParameters: numbersIn(saved, "circuit."),
    validationLoss,
    driving,
    ssim: similarity,
  };
}

/** Mean over seeds with its 95 % interval. */
function spread(values: readonly number[]): { mean: number; ci95: readonly [number, number] | null } {
  const { mean, ci95 } = summarize(values);
  return { mean, ci95 };
}

function summaryOf(outcomes: readonly Outcome[]) {
  const [first] = outcomes;
  const over = (pick: (o: Outcome) => number) => spread(outcomes.map(pick));
  const driving = Object.fromEntries(
    Object.keys(conditions).map((c) => [
      c,
      {
        crashesPerKm: over((o) => o.driving[c]!["crashesPerKm"]!),
        meanAbsLateralError: over((o) => o.driving[c]!["meanAbsLateralError"]!),
        steeringSmoothness: over((o) => o.driving[c]!["steeringSmoothness"]!),
        crashes: outcomes.reduce((sum, o) => sum + o.driving[c]!["crashes"]!, 0),
        distanceKm: outcomes.reduce((sum, o) => sum + o.driving[c]!["distanceKm"]!, 0),
      },
    ]),
  );
  return {
    seeds: outcomes.map((o) => o.seed),
    parameters: first!.parameters,
    circuitParameters: first!.circuitParameters,
    validationLoss: over((o) => o.validationLoss),
    driving,
    ssim: Object.fromEntries(variances.map((v) => [v, over((o) => o.ssim[v]!)])),
  };
}

let cachedFrames: Uint8Array[] | null = null;
const frames = (): Uint8Array[] => (cachedFrames ??= unseenFrames());
const results: Record<string, ReturnType<typeof summaryOf>> = {};
for (const model of models) {
  const outcomes: Outcome[] = [];
  for (const seed of seeds) {
    const file = join(out, `${model}-${seed}.json`);
    if (!existsSync(file)) {
      const startedAt = performance.now();
      const outcome = await outcomeOf(model, seed, frames);
      writeFileSync(`${file}.tmp`, JSON.stringify(outcome, null, 1));
      renameSync(`${file}.tmp`, file);
      console.error(`${model}, seed ${seed}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
    }
    outcomes.push(JSON.parse(readFileSync(file, "utf8")) as Outcome); // our own file
  }
  results[model] = summaryOf(outcomes);
}
console.log(JSON.stringify({ bench: "lane-keeping", numUpdates, trainNoise, numRoads, roadLength, results }));
