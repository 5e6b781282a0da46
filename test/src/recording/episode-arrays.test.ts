import { deflateSync, inflateSync } from "node:zlib";
import { Box, Discrete } from "gymnasium-js";
import { expect, test } from "vitest";
import { decodeEpisode } from "../../../src/recording/decode-episode.ts";
import { encodeEpisode } from "../../../src/recording/encode-episode.ts";
import { episodeArrays } from "../../../src/recording/episode-arrays.ts";
import { EpisodeBuilder } from "../../../src/recording/episode-builder.ts";

const moment = (obs: unknown, elapsed = 1): Parameters<EpisodeBuilder["moment"]>[0] => ({
  obs,
  elapsed,
  info: {},
  snapshot: null,
  response: null,
});
const going = { reward: 1, terminated: false, truncated: false };

test("camera frames come back pixel for pixel through PNG files, actions as the expert wanted them", () => {
  const spaces = {
    observationSpace: new Box(0, 255, { shape: [32, 33, 3], dtype: "uint8" }),
    actionSpace: new Box(-1, 1, { shape: [1] }),
  };
  const frame = (t: number): Uint8Array => Uint8Array.from({ length: 32 * 33 * 3 }, (_, i) => (i * 7 + t * 13) % 256);
  const builder = new EpisodeBuilder(spaces.observationSpace, spaces.actionSpace, (bytes) => deflateSync(bytes));
  builder.moment(moment(frame(0)));
  builder.deed({ ...going, action: [0.5], label: [0.25] });
  builder.moment(moment(frame(1), 2));
  builder.deed({ ...going, action: [-0.5], label: [-0.75], truncated: true });
  builder.moment(moment(frame(2)));
  const arrays = episodeArrays(decodeEpisode(encodeEpisode(builder.finish())), spaces, inflateSync);
  expect(arrays.obs).toEqual(Uint8Array.of(...frame(0), ...frame(1), ...frame(2)));
  expect(arrays.actions).toEqual(Float32Array.of(0.25, -0.75));
  expect(arrays.elapsed).toEqual(Float32Array.of(1, 2, 1));
  expect(builder.return).toBe(2);
});

const vector = { observationSpace: new Box(-9, 9, { shape: [2] }), actionSpace: new Discrete(3, { start: 5 }) };
function recorded(action: number, obs: readonly number[]): ReturnType<EpisodeBuilder["finish"]> {
  const builder = new EpisodeBuilder(vector.observationSpace, vector.actionSpace, (bytes) => bytes);
  builder.moment(moment(Float32Array.from(obs)));
  builder.deed({ ...going, action, terminated: true });
  builder.moment(moment(Float32Array.of(0, 0)));
  return builder.finish();
}

test("discrete actions count from 0 whatever the space starts at", () => {
  expect(episodeArrays(recorded(7, [1, 2]), vector, inflateSync).actions).toEqual(Int32Array.of(2));
});

test("a NaN, an action outside the space and a wrong shape are refused by field and row", () => {
  expect(() => episodeArrays(recorded(5, [NaN, 0]), vector, inflateSync)).toThrow("field observations is NaN in row 0");
  expect(() => episodeArrays(recorded(9, [0, 0]), vector, inflateSync)).toThrow(
    "field actions is 9 in row 0, outside of Discrete(3, start=5)",
  );
  const other = { ...vector, observationSpace: new Box(-9, 9, { shape: [3] }) };
  expect(() => episodeArrays(recorded(5, [0, 0]), other, inflateSync)).toThrow("has 2 numbers per row, expected 3");
});
