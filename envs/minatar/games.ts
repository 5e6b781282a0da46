import { asterix } from "./asterix/asterix.ts";
import { breakout } from "./breakout/breakout.ts";
import { freeway } from "./freeway/freeway.ts";
import type { Game } from "./game.ts";
import { seaquest } from "./seaquest/seaquest.ts";
import { spaceInvaders } from "./space-invaders/space-invaders.ts";

/** The rules of all five MinAtar games, for those who play or analyse them without an environment. */
export const GAMES: readonly Game[] = [asterix, breakout, freeway, seaquest, spaceInvaders];
