import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeGif } from "../../../envs/raster/gif.ts";
import { decodeGif } from "../../helpers/decode-gif.ts";

/** Pictures of few colours, so that runs and changed boxes occur. */
const animation = fc
  .record({
    width: fc.integer({ min: 1, max: 24 }),
    height: fc.integer({ min: 1, max: 24 }),
    numColors: fc.integer({ min: 1, max: 12 }),
  })
  .chain(({ width, height, numColors }) =>
    fc
      .array(fc.array(fc.nat(numColors - 1), { minLength: width * height, maxLength: width * height }), {
        minLength: 1,
        maxLength: 5,
      })
      .map((frames) => ({
        width,
        height,
        frames: frames.map((indices) => Uint8Array.from(indices.flatMap((i) => [i * 20, 255 - i * 7, (i * 91) % 256]))),
      })),
  );

test("an independent reader sees every picture exactly as it was, for as long as it was shown", () => {
  fc.assert(
    fc.property(animation, ({ width, height, frames }) => {
      const read = decodeGif(encodeGif(frames, { width, height, fps: 10 }));
      expect(read).toMatchObject({ width, height, loops: 0 });
      const shown = read.frames.flatMap(({ pixels, delay }) => Array.from({ length: delay / 10 }, () => pixels));
      expect(shown).toEqual(frames);
    }),
  );
});

test("a noisy picture that fills the code table several times survives", () => {
  const [width, height] = [160, 160];
  let seed = 1;
  const noise = Uint8Array.from({ length: width * height * 3 }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed >>> 30) * 60;
  });
  const read = decodeGif(encodeGif([noise], { width, height, fps: 25 }));
  expect(read.frames[0]!.pixels).toEqual(noise);
});

test("thousands of colours are reduced so that no pixel is off by more than 32 levels and the mean error is below 5", () => {
  const [width, height] = [96, 96];
  const gradient = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    gradient.set([Math.round(x * 2.6), Math.round(y * 2.6), Math.round((x + y) * 1.3)], i * 3);
  }
  const { pixels } = decodeGif(encodeGif([gradient], { width, height, fps: 25 })).frames[0]!;
  const errors = Array.from(pixels, (value, i) => Math.abs(value - gradient[i]!));
  expect(Math.max(...errors)).toBeLessThanOrEqual(32);
  expect(errors.reduce((a, b) => a + b, 0) / errors.length).toBeLessThan(5);
});

test("30 pictures a second take one second in all, 100 lose every second one", () => {
  const frames = Array.from({ length: 30 }, (_, i) => Uint8Array.of(i, 0, 0));
  const at30 = decodeGif(encodeGif(frames, { width: 1, height: 1, fps: 30, loops: 3 }));
  expect(at30.loops).toBe(3);
  expect(at30.frames.reduce((sum, { delay }) => sum + delay, 0)).toBe(100);
  const at100 = decodeGif(encodeGif(frames, { width: 1, height: 1, fps: 100 }));
  expect(at100.frames.length).toBeLessThanOrEqual(16);
  expect(Math.min(...at100.frames.slice(1).map(({ delay }) => delay))).toBeGreaterThanOrEqual(2);
});

test("wrong input is refused: no pictures, wrong sizes, impossible speeds", () => {
  const options = { width: 2, height: 1, fps: 25 };
  expect(() => encodeGif([], options)).toThrow(/at least one frame/);
  expect(() => encodeGif([new Uint8Array(6), new Uint8Array(5)], options)).toThrow(/frame 1.*6 bytes, got 5/);
  expect(() => encodeGif([new Uint8Array(6)], { ...options, fps: 0 })).toThrow(/fps/);
  expect(() => encodeGif([new Uint8Array(6)], { ...options, loops: -1 })).toThrow(/loops/);
});
