import { make } from "gymnasium-js";
import type { PolicySpec } from "../../src/policy/policy-spec.ts";
import type { Episode } from "../episode/episode.ts";
import { envActionOf, flat } from "../lab/simulate.ts";

/** The world that an episode was played in. */
export interface WorldOf {
  readonly envId: string;
  readonly envArgs: Readonly<Record<string, unknown>>;
}

/**
 * Observations of steps [from, to] as the policy got them. Numbers were kept with the episode; pictures are seen again by repeating the
 * recorded actions from the last full snapshot, which leads to the same pictures. Rejects where that is not possible: pictures of step 0, or
 * a world this page does not know.
 */
export async function observationsOf(
  episode: Episode,
  { envId, envArgs }: WorldOf,
  spec: PolicySpec,
  from: number,
  to: number,
): Promise<(Float32Array | Uint8Array)[]> {
  if (episode.shape.numObs > 0)
    return Array.from({ length: to - from + 1 }, (_, i) => episode.row(from + i).obs.slice());
  if (from < 1) throw new Error("the picture of the first step was not kept: go on by one step");
  const env = make(envId, envArgs);
  try {
    const start = episode.restorePoint(from - 1);
    env.reset();
    env.restore(await episode.snapshot(start));
    const seen: (Float32Array | Uint8Array)[] = [];
    for (let t = start; t < to; t++) {
      const [obs] = env.step(envActionOf(episode.row(t).action, spec));
      if (t + 1 >= from) seen.push(flat(obs));
    }
    return seen;
  } finally {
    env.close();
  }
}
