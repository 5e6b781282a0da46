import type { ReadonlySignal, Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { Icon } from "../app/icons.tsx";
import { seek, SPEEDS, stepBy, togglePlay, type PlayerState } from "./player.ts";

/** Whoever can be played: its state, its steps, and how it is changed. */
export interface Playable {
  readonly player: Signal<PlayerState>;
  readonly length: ReadonlySignal<number>;
  readonly step: ReadonlySignal<number>;
  /** Changes the player: `change` gets the length to stay within. */
  control(change: (state: PlayerState, length: number) => PlayerState): void;
}

/** The player's controls and the track: where we are. `marks` lie on the track, `tools` beside it. */
export function PlayerBar({
  replay,
  marks,
  tools,
}: {
  readonly replay: Playable;
  readonly marks?: ComponentChildren;
  readonly tools?: ComponentChildren;
}) {
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
        {marks}
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
      {tools}
      <output class="number clock" data-testid="clock">
        {step.toLocaleString("en")} / {Math.max(0, length - 1).toLocaleString("en")}
      </output>
    </section>
  );
}
