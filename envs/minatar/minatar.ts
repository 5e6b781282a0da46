import type { ObsArray } from "../batch-env.ts";
import { InvalidSnapshot, ValueError } from "../errors.ts";
import type { Kwargs } from "../registration/env-spec.ts";
import type { ByteReader } from "../snapshot/byte-reader.ts";
import { Box } from "../spaces/box.ts";
import { Discrete } from "../spaces/discrete.ts";
import { checkKwargs } from "../world/check-kwargs.ts";
import type { ActionArray, Outcome, World } from "../world/world.ts";
import { act, type Difficulty } from "./act.ts";
import { gameFrame } from "./frame-painter.ts";
import { type Game, SHARED } from "./game.ts";
import { GameStream } from "./game-stream.ts";
import { loadState, saveState } from "./state-bytes.ts";

const { GRID, TERMINAL } = SHARED;

/** Arguments of every MinAtar world; harder by default, as all published results are. */
export type MinatarKwargs = Difficulty & Kwargs;

const DEFAULTS: MinatarKwargs = { stickyActionProb: 0.1, difficultyRamping: true };

/**
 * A MinAtar game as a world. Actions are indices into `actionSet`: all six, or the game's minimal set.
 *
 * @throws TypeError on unknown or ill-typed arguments, ValueError on a probability outside [0, 1]
 */
export function minatarWorld(
  game: Game,
  actionSet: readonly number[],
  kwargs: Kwargs = {},
): World<Int32Array, GameStream> {
  const difficulty = checkKwargs<MinatarKwargs>(game.name, kwargs, DEFAULTS);
  if (!(difficulty.stickyActionProb >= 0 && difficulty.stickyActionProb <= 1)) {
    throw new ValueError(
      `${game.name}.stickyActionProb: got ${difficulty.stickyActionProb}, expected a number in [0, 1]`,
    );
  }
  const actions = Int32Array.from(actionSet);
  return {
    name: game.name,
    observationSpace: new Box(0, 1, { shape: [GRID, GRID, game.channels.length], dtype: "uint8" }),
    actionSpace: new Discrete(actions.length),
    metadata: { renderFps: 15 },
    createRandom: (seed) => new GameStream(seed),
    createState: () => new Int32Array(game.stateSize),
    reset: (state, stream) => game.reset(state, stream),
    step: (state: Int32Array, chosen: ActionArray, at: number, stream: GameStream, outcome: Outcome): void => {
      outcome.reward = act(game, state, actions[chosen[at]!]!, difficulty, stream);
      outcome.terminated = state[TERMINAL] === 1;
    },
    // Observations are uint8 by the space above.
    observe: (state: Int32Array, obs: ObsArray, at: number): void => game.observe(state, obs as Uint8Array, at),
    save: saveState,
    load: (state, reader) => loadGame(game, state, reader),
    draw: (state) => gameFrame(game, state),
  };
}

function loadGame(game: Game, state: Int32Array, reader: ByteReader): void {
  loadState(state, reader);
  if (!game.isPossible(state)) throw new InvalidSnapshot(`snapshot of ${game.name}: its state is impossible`);
}
