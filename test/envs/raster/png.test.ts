import fc from "fast-check";
import { expect, test } from "vitest";
import type { PixelImage } from "../../../envs/raster/pixel-image.ts";
import { encodePng } from "../../../envs/raster/png.ts";
import { zlibDeflate } from "../../../envs/raster/zlib-deflate.ts";
import { decodePng } from "../../helpers/decode-png.ts";

const image = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    channels: fc.constantFrom(1, 3, 4),
  })
  .chain(({ width, height, channels }) =>
    fc
      .uint8Array({ minLength: width * height * channels, maxLength: width * height * channels })
      .map((pixels) => ({ width, height, channels, pixels })),
  ) as fc.Arbitrary<PixelImage>;

test("what an independent reader reads from a PNG is the picture, stored or compressed", () => {
  fc.assert(
    fc.property(image, fc.boolean(), (picture, isCompressed) => {
      const { width, height, channels, pixels } = picture;
      const bytes = isCompressed ? encodePng(picture, zlibDeflate) : encodePng(picture);
      expect(decodePng(bytes)).toEqual({ width, height, channels, pixels });
    }),
  );
});

test("a picture larger than one stored block survives, and compresses well when plain", () => {
  const picture: PixelImage = { width: 300, height: 200, channels: 3, pixels: new Uint8Array(180_000).fill(77) };
  expect(decodePng(encodePng(picture)).pixels).toEqual(picture.pixels);
  expect(encodePng(picture, zlibDeflate).length).toBeLessThan(1000);
});

test("pixels that do not fit the sizes are refused", () => {
  const pixels = new Uint8Array(10);
  expect(() => encodePng({ width: 2, height: 2, channels: 3, pixels })).toThrow(
    /2×2 pixels with 3 channels are 12 bytes, got 10/,
  );
  expect(() => encodePng({ width: 0, height: 2, channels: 3, pixels })).toThrow(/width and height/);
  expect(() => encodePng({ width: 5, height: 1, channels: 2 as 1, pixels })).toThrow(/channels must be 1/);
});
