import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { canRecord, recordClip, savePicture, type Clip } from "../export/clip-recorder.ts";
import type { Episode } from "../episode/episode.ts";
import { Icon } from "../app/icons.tsx";
import { PlayerBar } from "../player/player-bar.tsx";
import type { ReplayState } from "./replay-state.ts";

/** The one timeline: where in the episode we are, marks of what happened, and the player's controls. */
export function Timeline({ replay }: { readonly replay: ReplayState }) {
  return <PlayerBar replay={replay} marks={<Marks replay={replay} />} tools={<ExportTools replay={replay} />} />;
}

/** How long a film shows its last moment. */
const LAST_PICTURE_MS = 300;

/** Picture and film of the page. A film plays from the shown step to the end, or until the button is pressed again. */
function ExportTools({ replay }: { readonly replay: ReplayState }) {
  const [clip, setClip] = useState<Clip | null>(null);
  const episode = replay.episode.value;
  const root = (): HTMLElement => document.querySelector<HTMLElement>("main") ?? document.body;
  const name = `${episode?.envId ?? "elegans"}-${episode?.title ?? ""}-step-${replay.step.value}`;
  useEffect(() => {
    if (clip === null) return;
    return effect(() => {
      if (replay.player.value.isPlaying) return;
      setTimeout(() => {
        clip.finish();
        setClip(null);
      }, LAST_PICTURE_MS);
    });
  }, [clip, replay]);
  const film = (): void => {
    if (clip !== null) return replay.control((s) => ({ ...s, isPlaying: false }));
    replay.control((s, n) => ({ ...s, time: s.time >= n - 1 ? 0 : s.time, isPlaying: true, isLooping: false }));
    setClip(recordClip(root(), name));
  };
  return (
    <div class="tools">
      <button
        class="button"
        type="button"
        disabled={episode === null}
        title="Save a picture (PNG)"
        aria-label="Save a picture"
        onClick={() => savePicture(root(), name)}
      >
        <Icon name="camera" />
      </button>
      <button
        class="button"
        type="button"
        disabled={episode === null || !canRecord()}
        aria-pressed={clip !== null}
        title={clip === null ? "Film from here to the end (WebM)" : "End the film"}
        aria-label={clip === null ? "Film from here" : "End the film"}
        onClick={film}
      >
        <Icon name="film" />
      </button>
    </div>
  );
}

/** Above this many, marks say nothing any more. */
const MAX_MARKS = 200;

function Marks({ replay }: { readonly replay: ReplayState }) {
  const length = replay.length.value;
  const episode = replay.episode.value;
  const whatIf = replay.whatIf.value;
  if (episode === null || length < 2) return null;
  const at = (t: number): { left: string } => ({ left: `${(t / (length - 1)) * 100}%` });
  return (
    <div class="marks" aria-hidden="true">
      {notableRewards(episode).map((t) => (
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
  const counts = new Map<number, number>();
  for (const r of reward) counts.set(r, (counts.get(r) ?? 0) + 1);
  const [usual] = [...counts].toSorted((a, b) => b[1] - a[1])[0] ?? [0];
  const steps: number[] = [];
  for (let t = 0; t < length; t++) if (reward[t] !== usual) steps.push(t);
  return steps.length > MAX_MARKS ? [] : steps;
}
