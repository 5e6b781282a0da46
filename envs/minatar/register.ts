import { registerWorld } from "../world/register-world.ts";
import { GAMES } from "./games.ts";
import { minatarWorld } from "./minatar.ts";

const ALL_ACTIONS = [0, 1, 2, 3, 4, 5] as const;

/** Makes the MinAtar worlds known: `-v0` with all six actions, `-v1` with the game's minimal set. */
export function registerMinatar(): void {
  for (const game of GAMES) {
    registerWorld({ id: `MinAtar/${game.name}-v0` }, (kwargs) => minatarWorld(game, ALL_ACTIONS, kwargs));
    registerWorld({ id: `MinAtar/${game.name}-v1` }, (kwargs) => minatarWorld(game, game.minimalActions, kwargs));
  }
}
