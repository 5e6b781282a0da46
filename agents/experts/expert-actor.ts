import { Box, Discrete, SeedSequence, defaultRng } from "gymnasium-js";
import { ConfigError } from "../../src/errors.ts";
import type { Actor } from "../../src/run/play-episode.ts";
import type { Expert } from "./expert.ts";
import { Perturbation, type PerturbationSettings } from "./perturbation.ts";

/** An expert as an actor; with settings its actions are disturbed, and what it wanted is the label. */
export function expertActor(expert: Expert, settings: PerturbationSettings | null): Actor {
  let perturbation: Perturbation | null = null;
  return {
    reset: (seed) => {
      perturbation = settings === null ? null : new Perturbation(settings, defaultRng(new SeedSequence([seed, 1])));
    },
    act: ({ env, info }) => {
      const label = expert.act(env);
      if (perturbation === null) return { action: label, response: null };
      const space = env.actionSpace;
      if (space instanceof Discrete && typeof label === "number")
        return { action: perturbation.discrete(label, space.start, space.n), label, response: null };
      if (space instanceof Box && typeof label !== "number")
        return { action: perturbation.continuous(label, info, space.low[0]!, space.high[0]!), label, response: null };
      throw new ConfigError(
        "bad-action-space",
        `actions of ${String(space)} cannot be disturbed; add --no-disturbance`,
      );
    },
  };
}
