import { useMemo } from "preact/hooks";
import type { Episode } from "../episode/episode.ts";
import { PlayerBar } from "../player/player-bar.tsx";
import { ExportTools } from "./export-tools.tsx";
import type { ReplayState } from "./replay-state.ts";

/** The one timeline: where in the episode we are, marks of what happened, and the player's controls. */
export function Timeline({ replay }: { readonly replay: ReplayState }) {
  return <PlayerBar replay={replay} marks={<Marks replay={replay} />} tools={<ExportTools replay={replay} />} />;
}

/** Above this many, marks say nothing any more. */
const MAX_MARKS = 200;

function Marks({ replay }: { readonly replay: ReplayState }) {
  const length = replay.length.value;
  const episode = replay.episode.value;
  const whatIf = replay.whatIf.value;
  const rewards = useMemo(() => (episode === null ? [] : notableRewards(episode)), [episode?.columns.reward]);
  if (episode === null || length < 2) return null;
  const at = (t: number): { left: string } => ({ left: `${(t / (length - 1)) * 100}%` });
  return (
    <div class="marks" aria-hidden="true">
      {rewards.map((t) => (
        <i key={t} class="mark reward" style={at(t)} title={`reward at step ${t}`} />
      ))}
      {episode.ended !== null && (
        <i
          class={`mark ${episode.ended}`}
          style={at(episode.length - 1)}
          title={`${episode.ended} at step ${episode.length - 1}`}
        />
      )}
      {whatIf !== null && <i class="mark branch" style={at(replay.branchedAt.value)} title="what-if begins" />}
      {whatIf !== null && whatIf.ended !== null && (
        <i
          class="mark alternative"
          style={at(whatIf.length - 1)}
          title={`what-if ${whatIf.ended} at step ${whatIf.length - 1}`}
        />
      )}
    </div>
  );
}

/** Steps whose reward is not the usual one; none where most differ. */
export function notableRewards({ columns: { reward }, length }: Pick<Episode, "columns" | "length">): number[] {
  if (reward.every((r) => r === reward[0])) return []; // as in many worlds, and quicker to find out
  const counts = new Map<number, number>();
  for (const r of reward) counts.set(r, (counts.get(r) ?? 0) + 1);
  const [usual] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? [0];
  const steps: number[] = [];
  for (let t = 0; t < length; t++) if (reward[t] !== usual) steps.push(t);
  return steps.length > MAX_MARKS ? [] : steps;
}
