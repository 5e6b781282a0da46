import type { SpritePainter } from "../game.ts";

export function paintBreakout(_s: Int32Array, _painter: SpritePainter): void {}
