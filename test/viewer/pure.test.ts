import { expect, test } from "vitest";
import { curvePoint, edgeCurve } from "../../viewer/circuit/edge-path.ts";
import { layoutCircuit } from "../../viewer/circuit/layout.ts";
import { metricNames, metricSeries, preferredMetric } from "../../viewer/chart/metric-names.ts";
import { historyCsv, StepHistory } from "../../viewer/player/step-history.ts";
import { backoffMs } from "../../viewer/source/backoff.ts";
import type { CircuitDescription, StepRecord } from "../../src/protocol/index.ts";
import { inventedCircuit } from "../helpers/invented-circuit.ts";

test("reconnecting waits 0.25 s, doubling to 8 s, with up to half taken off", () => {
  expect([0, 1, 2, 3, 4, 5, 6, 99].map((attempt) => backoffMs(attempt, 1))).toEqual([
    250, 500, 1000, 2000, 4000, 8000, 8000, 8000,
  ]);
  expect(backoffMs(0, 0)).toBe(125);
});

/** Number of pairs of synapses between neighbouring columns that cross. */
function crossings(circuit: CircuitDescription, heightOf: (id: number) => number): number {
  const edges = circuit.from.map((from, i) => [heightOf(from), heightOf(circuit.to[i] ?? 0), from < 0] as const);
  let count = 0;
  for (const [i, a] of edges.entries())
    for (const b of edges.slice(i + 1)) if (a[2] && b[2] && (a[0] - b[0]) * (a[1] - b[1]) < 0) count++;
  return count;
}

test("the layout orders neurons so that fewer synapses cross, keeps motor order, and repeats exactly", () => {
  const circuit = inventedCircuit(12, 24, 10, 4);
  const layout = layoutCircuit(circuit);
  const unsorted = new Map<number, number>();
  circuit.sensory.forEach((_, s) => unsorted.set(-1 - s, (s + 0.5) / 12));
  circuit.neurons.filter((n) => n.kind === "inter").forEach((n, k) => unsorted.set(n.id, (k + 0.5) / 24));
  const before = crossings(circuit, (id) => unsorted.get(id) ?? 0);
  const after = crossings(circuit, (id) => layout.positions.get(id)?.y ?? 0);
  expect(after).toBeLessThan(before * 0.8);
  expect(layout.columns.motor).toEqual([0, 1, 2, 3]);
  expect(layoutCircuit(circuit)).toEqual(layout);
});

test("every neuron has a place of its own inside the panel, also in a column of 500", () => {
  const { positions } = layoutCircuit(inventedCircuit(4, 500, 10, 2));
  expect(positions.size).toBe(516);
  const places = new Set([...positions.values()].map(({ x, y }) => `${x.toFixed(4)},${y.toFixed(4)}`));
  expect(places.size).toBe(516);
  for (const { y } of positions.values()) expect(y > 0 && y < 1).toBe(true);
});

test("a synapse's curve begins and ends at its neurons; recurrence bends to the right", () => {
  const [a, b] = [
    { x: 10, y: 10 },
    { x: 10, y: 90 },
  ];
  const arc = edgeCurve(a, b, 5);
  expect(curvePoint(arc, 0)).toEqual(a);
  expect(curvePoint(arc, 1)).toEqual(b);
  expect(curvePoint(arc, 0.5).x).toBeGreaterThan(30);
});

const step = (episode: number, s: number, motor = [0.5, -0.5]): StepRecord => ({
  episode,
  step: s,
  elapsed: 1,
  reward: 1,
  return: s,
  value: 0,
  policyVersion: 1,
  terminated: false,
  truncated: false,
  obs: new Float32Array(),
  state: new Float32Array(),
  motor: Float32Array.from(motor),
  action: Float32Array.of(s % 2),
  logits: new Float32Array(),
  probabilities: new Float32Array(),
  scene: null,
});

test("history: steps left out leave a gap of their length, an episode begins where it began", () => {
  const history = new StepHistory(100);
  for (const s of [0, 1, 2, 5]) history.push(step(0, s));
  for (const s of [0, 1]) history.push(step(1, s));
  const { time, episodeStarts, action } = history.window(100, [["motor", 0]]);
  expect(time).toEqual([0, 1, 2, 5, 6, 7]);
  expect(episodeStarts).toEqual([6]);
  expect(action).toEqual([0, 1, 0, 1, 0, 1]);
});

test("history: keeps its capacity and gives back only the asked window", () => {
  const history = new StepHistory(50);
  for (let s = 0; s < 200; s++) history.push(step(0, s, [s]));
  expect(history.length).toBe(50);
  expect(history.window(3, [["motor", 0]]).columns).toEqual([[197, 198, 199]]);
  expect(history.window(3, [["motor", 0]], 180).columns).toEqual([[178, 179, 180]]);
  expect(history.window(1000, []).time[0]).toBe(150);
});

test("history: any kept number comes back by kind; as CSV all of them, a line per step", () => {
  const history = new StepHistory(10);
  const numbers = { value: 7, reward: -1, obs: Float32Array.of(0.25, 0.5), state: Float32Array.of(1, 2, 3) };
  history.push({ ...step(0, 0), ...numbers });
  history.push({ ...step(0, 1), ...numbers, value: NaN });
  const asked = [
    ["obs", 1],
    ["neuron", 2],
    ["value", 0],
  ] as const;
  expect(history.window(10, asked).columns).toEqual([
    [0.5, 0.5],
    [3, 3],
    [7, null],
  ]);
  const lines = historyCsv(history).trimEnd().split("\n");
  expect(lines[0]).toBe("time,action,motor_0,motor_1,value,reward,return,obs_0,obs_1,neuron_0,neuron_1,neuron_2");
  expect(lines).toHaveLength(3);
  expect(lines[2]).toMatch(/^1,\d,[\d.-]+,[\d.-]+,,-1,[\d.-]+,0.25,0.5,1,2,3$/);
});

test("history: another number of motor neurons starts it anew", () => {
  const history = new StepHistory(10);
  history.push(step(0, 0));
  history.push(step(0, 1, [1, 2, 3]));
  expect(
    history.window(
      10,
      [2, 1, 0].map((k) => ["motor", k] as const),
    ).columns,
  ).toEqual([[3], [2], [1]]);
});

test("metrics: the first wish that exists is charted over steps, records without it are left out", () => {
  const records = [{ steps: 10, "train/return": 1 }, { steps: 20 }, { steps: 30, "train/return": 3, loss: null }];
  const names = metricNames(records);
  expect(names).toEqual(["train/return", "loss"]);
  expect(preferredMetric(names, [/reward/, /return/])).toBe("train/return");
  expect(metricSeries(records, "train/return")).toEqual([
    [10, 30],
    [1, 3],
  ]);
  expect(preferredMetric([], [/return/])).toBeNull();
});
