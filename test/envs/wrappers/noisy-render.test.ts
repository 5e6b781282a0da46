import { describe, expect, test } from "vitest";
import {
  AddRenderObservation,
  AddWhiteNoise,
  EnvSpec,
  InvalidProbability,
  make,
  ObstructView,
  pixelSize,
  rgbArray,
  ValueError,
} from "../../../envs/index.ts";
import type { Env } from "../../../envs/index.ts";

const WIDTH = 96;
const cart = (): Env => make("CartPole-v1");
const HEIGHT = heightOf(cart());
function heightOf(env: Env): number {
  env.reset();
  return pixelSize(env.render()!, WIDTH).height;
}
/** An env's picture at one pixel per pixel of the noise. */
function pixelsOf(env: Env): Uint8Array {
  env.reset({ seed: 4 });
  return rgbArray(env.render()!, WIDTH, HEIGHT);
}
const options = { longSide: WIDTH, seed: 1 };
const plain = pixelsOf(cart());

/** Pixels that differ from the picture without noise, as a share of all. */
function share(pixels: Uint8Array): number {
  const numPixels = WIDTH * HEIGHT;
  const isOther = (p: number): boolean => [0, 1, 2].some((c) => pixels[3 * p + c] !== plain[3 * p + c]);
  return Array.from({ length: numPixels }, (_, p) => Number(isOther(p))).reduce((a, b) => a + b, 0) / numPixels;
}

describe("AddWhiteNoise", () => {
  test("covers the share of pixels that it is told, and with 0 nothing", () => {
    expect(pixelsOf(new AddWhiteNoise(cart(), 0, options))).toEqual(plain);
    expect(share(pixelsOf(new AddWhiteNoise(cart(), 0.3, options)))).toBeCloseTo(0.3, 1);
    expect(share(pixelsOf(new AddWhiteNoise(cart(), 1, options)))).toBeGreaterThan(0.99);
  });

  test("is another in every picture, the same from the same seed, and grey where asked", () => {
    const env = new AddWhiteNoise(cart(), 0.5, { ...options, isNoiseGrayscale: true });
    const first = pixelsOf(env);
    expect(rgbArray(env.render()!, WIDTH, HEIGHT)).not.toEqual(first);
    expect(pixelsOf(new AddWhiteNoise(cart(), 0.5, { ...options, isNoiseGrayscale: true }))).toEqual(first);
    const isColored = (p: number): boolean =>
      first[3 * p] !== plain[3 * p] && (first[3 * p] !== first[3 * p + 1] || first[3 * p] !== first[3 * p + 2]);
    expect(Array.from({ length: WIDTH * HEIGHT }, (_, p) => p).filter(isColored)).toEqual([]);
  });

  test("leaves observations and the world's random stream alone, and can be observed", () => {
    const noisy = new AddWhiteNoise(cart(), 0.5);
    const bare = cart();
    expect(noisy.reset({ seed: 2 })).toEqual(bare.reset({ seed: 2 }));
    noisy.render();
    expect(noisy.reset()).toEqual(bare.reset());
    const seen = new AddRenderObservation(new AddWhiteNoise(cart(), 0.5, options), { width: WIDTH, height: HEIGHT });
    expect(share(seen.reset({ seed: 4 })[0] as Uint8Array)).toBeCloseTo(0.5, 1);
  });
});

describe("ObstructView", () => {
  test.each([
    [0.2, 1],
    [0.5, 5],
    [0.8, 16],
  ])("hides about %d of the picture with squares %i wide", (ratio, width) => {
    const shares = [1, 2, 3, 4].map((seed) =>
      share(pixelsOf(new ObstructView(cart(), ratio, width, { ...options, seed }))),
    );
    expect(Math.abs(shares.reduce((a, b) => a + b) / shares.length - ratio)).toBeLessThan(0.1);
  });

  test("hides whole squares: what a square covers has no gaps inside", () => {
    const pixels = pixelsOf(new ObstructView(cart(), 0.1, 12, { ...options, seed: 3 }));
    const isOther = (x: number, y: number): boolean =>
      [0, 1, 2].some((c) => pixels[3 * (y * WIDTH + x) + c] !== plain[3 * (y * WIDTH + x) + c]);
    const runs = Array.from({ length: HEIGHT }, (_, y) =>
      Array.from({ length: WIDTH }, (__, x) => (isOther(x, y) ? "#" : ".")).join(""),
    );
    expect(runs.filter((row) => /#{12}/.test(row)).length).toBeGreaterThanOrEqual(12);
  });
});

test("wrong shares and widths are refused; the spec makes the same wrappers again", () => {
  expect(() => new AddWhiteNoise(cart(), 1.5)).toThrow(InvalidProbability);
  expect(() => new AddWhiteNoise(cart(), NaN)).toThrow(InvalidProbability);
  expect(() => new ObstructView(cart(), 1, 2)).toThrow(InvalidProbability);
  expect(() => new ObstructView(cart(), 0.5, 1.5)).toThrow(ValueError);
  const env = new ObstructView(new AddWhiteNoise(cart(), 0.1, { longSide: WIDTH, seed: 5 }), 0.3, 4, options);
  const again = make(EnvSpec.fromJson(env.spec!.toJson()));
  expect(String(again)).toBe(String(env));
  expect(pixelsOf(again)).toEqual(pixelsOf(env));
});
