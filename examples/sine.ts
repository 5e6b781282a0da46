// An NCP-wired CfC learns one sequence: two oscillations in, a third one of twice their frequency out.
// Prints the loss before and after, and the curve that was learned.
import { SequenceModel } from "elegans/agents";

const T = 48;
const phase = (t: number): number => (3 * Math.PI * t) / T;
const inputs = Float32Array.from({ length: T * 2 }, (_, i) => (i % 2 === 0 ? Math.sin : Math.cos)(phase(i >> 1)));
const targets = Float32Array.from({ length: T }, (_, t) => Math.sin(2 * phase(t)));
const data = { inputs, targets, count: 1, steps: T };

const model = new SequenceModel({
  inputDim: 2,
  numOutputs: 1,
  network: { circuit: { kind: "cfc", wiring: { kind: "AutoNCP", units: 28 } } },
  seed: 1,
});
const before = model.evaluate(data).loss;
model.fit(data, { epochs: 400, learningRate: 0.01 });
const after = model.evaluate(data).loss;
console.log(`mean squared error ${before.toFixed(4)} -> ${after.toFixed(4)}`);

const output = model.predict(data);
for (let t = 0; t < T; t += 4) {
  const column = (y: number): number => Math.round(20 + 18 * y);
  const line = Array.from({ length: 40 }, () => " ");
  line[column(targets[t]!)] = "·";
  line[column(output[t]!)] = "●";
  console.log(`${String(t).padStart(3)} |${line.join("")}|`);
}
if (!(after < 0.01)) throw new Error(`expected an error below 0.01, got ${after}`);
