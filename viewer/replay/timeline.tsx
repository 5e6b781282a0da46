import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { canRecord, recordClip, savePicture, type Clip } from "../export/clip-recorder.ts";
import type { Episode } from "../episode/episode.ts";
import { Icon } from "../app/icons.tsx";
import { seek, SPEEDS, stepBy, togglePlay } from "../player/player.ts";
import type { ReplayState } from "./replay-state.ts";

/** The one timeline: where in the episode we are, marks of what happened, and the player's controls. */
export function Timeline({ replay }: { readonly replay: ReplayState }) {
  const { isPlaying, speed, isLooping } = replay.player.value;
  const length = replay.length.value;
  const step = replay.step.value;
  const isOff = length === 0;
  return (
    <section class="timeline panel" aria-label="Timeline">
      <div class="tools">
        <button
          class="button"
          type="button"
          disabled={isOff}
          title="First step (Home)"
          aria-label="First step"
          onClick={() => replay.control((s, n) => seek(s, 0, n))}
        >
          <Icon name="first" />
        </button>
        <button
          class="button"
          type="button"
          disabled={isOff}
          title="One step back (,)"
          aria-label="One step back"
          onClick={() => replay.control((s, n) => stepBy(s, -1, n))}
        >
          <Icon name="back" />
        </button>
        <button
          class="button strong"
          type="button"
          disabled={isOff}
          title={isPlaying ? "Pause (Space)" : "Play (Space)"}
          aria-label={isPlaying ? "Pause" : "Play"}
          onClick={() => replay.control(togglePlay)}
        >
          <Icon name={isPlaying ? "pause" : "play"} />
        </button>
        <button
          class="button"
          type="button"
          disabled={isOff}
          title="One step on (.)"
          aria-label="One step on"
          onClick={() => replay.control((s, n) => stepBy(s, 1, n))}
        >
          <Icon name="forward" />
        </button>
        <button
          class="button"
          type="button"
          disabled={isOff}
          title="Last step (End)"
          aria-label="Last step"
          onClick={() => replay.control((s, n) => seek(s, n - 1, n))}
        >
          <Icon name="last" />
        </button>
        <button
          class="button"
          type="button"
          aria-pressed={isLooping}
          title="Loop (L)"
          aria-label="Loop"
          onClick={() => replay.control((s) => ({ ...s, isLooping: !s.isLooping }))}
        >
          <Icon name="loop" />
        </button>
        <select
          class="select"
          aria-label="Speed"
          value={speed}
          onChange={(event) => {
            const chosen = Number(event.currentTarget.value);
            replay.control((s) => ({ ...s, speed: chosen }));
          }}
        >
          {SPEEDS.map((s) => (
            <option key={s} value={s}>
              {s}×
            </option>
          ))}
        </select>
      </div>
      <div class="track">
        <Marks replay={replay} />
        <input
          type="range"
          min={0}
          max={Math.max(0, length - 1)}
          step={1}
          value={step}
          disabled={isOff}
          aria-label="Step"
          aria-valuetext={`step ${step} of ${Math.max(0, length - 1)}`}
          onInput={(event) => {
            const time = Number(event.currentTarget.value);
            replay.control((s, n) => seek(s, time, n));
          }}
        />
      </div>
      <ExportTools replay={replay} />
      <output class="number clock" data-testid="clock">
        {step.toLocaleString("en")} / {Math.max(0, length - 1).toLocaleString("en")}
      </output>
    </section>
  );
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
