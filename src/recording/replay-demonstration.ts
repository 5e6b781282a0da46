import { make, type Env, type Info } from "gymnasium-js";
import { FormatError } from "../errors.ts";
import type { Demonstration } from "../protocol/demonstration.ts";
import type { EpisodeTable } from "./column.ts";
import { EpisodeBuilder, type Compress } from "./episode-builder.ts";
import { digestOf } from "./snapshot-digest.ts";
import { recordedSpace, type RecordedSpace } from "./space-json.ts";

/** Steps between snapshots that hold the random streams too. */
const FULL_SNAPSHOT_EVERY = 64;

/** A demonstration played again: the episode and how it went. */
export interface ReplayedDemonstration {
  readonly table: EpisodeTable;
  readonly observationSpace: RecordedSpace;
  readonly actionSpace: RecordedSpace;
  readonly return: number;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/**
 * Plays a demonstration again in its world and records it. Where the world did not end the episode, the last step is marked as truncated.
 * `breathe` is awaited after every step.
 *
 * Throws FormatError `bad-demonstration` for actions that the world does not have, steps after its end, and where the episode comes out
 * differently than it did for the player; what `make` throws for worlds and arguments that are not known.
 */
export async function replayDemonstration(
  demonstration: Demonstration,
  compress: Compress,
  breathe: () => Promise<void> | null,
): Promise<ReplayedDemonstration> {
  const env = make(demonstration.env.id, demonstration.env.args);
  try {
    return await replay(env, demonstration, compress, breathe);
  } finally {
    env.close();
  }
}

async function replay(
  env: Env,
  { seed, actions, human, end }: Demonstration,
  compress: Compress,
  breathe: () => Promise<void> | null,
): Promise<ReplayedDemonstration> {
  const observationSpace = recordedSpace(env.observationSpace, "observations");
  const actionSpace = recordedSpace(env.actionSpace, "actions");
  const width = "n" in actionSpace ? 1 : actionSpace.size;
  const numSteps = actions.length / width;
  if (numSteps !== end.steps || (human !== undefined && human.length !== numSteps))
    throw bad(`${actions.length} numbers of actions and ${human?.length ?? 0} of human for ${end.steps} steps`);
  const builder = new EpisodeBuilder(observationSpace, actionSpace, compress);
  const moment = (obs: unknown, info: Info, t: number): void =>
    builder.moment({
      obs,
      elapsed: info.elapsedTime ?? 1,
      info: human === undefined ? info : { ...info, human: human[t] ?? 0 },
      snapshot: env.snapshot({ random: t % FULL_SNAPSHOT_EVERY === 0 }),
      response: null,
    });
  let [obs, info] = env.reset({ seed });
  let [terminated, truncated] = [false, false];
  for (let t = 0; t < numSteps; t++) {
    if (terminated || truncated) throw bad(`the world ends after step ${t - 1}, but there are ${numSteps} steps`);
    const action = "n" in actionSpace ? actions[t]! : Float32Array.from(actions.slice(t * width, (t + 1) * width));
    if (!actionSpace.contains(action))
      throw bad(`action ${String(action)} of step ${t} is none of ${String(actionSpace)}`);
    moment(obs, info, t);
    let reward: number;
    [obs, reward, terminated, truncated, info] = env.step(action);
    const isCut = t === numSteps - 1 && !terminated;
    builder.deed({ action, reward, terminated, truncated: truncated || isCut });
    await breathe();
  }
  moment(obs, info, numSteps);
  if (builder.return !== end.return || digestOf(env) !== end.digest)
    throw new FormatError(
      "other-end",
      "the episode comes out differently here than it did in your browser, whose arithmetic must differ; it was not kept",
    );
  return {
    table: builder.finish(),
    observationSpace,
    actionSpace,
    return: builder.return,
    terminated,
    truncated: !terminated,
  };
}

const bad = (what: string): FormatError => new FormatError("bad-demonstration", `demonstration: ${what}`);
