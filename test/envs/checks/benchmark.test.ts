import { expect, test } from "vitest";
import {
  benchmarkInit,
  benchmarkRender,
  benchmarkStep,
  benchmarkVectorStep,
  make,
  makeVec,
  ValueError,
  Wrapper,
  type Env,
} from "../../../envs/index.ts";

/** Counts what is done with an env. */
class Counted extends Wrapper {
  readonly calls = { reset: 0, step: 0, render: 0, close: 0 };
  override reset(...args: Parameters<Env["reset"]>): ReturnType<Env["reset"]> {
    this.calls.reset++;
    return super.reset(...args);
  }
  override step(action: unknown): ReturnType<Env["step"]> {
    this.calls.step++;
    return super.step(action);
  }
  override render(): ReturnType<Env["render"]> {
    this.calls.render++;
    return super.render();
  }
  override close(): void {
    this.calls.close++;
    super.close();
  }
}

const targetDuration = 0.05;
/** How often it was done; the rate claimed is checked against it. */
function measure(what: "reset" | "step" | "render", run: (env: Counted) => number): number {
  const env = new Counted(make("CartPole-v1"));
  const start = performance.now();
  const claimed = run(env);
  const seconds = (performance.now() - start) / 1000;
  expect(seconds).toBeGreaterThanOrEqual(targetDuration);
  const count = env.calls[what];
  // The claim covers the measured part alone: never less than everything took, and close to it.
  expect(claimed).toBeGreaterThan((count / seconds) * 0.99);
  expect(claimed).toBeLessThanOrEqual((count / targetDuration) * 1.01);
  return count;
}

test("steps, first moments and pictures are counted over at least the time asked for", () => {
  expect(measure("step", (env) => benchmarkStep(env, { targetDuration, seed: 1 }))).toBeGreaterThan(0);
  expect(measure("render", (env) => benchmarkRender(env, { targetDuration }))).toBeGreaterThan(0);
  expect(measure("reset", (env) => benchmarkInit(() => env, { targetDuration, seed: 1 }))).toBeGreaterThan(0);
});

test("every copy of a vector env counts; episodes that end go on", () => {
  const envs = makeVec("CartPole-v1", 3, {}, { vectorizationMode: "sync" });
  let steps = 0;
  const step = envs.step.bind(envs);
  envs.step = (actions) => (steps++, step(actions));
  const start = performance.now();
  const claimed = benchmarkVectorStep(envs, { targetDuration, seed: 1 });
  const seconds = (performance.now() - start) / 1000;
  expect(steps).toBeGreaterThan(0);
  expect(claimed).toBeGreaterThan(((3 * steps) / seconds) * 0.99);
});

test("a time that is none is refused", () => {
  for (const wrong of [0, -1, NaN])
    expect(() => benchmarkStep(make("CartPole-v1"), { targetDuration: wrong })).toThrow(ValueError);
});
