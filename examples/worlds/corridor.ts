// A world of one's own: a corridor of cells, walk to the right end. Importing this file registers it:
//   elegans check-env Corridor-v0 --import ./examples/worlds/corridor.ts     (TypeScript: Node 22.18 or later; compile it for older ones)
//   elegans train Corridor-v0 --import ./examples/worlds/corridor.ts --env-arg length=8
import { Box, checkKwargs, defaultRng, Discrete, registerWorld } from "gymnasium-js";
import type { Generator, Kwargs, World } from "gymnasium-js";

interface Corridor {
  cell: number;
}

export function corridor(kwargs: Kwargs = {}): World<Corridor, Generator> {
  const { length } = checkKwargs("Corridor", kwargs, { length: 5 }); // unknown names and wrong types throw
  return {
    name: "Corridor",
    observationSpace: new Box(0, 1), // how far to the right, as a share of the corridor
    actionSpace: new Discrete(2), // 0 left, 1 right
    metadata: { renderFps: 5 },
    createRandom: defaultRng,
    createState: () => ({ cell: 0 }),
    reset: (state, random) => void (state.cell = random.integers(length - 1)),
    step: (state, actions, at, _random, outcome) => {
      state.cell = Math.max(0, state.cell + (actions[at] === 1 ? 1 : -1));
      outcome.terminated = state.cell === length - 1;
      outcome.reward = outcome.terminated ? 1 : -0.01;
    },
    observe: (state, obs, at) => void (obs[at] = state.cell / (length - 1)),
    save: (state, writer) => writer.int32(state.cell),
    load: (state, reader) => void (state.cell = reader.int32()),
    draw: ({ cell }) => ({
      view: { x: 0, y: 0, width: length, height: 1 },
      yAxis: "up",
      background: 0xf6f4ef,
      primitives: [{ kind: "circle", x: cell + 0.5, y: 0.5, radius: 0.3, fill: 0x2e4a62 }],
    }),
  };
}

registerWorld({ id: "Corridor-v0", maxEpisodeSteps: 50 }, corridor);
