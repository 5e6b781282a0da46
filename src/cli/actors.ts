import { Box, Discrete, type Env, SeedSequence, defaultRng } from "gymnasium-js";
import type { Expert } from "../../agents/experts/expert.ts";
import { findExpert } from "../../agents/experts/experts.ts";
import { Perturbation, type PerturbationSettings } from "../../agents/experts/perturbation.ts";
import { ConfigError } from "../errors.ts";
import type { Actor } from "../run/play-episode.ts";

/** An expert by name. Throws ConfigError naming the environment's experts. */
export const expertNamed = (name: string, envId: string): Expert => findExpert(name, envId);

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

/** Draws every action from the action space, each episode from its own seed. */
export function randomActor(env: Env): Actor {
  return {
    reset: (seed) => void env.actionSpace.seed(seed),
    act: () => ({ action: env.actionSpace.sample() as number | ArrayLike<number>, response: null }), // Box or Discrete: checked before recording
  };
}
