// Steps per second of the batched CartPole alone, random actions, resets included. First checks it against the single form.
import { createBatchStep, defaultRng, make, makeBatch } from "gymnasium-js";

const isQuick = process.argv.includes("--quick");
const numEnvs = 64;
const numSteps = isQuick ? 20_000 : 200_000;

checkAgainstSingleForm();
const rates = Array.from({ length: isQuick ? 2 : 5 }, measure);
console.log(
  JSON.stringify({
    bench: "cartpole",
    numEnvs,
    numSteps,
    stepsPerSecond: Math.round(Math.max(...rates)),
    runs: rates.map(Math.round),
  }),
);

function checkAgainstSingleForm(): void {
  const batch = makeBatch("CartPole-v1", 3);
  const out = createBatchStep(3, batch.singleObservationSpace);
  const seeds = [1, 2, 3];
  batch.reset(seeds, out);
  const singles = seeds.map((seed) => {
    const env = make("CartPole-v1");
    env.reset({ seed });
    return env;
  });
  const rng = defaultRng(0);
  for (let t = 0; t < 2000; t++) {
    const actions = Int32Array.from({ length: 3 }, () => rng.integers(2));
    batch.step(actions, out);
    for (const [i, env] of singles.entries()) {
      const [obs, reward, terminated, truncated] = env.step(actions[i]);
      const next = terminated || truncated ? env.reset()[0] : obs;
      const same = Array.from(next as Float32Array).every((value, k) => out.obs[4 * i + k] === value);
      if (!same || out.reward[i] !== reward || out.terminated[i] !== Number(terminated)) {
        throw new Error(`batched env ${i} differs from the single one at step ${t}`);
      }
    }
  }
}

function measure(): number {
  const batch = makeBatch("CartPole-v1", numEnvs);
  const out = createBatchStep(numEnvs, batch.singleObservationSpace);
  const rng = defaultRng(1);
  const plans = Array.from({ length: 97 }, () => Int32Array.from({ length: numEnvs }, () => rng.integers(2)));
  batch.reset(
    Array.from({ length: numEnvs }, (_, i) => i),
    out,
  );
  let numEnds = 0;
  const start = performance.now();
  for (let t = 0; t < numSteps; t++) {
    batch.step(plans[t % plans.length]!, out);
    for (let i = 0; i < numEnvs; i++) numEnds += out.terminated[i]!;
  }
  const seconds = (performance.now() - start) / 1000;
  if (numEnds < (numSteps * numEnvs) / 50)
    throw new Error("episodes of a random policy should end every 20 steps or so");
  return (numSteps * numEnvs) / seconds;
}
