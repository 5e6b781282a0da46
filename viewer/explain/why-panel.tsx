import { useEffect } from "preact/hooks";
import type { CircuitDescription } from "../../src/protocol/index.ts";
import { signed } from "../chart/motor-list.tsx";
import { nameOf } from "../circuit/neuron-name.ts";
import { Tabs } from "../app/tabs.tsx";
import type { Episode } from "../episode/episode.ts";
import type { ReplayState } from "../replay/replay-state.ts";
import { WHOSE, type ExplainState } from "./explain-state.ts";
import type { Explanation } from "./explainer.ts";
import { SaliencyPicture } from "./saliency-picture.tsx";

const MAX_ROWS = 12;

/** What the decision under the time cursor rested on: parts of the observation, and synapses. */
export function WhyPanel({ replay, explain }: { readonly replay: ReplayState; readonly explain: ExplainState }) {
  useEffect(() => {
    explain.isOpen.value = true;
    return () => void (explain.isOpen.value = false);
  }, [explain]);
  const episode = explain.episode.value;
  if (episode === null) return <p class="hint">No episode yet.</p>;
  return (
    <div class="why">
      {replay.whatIf.value !== null && (
        <div class="row-of">
          <span>Decision of</span>
          <Tabs
            label="Whose decision"
            names={WHOSE}
            chosen={explain.whose.value}
            choose={(whose) => (explain.whose.value = whose)}
          />
        </div>
      )}
      <Answer replay={replay} explain={explain} episode={episode} />
    </div>
  );
}

interface AnswerProps {
  readonly replay: ReplayState;
  readonly explain: ExplainState;
  readonly episode: Episode;
}

function Answer({ replay, explain, episode }: AnswerProps) {
  const explanation = explain.explanation.value;
  const problem = explain.problem.value;
  if (problem !== null) return <p class="hint">{problem}</p>;
  const labels = outputNames(episode.circuit, episode.shape.numMotor);
  return (
    <>
      <OutputChoice explain={explain} isDiscrete={episode.shape.isDiscrete} labels={labels} />
      {explanation === null ? (
        <p class="kind">Working it out…</p>
      ) : (
        <>
          <p class="kind" data-testid="explained">
            {labels[explanation.motor]} at step {explanation.step}
            {remarkOn(explanation.step, explain.step.value, episode)}
          </p>
          <Found explanation={explanation} replay={replay} circuit={episode.circuit} />
        </>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly explain: ExplainState;
  readonly isDiscrete: boolean;
  readonly labels: readonly string[];
}

function OutputChoice({ explain, isDiscrete, labels }: ChoiceProps) {
  return (
    <label class="row-of">
      <span>What spoke for</span>
      <select
        class="select"
        aria-label="Output to explain"
        value={explain.chosenMotor.value ?? (isDiscrete ? "decided" : explain.motor.value)}
        onChange={({ currentTarget: { value } }) =>
          (explain.chosenMotor.value = value === "decided" ? null : Number(value))
        }
      >
        {isDiscrete && <option value="decided">the action taken</option>}
        {labels.map((label, m) => (
          <option key={m} value={m}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Why the explained step may be another one, or nobody's in particular. */
function remarkOn(explained: number, asked: number, episode: Episode): string {
  if (explained < episode.begins) return ", the same in both";
  return explained < asked && episode.isMissed(asked) ? ", repeated since: nothing arrived" : "";
}

interface FoundProps {
  readonly explanation: Explanation;
  readonly replay: ReplayState;
  readonly circuit: CircuitDescription | null;
}

function Found({ explanation, replay, circuit }: FoundProps) {
  const { inputs, picture, synapses } = explanation;
  const shown = synapses.slice(0, MAX_ROWS);
  const largest = Math.max(1e-12, Math.abs(shown[0]?.share ?? 0));
  return (
    <>
      {inputs !== null && <Inputs inputs={inputs} names={inputNames(circuit, inputs.length)} />}
      {picture !== null && <SaliencyPicture picture={picture} />}
      {shown.length > 0 && circuit !== null && (
        <div class="synapses shares">
          <h4 title="What the output would lose without the synapse, to first order, followed through the last 32 steps">
            Synapses that mattered <span>of {synapses.length}</span>
          </h4>
          <ul data-testid="synapses-that-mattered">
            {shown.map(({ from, to, share }) => (
              <li key={`${from},${to}`}>
                <span class="pair">
                  <button class="link" type="button" onClick={() => (replay.selection.value = from)}>
                    {nameOf(circuit, from)}
                  </button>
                  <span class="arrow">→</span>
                  <button class="link" type="button" onClick={() => (replay.selection.value = to)}>
                    {nameOf(circuit, to)}
                  </button>
                </span>
                <Diverging share={share / largest} />
                <span class="number">{signed(share)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function Inputs({ inputs, names }: { readonly inputs: Float32Array; readonly names: readonly string[] }) {
  const largest = inputs.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-12);
  const order = [...inputs.keys()].toSorted((a, b) => Math.abs(inputs[b] ?? 0) - Math.abs(inputs[a] ?? 0));
  return (
    <div class="synapses shares">
      <h4 title="Gradient × input: how much each number pushed the output up (blue) or down (orange), to first order">
        Observation
      </h4>
      <ul data-testid="saliency-bars">
        {order.slice(0, MAX_ROWS).map((d) => (
          <li key={d}>
            <span class="pair">{names[d] ?? `obs ${d}`}</span>
            <Diverging share={(inputs[d] ?? 0) / largest} />
            <span class="number">{signed(inputs[d] ?? 0)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A bar that grows to the right for what spoke for, to the left for what spoke against. */
function Diverging({ share }: { readonly share: number }) {
  const width = Math.abs(share) * 50;
  return (
    <span class="diverging" aria-hidden="true">
      <i
        class={share > 0 ? "positive" : "negative"}
        style={{ width: `${width}%`, left: `${share > 0 ? 50 : 50 - width}%` }}
      />
    </span>
  );
}

const inputNames = (circuit: CircuitDescription | null, count: number): string[] =>
  Array.from({ length: count }, (_, d) =>
    circuit !== null && circuit.numInputs === count ? (circuit.sensory[d] ?? `obs ${d}`) : `obs ${d}`,
  );

const outputNames = (circuit: CircuitDescription | null, count: number): string[] =>
  Array.from({ length: count }, (_, m) => (circuit === null ? `output ${m}` : nameOf(circuit, m)));
