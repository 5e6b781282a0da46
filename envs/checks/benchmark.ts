import type { Env, Seed } from "../env.ts";
import { ValueError } from "../errors.ts";
import type { VectorEnv } from "../vector/vector-env.ts";

/** Options of the benchmarks. */
export interface BenchmarkOptions {
  /** How long to measure [s], at least; default 5. */
  readonly targetDuration?: number;
  /** Starts the world and the actions drawn; default: fresh entropy. */
  readonly seed?: Seed;
}

const seedOf = (seed: Seed | undefined): { readonly seed?: Seed } => (seed === undefined ? {} : { seed });

/** Calls a second, resets included, of `run` for about `targetDuration` seconds. */
function rate(run: () => void, targetDuration = 5): number {
  if (!(targetDuration > 0)) throw new ValueError(`targetDuration: got ${targetDuration}, expected seconds above 0`);
  const start = performance.now();
  let [count, seconds] = [0, 0];
  do {
    run();
    count++;
    seconds = (performance.now() - start) / 1000;
  } while (seconds < targetDuration);
  return count / seconds;
}

/** Steps a second with random actions; an episode that ends is followed by the next. `gymnasium.utils.performance.benchmark_step`. */
export function benchmarkStep(env: Env, { targetDuration, seed }: BenchmarkOptions = {}): number {
  env.actionSpace.seed(seed);
  env.reset(seedOf(seed));
  return rate(() => {
    const [, , terminated, truncated] = env.step(env.actionSpace.sample());
    if (terminated || truncated) env.reset();
  }, targetDuration);
}

/** Steps a second of all copies together. For vector envs that reset by themselves. */
export function benchmarkVectorStep(envs: VectorEnv, { targetDuration, seed }: BenchmarkOptions = {}): number {
  envs.actionSpace.seed(seed);
  envs.reset(seedOf(seed));
  return envs.numEnvs * rate(() => envs.step(envs.actionSpace.sample()), targetDuration);
}

/** Envs a second made, reset once and closed. */
export function benchmarkInit(makeEnv: () => Env, { targetDuration, seed }: BenchmarkOptions = {}): number {
  return rate(() => {
    const env = makeEnv();
    env.reset(seedOf(seed));
    env.close();
  }, targetDuration);
}

/** Pictures a second of an env's first moment; they are drawing primitives, not yet pixels. */
export function benchmarkRender(env: Env, { targetDuration, seed }: BenchmarkOptions = {}): number {
  env.reset(seedOf(seed));
  return rate(() => env.render(), targetDuration);
}
