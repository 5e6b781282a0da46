import { nameOf } from "../circuit/neuron-name.ts";
import { signed } from "../chart/motor-list.tsx";
import { Icon } from "../app/icons.tsx";
import { knobsOf, startOf, type Knob } from "../lab/knobs.ts";
import type { Intervention } from "../lab/interventions.ts";
import { firstDifference } from "./deviation.ts";
import type { ReplayState } from "./replay-state.ts";

/** Interventions and conditions, and the button that plays on with them. */
export function WhatIfPanel({ replay }: { readonly replay: ReplayState }) {
  const { value: interventions } = replay.interventions;
  const conditions = replay.conditions.value;
  const { obsNoise, dropRate } = conditions;
  const episode = replay.episode.value;
  const isOff = episode === null || replay.work.isBusy.value || !replay.canTry.value;
  return (
    <div class="what-if">
      <h3>What if it is played again</h3>
      <ul class="interventions" aria-label="Interventions">
        {interventions.map((i) => (
          <li key={JSON.stringify([i.kind, i.kind === "cut" ? [i.from, i.to] : i.neuron])}>
            <span>{describe(i, replay)}</span>
            <button
              class="button small"
              type="button"
              aria-label={`Undo: ${describe(i, replay)}`}
              onClick={() => undo(i, replay)}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <label class="condition">
        <span>Noise on observations</span>
        <input
          type="range"
          min={0}
          max={0.5}
          step={0.01}
          value={obsNoise}
          onInput={(event) =>
            (replay.conditions.value = { ...conditions, obsNoise: Number(event.currentTarget.value) })
          }
        />
        <span class="number">σ {obsNoise.toFixed(2)}</span>
      </label>
      <label class="condition">
        <span>Lost observations</span>
        <input
          type="range"
          min={0}
          max={0.9}
          step={0.05}
          value={dropRate}
          onInput={(event) =>
            (replay.conditions.value = { ...conditions, dropRate: Number(event.currentTarget.value) })
          }
        />
        <span class="number">{(dropRate * 100).toFixed(0)} %</span>
      </label>
      <WorldKnobs replay={replay} />
      <div class="actions">
        <button class="button primary" type="button" disabled={isOff} onClick={() => void replay.tryWhatIf(false)}>
          From step {replay.step.value}
        </button>
        <button class="button outlined" type="button" disabled={isOff} onClick={() => void replay.tryWhatIf(true)}>
          From the start
        </button>
      </div>
      {episode !== null && !replay.canTry.value && (
        <p class="kind">The policy that acted is not at hand: start the viewer on its run as well.</p>
      )}
      <Outcome replay={replay} />
    </div>
  );
}

/** Arguments of the world that were changed, and a list of those that can be. */
function WorldKnobs({ replay }: { readonly replay: ReplayState }) {
  const world = replay.world.value;
  if (world === null) return null;
  const conditions = replay.conditions.value;
  const knobs = knobsOf(world.envId, world.envArgs);
  if (knobs.length === 0) return null;
  const turn = (arg: string, value: number | null): void => {
    const { [arg]: _, ...others } = conditions.envArgs;
    replay.conditions.value = { ...conditions, envArgs: value === null ? others : { ...others, [arg]: value } };
  };
  const isTurned = ({ arg }: Knob): boolean => conditions.envArgs[arg] !== undefined;
  return (
    <>
      {knobs.filter(isTurned).map((k) => (
        <label class="condition knob" key={k.arg}>
          <span>{k.label}</span>
          <button
            class="button small"
            type="button"
            aria-label={`Undo: ${k.label}`}
            onClick={(event) => {
              event.preventDefault(); // the label would hand the click on to its slider
              turn(k.arg, null);
            }}
          >
            <Icon name="close" />
          </button>
          <input
            type="range"
            aria-label={k.label}
            min={k.min}
            max={k.max}
            step={k.step}
            value={conditions.envArgs[k.arg]}
            onInput={(event) => turn(k.arg, Number(event.currentTarget.value))}
          />
          <span class="number">
            {(conditions.envArgs[k.arg] ?? 0).toFixed(2)} {k.unit}
          </span>
        </label>
      ))}
      {!knobs.every(isTurned) && (
        <select
          class="select"
          aria-label="Change the world"
          value=""
          onChange={(event) => {
            const chosen = knobs.find((k) => k.arg === event.currentTarget.value);
            event.currentTarget.value = "";
            if (chosen !== undefined) turn(chosen.arg, startOf(chosen, world.envArgs));
          }}
        >
          <option value="">Change the world…</option>
          {knobs
            .filter((k) => !isTurned(k))
            .map((k) => (
              <option key={k.arg} value={k.arg}>
                {k.label}
              </option>
            ))}
        </select>
      )}
    </>
  );
}

function Outcome({ replay }: { readonly replay: ReplayState }) {
  const [episode, whatIf] = [replay.episode.value, replay.whatIf.value];
  if (episode === null || whatIf === null) return null;
  const differs = firstDifference(episode, whatIf);
  return (
    <div class="outcome" role="status" data-testid="outcome">
      <p>
        {sameness(differs, Math.min(episode.length, whatIf.length))} Return <b class="number">{total(whatIf)}</b>{" "}
        instead of <b class="number">{total(episode)}</b>, {whatIf.length} steps instead of {episode.length}.
      </p>
      <button class="button outlined" type="button" onClick={() => replay.forgetWhatIf()}>
        Forget
      </button>
    </div>
  );
}

/** What the first difference means; the shorter episode's length counts as one. */
function sameness(differs: number | null, shorter: number): string {
  if (differs === null) return "Every action stays the same.";
  return differs < shorter ? `First other action at step ${differs}.` : "The same actions until one of them ended.";
}

const total = ({ columns }: { readonly columns: { readonly reward: Float32Array } }): string => {
  const sum = columns.reward.reduce((a, b) => a + b, 0);
  return Number.isInteger(sum) ? String(sum) : sum.toFixed(2);
};

function describe(i: Intervention, replay: ReplayState): string {
  const circuit = replay.episode.value?.circuit ?? null;
  const name = (id: number): string => (circuit === null ? `neuron ${id}` : nameOf(circuit, id));
  if (i.kind === "cut") return `${name(i.from)} → ${name(i.to)} cut`;
  return i.value === 0 ? `${name(i.neuron)} silenced` : `${name(i.neuron)} held at ${signed(i.value)}`;
}

function undo(i: Intervention, replay: ReplayState): void {
  if (i.kind === "cut") replay.toggleCut(i.from, i.to);
  else replay.clamp(i.neuron, null);
}
