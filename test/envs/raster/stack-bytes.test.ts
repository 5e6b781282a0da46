import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteReader, ByteWriter, InvalidSnapshot, make } from "../../../envs/index.ts";
import { loadStack, saveStack } from "../../../envs/raster/stack-bytes.ts";

const level = fc.constantFrom(0, 0, 0, 0, 1, 255);
const pictures = fc
  .record({ size: fc.integer({ min: 1, max: 60 }), numSlots: fc.integer({ min: 1, max: 5 }) })
  .chain(({ size, numSlots }) =>
    fc.record({
      picture: fc.array(level, { minLength: size, maxLength: size }).map((values) => Uint8Array.from(values)),
      stack: fc
        .array(level, { minLength: size * numSlots, maxLength: size * numSlots })
        .map((values) => Uint8Array.from(values)),
    }),
  );

test("any stack comes back from its bytes", () => {
  fc.assert(
    fc.property(pictures, ({ picture, stack }) => {
      const writer = new ByteWriter();
      saveStack(stack, picture, writer);
      const loaded = new Uint8Array(stack.length);
      const reader = new ByteReader(writer.finish());
      loadStack(loaded, picture, reader);
      reader.end();
      expect(loaded).toEqual(stack);
    }),
  );
});

test("bytes that say more pixels than there are, or end early, are refused", () => {
  const load = (...bytes: number[]): void =>
    loadStack(new Uint8Array(8), new Uint8Array(2), new ByteReader(Uint8Array.from(bytes)));
  expect(() => load(3, 6, 1, 2, 3, 4, 5, 6)).toThrow(InvalidSnapshot);
  expect(() => load(3, 2, 1)).toThrow(InvalidSnapshot);
  expect(() => load(255, 255, 255, 255, 255, 255)).toThrow(/five bytes/);
});

test("a snapshot of a game seen through 28,224 bytes of pictures takes less than a tenth of them", () => {
  for (const game of ["Asterix", "Breakout", "Freeway", "Seaquest", "SpaceInvaders"]) {
    const env = make(`MinAtarFrames/${game}-v1`);
    env.reset({ seed: 1 });
    for (let t = 0; t < 4; t++) env.step(1);
    expect(env.snapshot({ random: false }).length).toBeLessThan(2822);
  }
});
