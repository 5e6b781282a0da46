import { expect, test } from "vitest";
import { FormatError } from "../../../src/errors.ts";
import { decodeEpisode } from "../../../src/recording/decode-episode.ts";
import { encodeEpisode } from "../../../src/recording/encode-episode.ts";
import { someEpisode } from "../../helpers/some-episode.ts";

test.each([1, 2, 7, 8, 9, 63, 64, 65, 500])("an episode of %d steps comes back as it was", (T) => {
  const episode = someEpisode(T);
  expect(decodeEpisode(encodeEpisode(episode))).toEqual(episode);
});

test("equal episodes give equal bytes", () => {
  expect(encodeEpisode(someEpisode(5))).toEqual(encodeEpisode(someEpisode(5)));
});

test("columns of different length are our own bug", () => {
  const episode = someEpisode(5);
  const columns = new Map([...episode.columns, ["extra", { kind: "flags", data: new Uint8Array(3) } as const]]);
  expect(() => encodeEpisode({ numSteps: 5, columns })).toThrow("internal: column extra has 3 rows, expected 6");
});

test("a file cut anywhere is refused", () => {
  const bytes = encodeEpisode(someEpisode(4));
  for (let n = 0; n < bytes.length; n += 3) expect(() => decodeEpisode(bytes.subarray(0, n))).toThrow(FormatError);
});

test("a file without a required field is refused by the field's name", () => {
  const { numSteps, columns } = someEpisode(4);
  const less = new Map([...columns].filter(([name]) => name !== "rewards"));
  expect(() => decodeEpisode(encodeEpisode({ numSteps, columns: less }))).toThrow("field rewards is missing");
});
