import { closestMatch, parseEnvId } from "gymnasium-js";
import { ConfigError } from "../../src/errors.ts";
import { cartPoleExpert } from "./cart-pole-expert.ts";
import type { Expert } from "./expert.ts";
import { lqr } from "./lqr.ts";
import { minatarAsterix } from "./minatar-asterix.ts";
import { minatarBreakout } from "./minatar-breakout.ts";
import { minatarFreeway } from "./minatar-freeway.ts";
import { minatarGap } from "./minatar-gap.ts";
import { minatarRebound } from "./minatar-rebound.ts";
import { purePursuit } from "./pure-pursuit.ts";
import { stanley } from "./stanley.ts";

/** All experts; the first one of a world is its default. */
export const EXPERTS: readonly Expert[] = [
  purePursuit,
  stanley,
  lqr,
  cartPoleExpert,
  minatarAsterix,
  minatarBreakout,
  minatarRebound,
  minatarFreeway,
  minatarGap,
];

/** Experts for an env id such as `LaneKeeping-v0`, whatever the version; none for worlds without one. Throws GymError on what is no id. */
export function expertsFor(envId: string): readonly Expert[] {
  const { name } = parseEnvId(envId);
  return EXPERTS.filter((expert) => expert.worlds.includes(name));
}

/** The expert of that name for an env id. Throws ConfigError (`unknown-expert`) that lists the env's experts or suggests the nearest name. */
export function findExpert(name: string, envId: string): Expert {
  const fitting = expertsFor(envId);
  const found = fitting.find((expert) => expert.name === name);
  if (found) return found;
  const names = fitting.map((expert) => expert.name);
  if (names.length === 0) {
    const known = EXPERTS.map((expert) => `${expert.name} (${expert.worlds.join(", ")})`).join(", ");
    throw new ConfigError("unknown-expert", `expert: there is none for ${envId}; there are ${known}`);
  }
  const match = closestMatch(name, names);
  const hint = match === null ? `expected one of ${names.join(", ")}` : `did you mean ${match}?`;
  throw new ConfigError("unknown-expert", `expert: got ${name}, unknown for ${envId}; ${hint}`);
}
