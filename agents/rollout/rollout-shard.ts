import { type BatchEnv, type BatchStep, createBatchStep, PCG64, type Seed, type SeedSequence } from "gymnasium-js";
import { categoricalLogProbs, sampleCategorical } from "../../src/policy/categorical.ts";
import { gaussianLogProb, standardNormal } from "../../src/policy/diagonal-gaussian.ts";
import type { PolicyNetwork } from "../../src/policy/policy-network.ts";
import { type ActionSpec, actionSize, obsSize, type PolicySpec } from "../../src/policy/policy-spec.ts";
import { FormatError } from "../../src/errors.ts";
import { EpisodeStatistics, MEMORY } from "./episode-statistics.ts";
import { RunningMoments } from "./running-moments.ts";
import type { ShardState } from "./shard-state.ts";
import { createTrajectory, type Trajectory } from "./trajectory.ts";

/** What a shard is made of. */
export interface ShardParts {
  readonly spec: PolicySpec;
  readonly env: BatchEnv;
  /** computes for this shard; may serve several shards, one after the other */
  readonly network: PolicyNetwork;
  /** T */
  readonly numSteps: number;
  readonly envSeeds: readonly Seed[];
  readonly actionSeed: SeedSequence;
}

/**
 * A fixed set of environments with their random streams, hidden states and buffer. `collect` is a pure job: (weights, shard state) ->
 * (trajectory, new shard state), whoever computes it.
 */
export class RolloutShard {
  readonly trajectory: Trajectory;
  readonly statistics: EpisodeStatistics;
  /** moments of the raw observations of the last `collect`; only where the policy normalises */
  readonly obsMoments: RunningMoments | null;
  readonly #spec: PolicySpec;
  readonly #env: BatchEnv;
  readonly #network: PolicyNetwork;
  readonly #random: PCG64;
  readonly #uniform: () => number;
  /** [N, H] */
  readonly #state: Float32Array;
  /** [N] */
  readonly #episodeStart: Uint8Array;
  readonly #out: BatchStep;
  readonly #envActions: Int32Array | Float32Array;
  readonly #logProbs: Float64Array;
  /** [N, H] state put aside while looking ahead */
  readonly #kept: Float32Array;
  readonly #D: number;
  /** 0, 1, … N - 1 */
  readonly #everyEnv: Int32Array;

  constructor({ spec, env, network, numSteps, envSeeds, actionSeed }: ShardParts) {
    const N = env.numEnvs;
    const A = actionSize(spec);
    const D = obsSize(spec);
    this.#spec = spec;
    this.#env = env;
    this.#network = network;
    this.#random = new PCG64(actionSeed);
    this.#uniform = () => this.#random.nextDouble();
    this.#state = new Float32Array(N * network.stateSize);
    this.#episodeStart = new Uint8Array(N).fill(1);
    this.#out = createBatchStep(N, env.singleObservationSpace);
    this.#envActions = spec.action.kind === "discrete" ? new Int32Array(N) : new Float32Array(N * A);
    this.#logProbs = new Float64Array(A);
    this.#kept = new Float32Array(N * network.stateSize);
    this.#D = D;
    this.#everyEnv = Int32Array.from({ length: N }, (_, n) => n);
    this.trajectory = createTrajectory(spec, network.stateSize, numSteps, N);
    this.statistics = new EpisodeStatistics(N);
    this.obsMoments = spec.normalizeObs ? new RunningMoments(D) : null;
    env.reset(envSeeds, this.#out);
  }

  /** Acts for T steps with the network's current weights and fills `trajectory`. Stochastic actions from the shard's own stream. */
  collect(): void {
    const network = this.#network;
    const { T, N } = this.trajectory;
    this.trajectory.initialState.set(this.#state);
    this.obsMoments?.clear();
    network.setState(this.#state, N);
    for (let t = 0; t < T; t++) {
      this.#observe(t);
      network.step(N);
      network.evaluate(N);
      this.#act(t);
      this.#env.step(this.#envActions, this.#out);
      this.#record(t);
    }
    network.getState(this.#state, N);
    this.#valueOfNext(N);
  }

  /** Everything that the next `collect` depends on besides the weights. */
  snapshot(): ShardState {
    const { numEnvs } = this.#env;
    const random = new Uint32Array(this.#random.numStateWords);
    this.#random.saveState(random);
    const { runningReturn, runningLength, returns, lengths, numEpisodes } = this.statistics;
    return {
      envs: Array.from({ length: numEnvs }, (_, n) => this.#env.snapshot(n)),
      obs: this.#out.obs.slice(),
      elapsed: this.#out.elapsed.slice(),
      episodeStart: this.#episodeStart.slice(),
      state: this.#state.slice(),
      random,
      episodes: Float64Array.of(numEpisodes, ...runningReturn, ...runningLength, ...returns, ...lengths),
    };
  }

  /** Goes on from a snapshot of a shard of the same run. Throws FormatError where sizes differ. */
  restore(saved: ShardState): void {
    const { numEnvs } = this.#env;
    const { statistics } = this;
    const episodes = new Float64Array(1 + 2 * numEnvs + 2 * MEMORY);
    if (saved.envs.length !== numEnvs)
      throw new FormatError(
        "shard-state",
        `shard state: ${saved.envs.length} environments saved, the run has ${numEnvs}`,
      );
    for (let n = 0; n < numEnvs; n++) this.#env.restore(n, saved.envs[n]!);
    copyExactly("obs", saved.obs, this.#out.obs);
    copyExactly("elapsed", saved.elapsed, this.#out.elapsed);
    copyExactly("episodeStart", saved.episodeStart, this.#episodeStart);
    copyExactly("state", saved.state, this.#state);
    copyExactly("episodes", saved.episodes, episodes);
    this.#random.loadState(saved.random);
    statistics.numEpisodes = episodes[0]!;
    let o = 1;
    for (const part of [statistics.runningReturn, statistics.runningLength, statistics.returns, statistics.lengths]) {
      part.set(episodes.subarray(o, o + part.length));
      o += part.length;
    }
  }

  close(): void {
    this.#env.close();
  }

  /** Hands the current observation to network and trajectory. */
  #observe(t: number): void {
    const { N, obs, elapsed, episodeStart } = this.trajectory;
    const now = this.#out.obs;
    obs.set(now, t * now.length);
    elapsed.set(this.#out.elapsed, t * N);
    episodeStart.set(this.#episodeStart, t * N);
    this.#showCurrent();
    if (this.obsMoments) for (let n = 0; n < N; n++) this.obsMoments.add(now, n * this.#D);
  }

  /** Writes every environment's current observation into its row. */
  #showCurrent(): void {
    const { obs, elapsed } = this.#out;
    this.#network.writeRows({ obs, elapsed, episodeStart: this.#episodeStart }, this.#everyEnv, this.trajectory.N);
  }

  /** Draws actions from the heads and writes down what the network said. */
  #act(t: number): void {
    const { N, value, logProb, actions } = this.trajectory;
    const { logits, values } = this.#network;
    const { action } = this.#spec;
    for (let n = 0; n < N; n++) {
      const row = t * N + n;
      value[row] = values.data[n * values.stride]!;
      if (action.kind === "discrete") {
        categoricalLogProbs(logits.data, n * logits.stride, action.n, this.#logProbs);
        const choice = sampleCategorical(this.#logProbs, action.n, this.#uniform());
        actions[row] = choice;
        logProb[row] = this.#logProbs[choice]!;
        this.#envActions[n] = choice + action.start;
      } else logProb[row] = this.#drawBox(row, n, action);
    }
  }

  /** Draws a Box action into the trajectory, its clipped form for the environment; returns the log-probability of the draw. */
  #drawBox(row: number, n: number, { low, high }: Extract<ActionSpec, { kind: "box" }>): number {
    const { actions } = this.trajectory;
    const { logits, logStd } = this.#network;
    const A = low.length;
    for (let a = 0; a < A; a++) {
      const mean = logits.data[n * logits.stride + a]!;
      actions[row * A + a] = mean + Math.exp(logStd![a]!) * standardNormal(this.#uniform);
      const drawn = actions[row * A + a]!;
      this.#envActions[n * A + a] = Math.min(Math.max(drawn, low[a] ?? -Infinity), high[a] ?? Infinity);
    }
    return gaussianLogProb(actions as Float32Array, row * A, logits.data, n * logits.stride, logStd!, A);
  }

  /** Writes down what the environments answered; values the last observation of truncated episodes. */
  #record(t: number): void {
    const { N, reward, terminated, truncated } = this.trajectory;
    const out = this.#out;
    reward.set(out.reward, t * N);
    terminated.set(out.terminated, t * N);
    truncated.set(out.truncated, t * N);
    let needsFinalValue = false;
    for (let n = 0; n < N; n++) {
      const done = out.terminated[n]! | out.truncated[n]!;
      this.statistics.add(n, out.reward[n]!, done === 1);
      this.#episodeStart[n] = done;
      if (out.truncated[n] === 1 && out.terminated[n] === 0) needsFinalValue = true;
    }
    if (needsFinalValue) this.#valueOfFinal(t);
  }

  /** Values of the last observations and states of truncated episodes. Leaves the network's state as it was. */
  #valueOfFinal(t: number): void {
    const { N, finalValue } = this.trajectory;
    const out = this.#out;
    for (let n = 0; n < N; n++) {
      const isFinal = out.truncated[n] === 1 && out.terminated[n] === 0;
      this.#network.writeObs(isFinal ? out.finalObs : out.obs, n, n);
      this.#network.writeTime(n, isFinal ? out.finalElapsed[n]! : out.elapsed[n]!, 0);
    }
    this.#peek(N);
    const { values } = this.#network;
    for (let n = 0; n < N; n++)
      if (out.truncated[n] === 1 && out.terminated[n] === 0) finalValue[t * N + n] = values.data[n * values.stride]!;
  }

  /** Values of the observations that the next `collect` starts with. */
  #valueOfNext(N: number): void {
    this.#showCurrent();
    this.#peek(N);
    const { values } = this.#network;
    for (let n = 0; n < N; n++) this.trajectory.lastValue[n] = values.data[n * values.stride]!;
  }

  /** Critic's value of the rows written, without moving the state on. */
  #peek(N: number): void {
    if (this.#network.criticReadsState) {
      this.#network.getState(this.#kept, N);
      this.#network.step(N);
      this.#network.evaluate(N);
      this.#network.setState(this.#kept, N);
    } else this.#network.evaluate(N);
  }
}

function copyExactly<A extends { readonly length: number; set(from: A): void }>(name: string, from: A, to: A): void {
  if (from.length !== to.length)
    throw new FormatError(
      "shard-state",
      `shard state, ${name}: ${from.length} numbers saved, the run has ${to.length}`,
    );
  to.set(from);
}
