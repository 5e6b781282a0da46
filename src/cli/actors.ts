import type { Env } from "gymnasium-js";
import type { Expert } from "../../agents/experts/expert.ts";
import { findExpert } from "../../agents/experts/experts.ts";
import type { Actor } from "../run/play-episode.ts";

/** An expert by name. Throws ConfigError naming the environment's experts. */
export const expertNamed = (name: string, envId: string): Expert => findExpert(name, envId);

/** Draws every action from the action space, each episode from its own seed. */
export function randomActor(env: Env): Actor {
  return {
    reset: (seed) => void env.actionSpace.seed(seed),
    act: () => ({ action: env.actionSpace.sample() as number | ArrayLike<number>, response: null }), // Box or Discrete: checked before recording
  };
}
