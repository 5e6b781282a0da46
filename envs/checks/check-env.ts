import type { Env, Info } from "../env.ts";
import { AssertionError, ValueError } from "../errors.ts";
import { Wrapper } from "../wrappers/wrapper.ts";
import { warn } from "../warn.ts";
import { dataEquivalence } from "./data-equivalence.ts";
import { checkInfo, checkStepResult } from "./result-checks.ts";
import { checkSpace, describe, describeOutside, warnAboutBounds } from "./space-checks.ts";

/**
 * Checks that an environment keeps the contract: spaces, results of reset and step, seeding, snapshots, rendering, closing.
 *
 * Throws at the first breach (AssertionError, AttributeError, TypeError, ValueError or GymError) with the method's name and every wrong
 * index; what is odd but allowed is warned about. Closes the environment.
 */
export function checkEnv(env: Env): void {
  if (typeof env !== "object" || env === null)
    throw new TypeError(`checkEnv: got ${describe(env)}, expected an environment`);
  if (env instanceof Wrapper && env.spec === null)
    warn(`checkEnv: got the wrapped ${String(env)}; checking the inner env tells more`);
  const actionSpace = checkSpace(env, "actionSpace");
  const observationSpace = checkSpace(env, "observationSpace");
  warnAboutBounds(observationSpace, actionSpace);
  if ("seed" in env) warn("checkEnv: the env has a method seed, which nothing calls; seed with reset({ seed })");
  checkResetForm(env);
  checkSeeding(env);
  checkStep(env);
  checkSnapshot(env);
  env.render();
  env.close();
  env.close();
}

function checkResetForm(env: Env): void {
  const result: unknown = env.reset({ seed: 123, options: {} });
  if (!Array.isArray(result)) throw new AssertionError(`reset returned ${describe(result)}, expected [obs, info]`);
  if (result.length !== 2) throw new AssertionError(`reset returned ${result.length} values, expected [obs, info]`);
  const problem = describeOutside(env.observationSpace, result[0]);
  if (problem !== null) throw new AssertionError(`reset: the observation is not in the observation space: ${problem}`);
  checkInfo(result[1], "reset");
}

function checkSeeding(env: Env): void {
  const show = (seed: number): unknown[] => [env.reset({ seed })[0], env.reset()[0], [...env.snapshot()]];
  const [first, again, other] = [show(123), show(123), show(456)];
  if (!isNondeterministic(env) && !dataEquivalence(first, again, true)) {
    throw new AssertionError(
      "reset: the same seed gave other observations or another random stream; seed the env's generator in reset",
    );
  }
  if (first[2] instanceof Array && first[2].length > 0 && dataEquivalence(first, other, true)) {
    throw new AssertionError(
      "reset: seeds 123 and 456 gave the same observations and snapshot; the seed seems to be ignored",
    );
  }
}

function checkStep(env: Env): void {
  env.actionSpace.seed(0);
  const action = env.actionSpace.sample();
  env.reset({ seed: 7 });
  const first: unknown = env.step(action);
  checkStepResult(env.observationSpace, first);
  if ((first as unknown[]).length === 4)
    throw new ValueError("step returned 4 values, expected [obs, reward, terminated, truncated, info]");
  env.reset({ seed: 7 });
  const second = env.step(action);
  if ((first as [unknown, number, boolean, boolean, Info])[3])
    throw new AssertionError("step: the first step of an episode was truncated");
  const names = ["observation", "reward", "terminated", "truncated", "info"];
  if (isNondeterministic(env)) return;
  for (const [i, name] of names.entries()) {
    if (!dataEquivalence((first as unknown[])[i], second[i])) {
      throw new AssertionError(`step: ${name} differs between two runs with the same seed and action`);
    }
  }
}

function checkSnapshot(env: Env): void {
  env.reset({ seed: 11 });
  const bytes: unknown = env.snapshot();
  if (!(bytes instanceof Uint8Array))
    throw new AssertionError(`snapshot returned ${describe(bytes)}, expected a Uint8Array`);
  if (isNondeterministic(env)) return;
  const action = env.actionSpace.sample();
  const first = env.step(action);
  env.restore(bytes);
  if (!dataEquivalence(first, env.step(action), true)) {
    throw new AssertionError("restore: a step from a restored snapshot differs from the step that was taken before");
  }
}

function isNondeterministic(env: Env): boolean {
  return env.spec?.nondeterministic === true;
}

/** Throws AssertionError at the first difference between two environments over `numSteps` random steps from one seed. */
export function checkEnvironmentsMatch(a: Env, b: Env, numSteps = 100, seed = 0): void {
  if (!a.actionSpace.equals(b.actionSpace))
    throw new AssertionError(`action spaces differ: ${String(a.actionSpace)} and ${String(b.actionSpace)}`);
  if (!a.observationSpace.equals(b.observationSpace)) {
    throw new AssertionError(
      `observation spaces differ: ${String(a.observationSpace)} and ${String(b.observationSpace)}`,
    );
  }
  a.actionSpace.seed(seed);
  const same = (x: readonly unknown[], y: readonly unknown[], where: string, parts: readonly string[]): void => {
    const wrong = x.findIndex((part, i) => !dataEquivalence(part, y[i]));
    if (wrong < 0) return;
    const [mine, other] = [shown(x[wrong]), shown(y[wrong])];
    throw new AssertionError(`${where}, ${parts[wrong]}: ${String(a)} gives ${mine}, ${String(b)} ${other}`);
  };
  same(a.reset({ seed }), b.reset({ seed }), "reset", RESET_PARTS);
  for (let t = 0; t < numSteps; t++) {
    const action = a.actionSpace.sample();
    const [x, y] = [a.step(action), b.step(action)];
    same(x, y, `step ${t}`, STEP_PARTS);
    if (x[2] || x[3]) same(a.reset(), b.reset(), `reset after step ${t}`, RESET_PARTS);
  }
}

const RESET_PARTS = ["observation", "info"];
const STEP_PARTS = ["observation", "reward", "terminated", "truncated", "info"];

function shown(value: unknown): string {
  const text = ArrayBuffer.isView(value) ? `[${String(value)}]` : (JSON.stringify(value) ?? String(value));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
