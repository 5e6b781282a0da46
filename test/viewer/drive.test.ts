import { expect, test } from "vitest";
import { episodeArrays } from "../../src/recording/episode-arrays.ts";
import { replayDemonstration } from "../../src/recording/replay-demonstration.ts";
import { parseDemonstration, type Demonstration } from "../../src/protocol/index.ts";
import { decodePolicy } from "../../src/policy/saved-policy.ts";
import { deflateSync, inflateSync } from "node:zlib";
import { choose, isActing, schemeOf, steer, type Direction, type Hands } from "../../viewer/drive/controls.ts";
import { DriveSession } from "../../viewer/drive/drive-session.ts";
import { LabPolicy } from "../../viewer/lab/lab-policy.ts";
import { smallPolicy } from "../helpers/small-policy.ts";

const hands = (held: readonly Direction[], x = 0, y = 0): Hands => ({ held: new Set(held), stick: { x, y } });
const replay = (demonstration: Demonstration): ReturnType<typeof replayDemonstration> =>
  replayDemonstration(demonstration, deflateSync, () => null);

test("controls: keys stand for the actions of the same name; the key pressed last counts; without keys the world idles or goes on", () => {
  const invaders = schemeOf({ envId: "MinAtar/SpaceInvaders-v1", numChoices: 4, width: 1, high: 3 });
  if (invaders?.kind !== "choice") throw new Error("a game of choices");
  expect(choose(invaders, hands([]), 3)).toBe(0);
  expect(choose(invaders, hands(["left"]), 0)).toBe(1);
  expect(choose(invaders, hands(["left", "fire"]), 0)).toBe(3);
  expect(choose(invaders, hands([], 0.9), 0)).toBe(2);
  expect(choose(invaders, hands(["up"]), 0)).toBe(0); // this game knows no up
  const cart = schemeOf({ envId: "CartPole-v1", numChoices: 2, width: 1, high: 1 });
  if (cart?.kind !== "choice") throw new Error("a game of choices");
  expect([choose(cart, hands(["right"]), 0), choose(cart, hands([]), 1), choose(cart, hands(["left"]), 1)]).toEqual([
    1, 1, 0,
  ]);
  expect(schemeOf({ envId: "Unknown-v0", numChoices: 5, width: 1, high: 4 })).toBeNull();
  expect([isActing(hands([])), isActing(hands([], 0.1)), isActing(hands([], 0, -0.4))]).toEqual([false, false, true]);
});

test("controls: the wheel turns gradually, comes back faster, and a stick sets it directly", () => {
  let wheel = 0;
  for (let i = 0; i < 10; i++) wheel = steer(wheel, false, true, 0, 0.02);
  expect(wheel).toBeCloseTo(0.28, 9);
  const peak = wheel;
  wheel = steer(wheel, false, false, 0, 0.05);
  expect(peak - wheel).toBeCloseTo(0.14, 9);
  for (let i = 0; i < 100; i++) wheel = steer(wheel, true, false, 0, 0.02);
  expect(wheel).toBe(-0.6);
  expect([steer(0, false, true, 1, 0.02), steer(0, false, false, 0.1, 0.02)]).toEqual([1, 0]);
});

/** Drives `steps` steps with made-up hands. */
function drive(envId: string, steps: number, policy: LabPolicy | null = null): DriveSession {
  const session = new DriveSession({ envId, envArgs: {}, seed: 7, policy });
  const { numChoices, width } = session.actions;
  for (let t = 0; t < steps && session.ended === null; t++) {
    const isPolicy = policy !== null && t % 3 !== 0;
    const command = numChoices === null ? new Float32Array(width).fill(Math.sin(t / 5) / 8) : (t * t) % numChoices;
    session.step(isPolicy ? null : command);
  }
  return session;
}

for (const [envId, steps] of [
  ["CartPole-v1", 500],
  ["LaneKeeping-v0", 25],
  ["MinAtar/Seaquest-v1", 60],
  ["Pendulum-v1", 30],
] as const)
  test(`${envId}: what was driven is played again with the same observations, rewards and end, and learners can read it`, async () => {
    const session = drive(envId, steps);
    const demonstration = parseDemonstration(JSON.stringify(session.demonstration({ device: "keyboard" })));
    const replayed = await replay(demonstration);
    expect(replayed.table.numSteps).toBe(session.numSteps);
    expect(replayed.return).toBe(session.return);
    expect(replayed.terminated).toBe(session.ended === "terminated");
    expect(replayed.truncated).toBe(!replayed.terminated);
    const arrays = episodeArrays(replayed.table, replayed, inflateSync);
    expect(Array.from(arrays.actions, Number)).toEqual(demonstration.actions);
    expect(arrays.rewards.reduce((a, b) => a + b, 0)).toBe(session.return);
  });

test("the policy drives where the human does not, and the recording says who did", async () => {
  const saved = decodePolicy(smallPolicy());
  const session = drive("CartPole-v1", 40, await LabPolicy.create(saved));
  const demonstration = session.demonstration({ device: "gamepad", policySha256: "0".repeat(64) });
  expect(session.numByHand).toBe(Math.ceil(session.numSteps / 3));
  const { table } = await replay(demonstration);
  const infos = table.columns.get("infos");
  const human = infos?.kind === "group" ? infos.columns.get("human") : undefined;
  expect(human?.kind === "numbers" && [...human.data].slice(0, -1).map(Number)).toEqual(demonstration.human);
});

test("a demonstration that was tampered with is refused: actions, ends, lengths, worlds", async () => {
  const good = drive("CartPole-v1", 20).demonstration({ device: "keyboard" });
  await expect(replay({ ...good, actions: good.actions.map((a) => 1 - a) })).rejects.toThrow(/after step|differently/);
  await expect(replay({ ...good, end: { ...good.end, return: 99 } })).rejects.toThrow("differently");
  await expect(replay({ ...good, end: { ...good.end, digest: "00000000" } })).rejects.toThrow("differently");
  await expect(replay({ ...good, seed: good.seed + 1 })).rejects.toThrow("differently");
  await expect(replay({ ...good, actions: [...good.actions, 0] })).rejects.toThrow("steps");
  await expect(replay({ ...good, actions: [2, ...good.actions.slice(1)] })).rejects.toThrow("action 2 of step 0");
  await expect(replay({ ...good, env: { id: "Nowhere-v0", args: {} } })).rejects.toThrow("Nowhere");
  const long = drive("CartPole-v1", 500).demonstration({ device: "keyboard" });
  const more = { ...long, actions: [...long.actions, 1], end: { ...long.end, steps: long.end.steps + 1 } };
  await expect(replay(more)).rejects.toThrow(`after step ${long.end.steps - 1}`);
  for (const text of ["", "[]", '{"format":"elegans-demonstration"}', JSON.stringify({ ...good, actions: ["x"] })])
    expect(() => parseDemonstration(text)).toThrow("demonstration: ");
});
