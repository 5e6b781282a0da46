import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { messageOf } from "../../src/errors.ts";
import { LatestOnly } from "../app/latest-only.ts";
import type { Episode } from "../episode/episode.ts";
import type { ReplayState } from "../replay/replay-state.ts";
import type { NeuronPace } from "./neuron-pace.ts";
import type { Pace } from "./pace.ts";

/** A neuron's pace over an episode. */
type PaceSource = Pick<NeuronPace, "gates" | "at">;

/** The pace of a neuron under the cursor. */
export interface PaceNow {
  /** over the episode; null until it is there, and where there is none */
  readonly pace: PaceSource | null;
  /** at the cursor; null while it is worked out */
  readonly now: Pace | null;
  /** why it is not shown; null where it is */
  readonly problem: string | null;
}

const NOTHING: PaceNow = { pace: null, now: null, problem: null };

/** Worked out when a neuron is chosen and followed with the cursor, in the part of the page that is loaded later. */
export function usePace(replay: ReplayState, episode: Episode, id: number): PaceNow {
  const [found, setFound] = useState(NOTHING);
  const canTry = replay.canTry.value;
  useEffect(() => {
    setFound(NOTHING);
    if (id < 0) return undefined;
    let stop = (): void => {};
    let isWanted = true;
    const show = (shown: Partial<PaceNow>): void => void (isWanted && setFound({ ...NOTHING, ...shown }));
    paceIn(replay, episode, id)
      .then((pace) => {
        if (isWanted && pace !== null) stop = follow(replay, episode, pace, show);
      })
      .catch((error: unknown) => show({ problem: messageOf(error) }));
    return () => {
      isWanted = false;
      stop();
    };
  }, [replay, episode, id, canTry]);
  return found;
}

/** Before a what-if begins, its steps are the episode's, and so is the pace. */
async function paceIn(replay: ReplayState, shown: Episode, id: number): Promise<PaceSource | null> {
  const original = replay.episode.peek();
  const pace = await paceOf(replay, shown, id);
  if (pace === null || original === null || original === shown || shown.begins === 0) return pace;
  const before = await paceOf(replay, original, id);
  return before && joined(before, pace, shown.begins);
}

async function paceOf(replay: ReplayState, episode: Episode, id: number): Promise<NeuronPace | null> {
  const actor = replay.actorOf(episode);
  if (actor === null) throw new Error("the policy that acted is not at hand");
  if (actor.interventions.some((i) => i.kind === "clamp" && i.neuron === id)) throw new Error("it is held");
  const lab = await import("../lab/index.ts");
  return lab.NeuronPace.of(actor.policy.saved, episode, actor.world, id);
}

function joined(before: PaceSource, after: PaceSource, begins: number): PaceSource {
  const gates = after.gates?.map((gate, t) => (t < begins ? (before.gates?.[t] ?? NaN) : gate)) ?? null;
  return { gates, at: (t) => (t < begins ? before : after).at(t) };
}

/** Shows the pace wherever the cursor goes, until the returned function is called. */
function follow(
  { step }: ReplayState,
  { length }: Episode,
  pace: PaceSource,
  show: (shown: Partial<PaceNow>) => void,
): () => void {
  const steps = new LatestOnly((t: number) =>
    pace.at(t).then(
      (now) => show({ pace, now }),
      (error: unknown) => show({ pace, problem: messageOf(error) }),
    ),
  );
  return effect(() => steps.ask(Math.min(step.value, length - 1)));
}
