import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { make, ValueError } from "../../../envs/index.ts";
import { cappedCubicSchedule, RecordVideo, type RecordVideoOptions } from "../../../envs/node.ts";
import { decodeGif } from "../../helpers/decode-gif.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "gymnasium-video-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const STEPS = 5;
/** Plays episodes of five steps each; returns the files with their number of pictures. */
function play(episodes: number, options: Omit<RecordVideoOptions, "folder">): Record<string, number> {
  const env = new RecordVideo(make("CartPole-v1", {}, { maxEpisodeSteps: STEPS }), {
    folder,
    longSide: 40,
    ...options,
  });
  for (let n = 0; n < episodes; n++) {
    env.reset({ seed: n });
    for (let t = 0; t < STEPS; t++) env.step(t % 2);
  }
  env.close();
  const names = readdirSync(folder).toSorted();
  return Object.fromEntries(names.map((name) => [name, decodeGif(readFileSync(join(folder, name))).frames.length]));
}

test("without triggers: episodes 0, 1, 8, …, from the reset to the end", () => {
  expect(play(10, {})).toEqual({
    "rl-video-episode-0.gif": STEPS + 1,
    "rl-video-episode-1.gif": STEPS + 1,
    "rl-video-episode-8.gif": STEPS + 1,
  });
  const chosen = Array.from({ length: 3001 }, (_, n) => n).filter(cappedCubicSchedule);
  expect(chosen).toEqual([0, 1, 8, 27, 64, 125, 216, 343, 512, 729, 1000, 2000, 3000]);
});

test("episodeTrigger and namePrefix choose episodes and names", () => {
  expect(play(4, { episodeTrigger: (n) => n % 2 === 1, namePrefix: "mine" })).toEqual({
    "mine-episode-1.gif": STEPS + 1,
    "mine-episode-3.gif": STEPS + 1,
  });
});

test("stepTrigger with videoLength films so many pictures, over the ends of episodes; close keeps what there is", () => {
  expect(play(3, { stepTrigger: (n) => n === 3 || n === 14, videoLength: 8 })).toEqual({
    "rl-video-step-3.gif": 8,
    "rl-video-step-14.gif": 2,
  });
});

test("a wrong length is refused; a folder that cannot be written throws and leaves nothing", () => {
  expect(() => new RecordVideo(make("CartPole-v1"), { folder, videoLength: 1.5 })).toThrow(ValueError);
  writeFileSync(join(folder, "file"), "");
  expect(() => new RecordVideo(make("CartPole-v1"), { folder: join(folder, "file", "films") })).toThrow(
    /ENOTDIR|EEXIST/,
  );
  const env = new RecordVideo(make("CartPole-v1"), { folder: join(folder, "films"), longSide: 40 });
  env.reset({ seed: 1 });
  rmSync(join(folder, "films"), { recursive: true });
  expect(() => env.close()).toThrow(/ENOENT/);
  expect(readdirSync(folder)).toEqual(["file"]);
});
