import type { PolicyConfig } from "../../src/policy/policy-config.ts";
import { type BcTrainerOptions, bcSpec, demonstrationSpaces } from "../bc/create-bc-trainer.ts";
import { openDemonstrations } from "../bc/read-demonstrations.ts";
import { expertsFor, findExpert } from "../experts/experts.ts";
import { type EnvChoice, importEnvModules } from "../rollout/make-env.ts";
import type { Trainer } from "../trainer.ts";
import { decodeState, lookup } from "../workers/state-file.ts";
import { workersFor } from "../workers/threaded-trainer.ts";
import { DAGGER_STATE, type DaggerPlace, DaggerTrainer } from "./dagger-trainer.ts";
import type { DaggerConfig } from "./dagger-config.ts";

/** The parts of a run's config that DAgger depends on. */
export interface DaggerRunConfig {
  readonly env: EnvChoice;
  /** `PolicyConfig.parse(…)` fills in the defaults */
  readonly policy: PolicyConfig;
  /** `DaggerConfig.parse({ kind: "dagger", … })` fills in the defaults */
  readonly algo: DaggerConfig;
  /** decides wiring, weights, episodes, who drives, and the order of sequences */
  readonly seed: number;
}

/** How a trainer is started. Nothing here changes results except where it starts from. */
export type DaggerTrainerOptions = Omit<BcTrainerOptions, "episodes"> & {
  /** told whenever an episode is collected */
  readonly activity?: (text: string) => void;
};

/**
 * A learner that asks an expert what would have been right where the learner itself drives (DAgger, Ross et al. 2011, arXiv:1011.0686).
 * `attach` names the run's folder, in which `demonstrations/` grows; without one episodes are kept in memory alone.
 *
 * Rejects with ConfigError (such as `unknown-expert`), EnvError (`import-failed`) or FormatError where config, modules, expert, data or the
 * saved run do not fit, and with what `makeBatch` throws.
 */
export async function createDaggerTrainer(
  config: DaggerRunConfig,
  options: DaggerTrainerOptions = {},
): Promise<Trainer> {
  await importEnvModules(config.env);
  const { env, algo, seed } = config;
  const spaces = demonstrationSpaces(env);
  if (algo.data !== "") await openDemonstrations(algo.data, spaces); // other spaces are told before anything is written
  const { resume, initFrom, ...compute } = options;
  return new DaggerTrainer({
    env,
    algo,
    seed,
    spaces,
    expert: expertName(env.id, algo.expert),
    spec: bcSpec(config),
    compute: { ...compute, numWorkers: workersFor(algo.numShards, options.numWorkers) },
    place: resume === undefined ? null : placeOf(resume),
    initFrom: initFrom ?? null,
  });
}

function expertName(envId: string, asked: string): string {
  const [first] = expertsFor(envId);
  return findExpert(asked === "" ? (first?.name ?? "") : asked, envId).name; // throws where there is none
}

function placeOf({ policy, state }: NonNullable<DaggerTrainerOptions["resume"]>): DaggerPlace {
  const [round, stepsBefore, numEpisodes] = lookup(decodeState(state.trainer))(DAGGER_STATE, Float64Array);
  return { round: round!, stepsBefore: stepsBefore!, numEpisodes: numEpisodes!, resume: { policy, state } };
}
