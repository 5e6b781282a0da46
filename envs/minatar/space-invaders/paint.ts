import type { SpritePainter } from "../game.ts";

export function paintSpaceInvaders(_s: Int32Array, _painter: SpritePainter): void {}
