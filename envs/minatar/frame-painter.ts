import type { Bitmap, Frame, Primitive } from "../frame.ts";
import { GRID_VIEW, type Game, type SpritePainter } from "./game.ts";

/** The picture of a game's state as drawing primitives. */
export function gameFrame(game: Game, state: Int32Array): Frame {
  const primitives: Primitive[] = [];
  const painter: SpritePainter = {
    sprite: (bitmap: Bitmap, x: number, y: number, width: number, height: number) => {
      primitives.push({ kind: "sprite", bitmap, x, y, width, height });
    },
  };
  game.paint(state, painter);
  return { view: GRID_VIEW, yAxis: "down", background: 0x000000, primitives };
}
