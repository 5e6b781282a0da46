import { join } from "node:path";
import { SeedSequence } from "gymnasium-js";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import { type BcTrainerOptions, startCloning } from "../bc/create-bc-trainer.ts";
import { type DemonstrationSpaces, openDemonstrations } from "../bc/read-demonstrations.ts";
import type { EnvChoice } from "../rollout/make-env.ts";
import type { Metrics, Trainer, TrainerState } from "../trainer.ts";
import { decodeState, encodeState, vector } from "../workers/state-file.ts";
import { Aggregate } from "./aggregate.ts";
import type { CollectionJob } from "./collect-episodes.ts";
import { collectInThreads } from "./collect-in-threads.ts";
import { type DaggerConfig, expertShare, roundSettings } from "./dagger-config.ts";

/** Tensor of a saved state: round, frames of the rounds before, episodes collected. */
export const DAGGER_STATE = "dagger";
/** Branch of the run's seed, apart from those of other learners. */
const DAGGER_STREAM = 0xda66;

/** Where a saved run goes on. */
export interface DaggerPlace {
  readonly round: number;
  readonly stepsBefore: number;
  readonly numEpisodes: number;
  readonly resume: { readonly policy: Uint8Array; readonly state: TrainerState };
}

/** Everything a run of DAgger is made of. */
export interface DaggerTask {
  readonly env: EnvChoice;
  readonly algo: DaggerConfig;
  readonly seed: number;
  readonly spaces: DemonstrationSpaces;
  readonly expert: string;
  readonly spec: PolicySpec;
  /** threads and executor */
  readonly compute: Pick<BcTrainerOptions, "executor" | "announce"> & {
    readonly numWorkers: number;
    readonly activity?: (text: string) => void;
  };
  readonly place: DaggerPlace | null;
  readonly initFrom: Uint8Array | null;
}

/** A round that is being learned from. */
interface Round {
  readonly number: number;
  /** frames learned from in the rounds before */
  readonly stepsBefore: number;
  readonly cloning: Trainer;
}

/**
 * Rounds of collecting and cloning. Each round's learner starts from the weights of the one before, with an optimiser of its own, and learns
 * from all episodes so far. Which episodes are played depends on seed, round and policy alone.
 */
export class DaggerTrainer implements Trainer {
  readonly #task: DaggerTask;
  #folder: string | null = null;
  #aggregate: Aggregate | null = null;
  #round: Round | null = null;
  /** of the episodes just collected; reported once */
  #collected: Metrics = {};

  constructor(task: DaggerTask) {
    this.#task = task;
  }

  get numWorkers(): number {
    return Math.max(1, this.#task.compute.numWorkers);
  }

  get numSteps(): number {
    return this.#round === null ? 0 : this.#round.stepsBefore + this.#round.cloning.numSteps;
  }

  get isDone(): boolean {
    return this.#round !== null && this.#round.number === this.#task.algo.rounds - 1 && this.#isLearned(this.#round);
  }

  async attach(runFolder: string): Promise<void> {
    this.#folder = join(runFolder, "demonstrations");
    if (this.#task.place !== null) await this.#current();
  }

  async iterate(): Promise<Metrics> {
    let round = await this.#current();
    if (this.#isLearned(round)) round = await this.#nextRound(round);
    const metrics = await round.cloning.iterate();
    const collected = this.#collected;
    this.#collected = {};
    return {
      ...metrics,
      steps: this.numSteps,
      round: round.number,
      expertShare: expertShare(this.#task.algo, round.number),
      demonstrations: this.#aggregate!.episodes.length, // there is a round
      ...collected,
    };
  }

  async policy(): Promise<Uint8Array> {
    return (await this.#current()).cloning.policy();
  }

  async state(): Promise<TrainerState> {
    const { number, stepsBefore, cloning } = await this.#current();
    const { optimizer, trainer } = await cloning.state();
    const place = Float64Array.of(number, stepsBefore, this.#aggregate!.episodes.length);
    return { optimizer, trainer: encodeState([...decodeState(trainer), vector(DAGGER_STATE, place)]) };
  }

  async close(): Promise<void> {
    await this.#round?.cloning.close();
  }

  #isLearned({ cloning }: Round): boolean {
    return cloning.isDone === true || cloning.numSteps >= roundSettings(this.#task.algo).totalSteps;
  }

  /** The round that is being learned from; the first call collects round 0, or takes up a saved run. */
  async #current(): Promise<Round> {
    if (this.#round !== null) return this.#round;
    const { env, spaces, place, initFrom } = this.#task;
    this.#aggregate = await Aggregate.open(this.#folder, env, spaces, place?.numEpisodes ?? 0);
    if (place !== null)
      return (this.#round = {
        number: place.round,
        stepsBefore: place.stepsBefore,
        cloning: await this.#startCloning(place.round, { resume: place.resume }),
      });
    await this.#collectFirst(this.#aggregate);
    return (this.#round = {
      number: 0,
      stepsBefore: 0,
      cloning: await this.#startCloning(0, initFrom === null ? {} : { initFrom }),
    });
  }

  async #nextRound(before: Round): Promise<Round> {
    const number = before.number + 1;
    const policy = await before.cloning.policy();
    await this.#collect(number, policy);
    await before.cloning.close();
    this.#round = {
      number,
      stepsBefore: this.numSteps,
      cloning: await this.#startCloning(number, { initFrom: policy }),
    };
    return this.#round;
  }

  #startCloning(round: number, start: Parameters<typeof startCloning>[1]): Promise<Trainer> {
    const { algo, seed, spec, compute } = this.#task;
    const [roundSeed] = new SeedSequence([seed, DAGGER_STREAM, round, 1]).generateState(1);
    const task = { spec, algo: roundSettings(algo), seed: roundSeed!, episodes: this.#aggregate!.episodes };
    return startCloning(task, { ...compute, ...start });
  }

  async #collectFirst(aggregate: Aggregate): Promise<void> {
    const { algo, spaces } = this.#task;
    if (algo.data === "") return this.#collect(0, null);
    const { reader, ids } = await openDemonstrations(algo.data, spaces);
    for (const id of ids) {
      const { seed, elegans } = await reader.episode(id);
      const unknown = { return: 0, terminated: false, truncated: true, actor: { kind: "import", name: algo.data } };
      await aggregate.add({ table: await reader.read(id), note: { seed, ...(elegans ?? unknown) } });
    }
  }

  /** Plays a round's episodes and adds them to what there is to learn from. */
  async #collect(round: number, policy: Uint8Array | null): Promise<void> {
    const { env, expert, algo, seed, compute } = this.#task;
    const share = expertShare(algo, round);
    const job: CollectionJob = { env, expert, round, policy, share };
    const seeds = [...new SeedSequence([seed, DAGGER_STREAM, round, 0]).generateState(algo.episodesPerRound)];
    const tell = (done: number): void =>
      compute.activity?.(`round ${round}: ${done} / ${seeds.length} episodes collected`);
    const episodes = await collectInThreads(job, seeds, { numWorkers: compute.numWorkers, onEpisode: tell });
    for (const episode of episodes) await this.#aggregate!.add(episode); // opened by `#current`
    const mean = (of: (i: number) => number): number =>
      episodes.reduce((sum, _, i) => sum + of(i), 0) / episodes.length;
    this.#collected = {
      collectedReturn: mean((i) => episodes[i]!.note.return),
      collectedTerminated: mean((i) => Number(episodes[i]!.note.terminated)),
    };
  }
}
