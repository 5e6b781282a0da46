import type { SpritePainter } from "../game.ts";

export function paintFreeway(_s: Int32Array, _painter: SpritePainter): void {}
