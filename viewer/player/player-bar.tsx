import type { ReadonlySignal, Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { SpeedSelect } from "./speed-select.tsx";
import { ToolButton } from "../app/tool-button.tsx";
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
        <ToolButton
          icon="first"
          label="First step"
          hint="First step (Home)"
          isOff={isOff}
          onClick={() => replay.control((s, n) => seek(s, 0, n))}
        />
        <ToolButton
          icon="back"
          label="One step back"
          hint="One step back (,)"
          isOff={isOff}
          onClick={() => replay.control((s, n) => stepBy(s, -1, n))}
        />
        <ToolButton
          icon={isPlaying ? "pause" : "play"}
          label={isPlaying ? "Pause" : "Play"}
          hint={isPlaying ? "Pause (Space)" : "Play (Space)"}
          isOff={isOff}
          isStrong
          onClick={() => replay.control(togglePlay)}
        />
        <ToolButton
          icon="forward"
          label="One step on"
          hint="One step on (.)"
          isOff={isOff}
          onClick={() => replay.control((s, n) => stepBy(s, 1, n))}
        />
        <ToolButton
          icon="last"
          label="Last step"
          hint="Last step (End)"
          isOff={isOff}
          onClick={() => replay.control((s, n) => seek(s, n - 1, n))}
        />
        <ToolButton
          icon="loop"
          label="Loop"
          hint="Loop (L)"
          isPressed={isLooping}
          onClick={() => replay.control((s) => ({ ...s, isLooping: !s.isLooping }))}
        />
        <SpeedSelect
          speeds={SPEEDS}
          value={speed}
          label="Speed"
          onChoose={(chosen) => replay.control((s) => ({ ...s, speed: chosen }))}
        />
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
