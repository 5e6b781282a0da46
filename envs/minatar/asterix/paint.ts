import type { SpritePainter } from "../game.ts";

export function paintAsterix(_s: Int32Array, _painter: SpritePainter): void {}
