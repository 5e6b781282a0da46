// A signal decays in continuous time, but is looked at irregularly: sometimes soon, sometimes after a long pause. The circuit sees its first
// value only and must say what is left of it at every look. With elapsed time as an input it can; the same circuit without it cannot.
import { SequenceModel, type Sequences } from "elegans/agents";
import { defaultRng } from "gymnasium-js";

const T = 12;
function decays(count: number, seed: number): Required<Omit<Sequences, "lengths" | "mask">> {
  const random = defaultRng(seed);
  const inputs = new Float32Array(count * T);
  const targets = new Float32Array(count * T);
  const elapsed = new Float32Array(count * T).fill(1);
  for (let n = 0; n < count; n++) {
    let value = random.uniform(-1, 1);
    inputs[n * T] = value;
    targets[n * T] = value;
    for (let t = 1; t < T; t++) {
      const dt = random.random() < 0.5 ? 0.1 : 2;
      elapsed[n * T + t] = dt;
      value *= Math.exp(-0.3 * dt);
      targets[n * T + t] = value;
    }
  }
  return { inputs, targets, elapsed, count, steps: T };
}

const train = decays(512, 1);
const test = decays(256, 2);
function learn(withTime: boolean): number {
  const view = ({ elapsed, ...rest }: typeof train): Sequences => (withTime ? { ...rest, elapsed } : rest);
  const model = new SequenceModel({
    inputDim: 1,
    numOutputs: 1,
    network: { circuit: { kind: "cfc", wiring: { kind: "AutoNCP", units: 20 } } },
    seed: 3,
  });
  model.fit(view(train), { epochs: 60, learningRate: 0.01 });
  return Math.sqrt(model.evaluate(view(test)).loss);
}

const [withTime, without] = [learn(true), learn(false)];
console.log(`error with elapsed time ${withTime.toFixed(4)}, without ${without.toFixed(4)}`);
if (!(withTime < without / 2)) throw new Error("expected elapsed time to halve the error at least");
