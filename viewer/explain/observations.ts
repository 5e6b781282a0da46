import { make } from "gymnasium-js";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import type { Episode } from "../episode/episode.ts";
import { repeatActions } from "../lab/simulate.ts";

type Obs = Float32Array | Uint8Array;

/** The world that an episode was played in. */
export interface WorldOf {
  readonly envId: string;
  readonly envArgs: Readonly<Record<string, unknown>>;
}

/**
 * Observations of steps [from, to] as the policy got them, without the first where that was not kept and cannot be seen again. Numbers were
 * kept with the episode; so was the first picture, which no action led to. Later ones are seen again by repeating the recorded actions from
 * the last full snapshot, which leads to the same pictures. Rejects where nothing is left, or for a world this page does not know.
 */
export async function observationsOf(
  episode: Episode,
  world: WorldOf,
  spec: PolicySpec,
  from: number,
  to: number,
): Promise<Obs[]> {
  if (episode.shape.numObs > 0)
    return Array.from({ length: to - from + 1 }, (_, i) => episode.row(from + i).obs.slice());
  if (from > episode.begins) return seenAgain(episode, world, spec, from, to);
  const first = await episode.obsBytes(from);
  if (first === null && from === to) throw new Error("the picture of the first step was not kept: go on by one step");
  const later = from === to ? [] : await seenAgain(episode, world, spec, from + 1, to);
  return first === null ? later : [first, ...later];
}

/** Pictures of steps [from, to], from >= 1. */
async function seenAgain(
  episode: Episode,
  { envId, envArgs }: WorldOf,
  spec: PolicySpec,
  from: number,
  to: number,
): Promise<Obs[]> {
  const env = make(envId, envArgs);
  try {
    const start = episode.restorePoint(from - 1);
    const { moments } = await repeatActions(env, episode, start, to, spec);
    return moments.slice(from - 1 - start).map(({ obs }) => obs);
  } finally {
    env.close();
  }
}
