import { expect, test } from "vitest";
import { type Frame, draw, framesToGif, frameToPng, make, rgbArray } from "../../../envs/index.ts";
import { zlibDeflate } from "../../../envs/node.ts";
import { decodeGif } from "../../helpers/decode-gif.ts";
import { decodePng } from "../../helpers/decode-png.ts";

/** Snapshots of a game's first frames. */
function episode(id: string, length: number): Uint8Array[] {
  const env = make(id);
  env.reset({ seed: 3 });
  return Array.from({ length }, () => {
    env.step(1);
    return env.snapshot({ random: false });
  });
}

test("an episode redrawn from its snapshots is, at one pixel per art pixel, exactly the animation of its pictures", () => {
  const snapshots = episode("MinAtar/Freeway-v1", 20);
  const id = "MinAtar/Freeway-v1";
  const frames = {
    *[Symbol.iterator](): Generator<Frame> {
      for (const bytes of snapshots) yield draw(id, bytes)!;
    },
  };
  const gif = decodeGif(framesToGif(frames, { longSide: 160, fps: 10 }));
  expect([gif.width, gif.height]).toEqual([160, 160]);
  const shown = gif.frames.flatMap(({ pixels, delay }) => Array.from({ length: delay / 10 }, () => pixels));
  expect(shown.length).toBe(20);
  shown.forEach((pixels, t) => {
    const same = Buffer.compare(pixels, rgbArray(draw(id, snapshots[t]!)!, 160, 160));
    expect(same, `picture ${t}`).toBe(0);
  });
});

test("a frame keeps its aspect ratio as a PNG", () => {
  const wide: Frame = { view: { x: 0, y: 0, width: 4, height: 1 }, yAxis: "up", background: 0x336699, primitives: [] };
  const png = decodePng(frameToPng(wide, { longSide: 100 }, zlibDeflate));
  expect([png.width, png.height, ...png.pixels.subarray(0, 3)]).toEqual([100, 26, 0x33, 0x66, 0x99]);
});

test("no frames, no animation", () => {
  expect(() => framesToGif([], { fps: 10 })).toThrow(/at least one frame/);
  const wide: Frame = { view: { x: 0, y: 0, width: 4, height: 1 }, yAxis: "up", background: 0, primitives: [] };
  expect(() => framesToGif([wide], { fps: -1 })).toThrow(RangeError);
});
