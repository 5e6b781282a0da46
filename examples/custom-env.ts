// Checks a world of one's own (worlds/corridor.ts, 40 lines) against the contract and walks through it, alone and many at once.
import { checkEnv, createBatchStep, make, makeBatch } from "gymnasium-js";
import "./worlds/corridor.ts";

checkEnv(make("Corridor-v0"));

const env = make("Corridor-v0", { length: 8 });
env.reset({ seed: 0 });
let total = 0;
for (;;) {
  const [, reward, terminated, truncated] = env.step(1);
  total += reward;
  if (terminated || truncated) break;
}
console.log(`walking right earns ${total.toFixed(2)}`);

const corridors = makeBatch("Corridor-v0", 4, { length: 8 });
const out = createBatchStep(4, corridors.singleObservationSpace);
corridors.reset([0, 1, 2, 3], out); // the first one starts where the one above did
let ends = 0;
for (let t = 0; t < 70; t++) {
  corridors.step(Int32Array.of(1, 1, 1, 1), out);
  ends += out.terminated.reduce((sum, end) => sum + end, 0);
}
console.log(`four at once reached the end ${ends} times in 70 steps`);
