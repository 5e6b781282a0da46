import { CartPolePicture } from "../classic-control/cart-pole-picture.ts";
import { type CartPoleState, X_LIMIT, cartPole } from "../classic-control/cart-pole.ts";
import { GRID_VIEW } from "../minatar/game.ts";
import { GAMES } from "../minatar/games.ts";
import { minatarWorld } from "../minatar/minatar.ts";
import type { EnvSpecFields, Kwargs } from "../registration/env-spec.ts";
import { registerWorld } from "../world/register-world.ts";
import type { RandomStream } from "../world/random-stream.ts";
import type { World } from "../world/world.ts";
import { EVERY_FRAME, checkFrameOptions } from "./frame-options.ts";
import { type Paint, framesWorld } from "./frames-world.ts";

const ALL_ACTIONS = [0, 1, 2, 3, 4, 5] as const;

/** Makes the worlds known that are seen through pictures: `MinAtarFrames/<game>-v0` and `-v1`, and `CartPoleFrames-v1`. */
export function registerFrames(): void {
  for (const game of GAMES) {
    const paint: Paint<Int32Array> = (state, raster) => {
      raster.begin(GRID_VIEW, "down", 0);
      game.paint(state, raster);
    };
    for (const [version, actions] of [ALL_ACTIONS, game.minimalActions].entries()) {
      const id = `MinAtarFrames/${game.name}-v${version}`;
      registerFramesWorld({ id }, (kwargs) => minatarWorld(game, actions, kwargs), paint);
    }
  }
  const picture = new CartPolePicture(X_LIMIT);
  const paintCartPole: Paint<CartPoleState> = ({ x, theta }, raster) => void raster.draw(picture.pose(x, theta));
  registerFramesWorld({ id: "CartPoleFrames-v1", maxEpisodeSteps: 500, rewardThreshold: 475 }, cartPole, paintCartPole);
}

/** Registers a world seen through pictures; its arguments are those of the world and those of `FrameOptions`. */
function registerFramesWorld<S, R extends RandomStream>(
  fields: EnvSpecFields,
  world: (kwargs: Kwargs) => World<S, R>,
  paint?: Paint<S>,
): void {
  registerWorld(fields, (kwargs) => {
    const entries = Object.entries(kwargs);
    const own = Object.fromEntries(entries.filter(([name]) => name in EVERY_FRAME));
    const inner = world(Object.fromEntries(entries.filter(([name]) => !(name in EVERY_FRAME))));
    return framesWorld(inner, checkFrameOptions(`${inner.name}Frames`, own, EVERY_FRAME), paint);
  });
}
