import type { SpritePainter } from "../game.ts";

export function paintSeaquest(_s: Int32Array, _painter: SpritePainter): void {}
