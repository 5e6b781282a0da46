import { useEffect, useState } from "preact/hooks";
import type { CheckpointEntry } from "../../src/protocol/index.ts";
import { NumberField } from "../app/number-field.tsx";
import type { ComparePageProps } from "./compare-page.tsx";
import { useCheckpoints } from "./use-checkpoints.ts";

/** Where the next episode comes from: `run 0`, `data 2`. */
type Origin = { readonly kind: "run" | "data"; readonly index: number };

/** Adds an episode: recorded, by number; or played in the page by a run's policy, from a seed. */
export function AddForm({ compare, live, library, backend }: ComparePageProps) {
  const sources = live.sources.value ?? [];
  const datasets = library.datasets.value ?? [];
  const [text, setText] = useState("0");
  const [picked, pick] = useState<string | null>(null);
  const [checkpoint, setCheckpoint] = useState("latest");
  useEffect(() => {
    if (library.datasets.peek() === null) void library.load();
  }, [library]);
  const origin = originOf(picked ?? (datasets.length > 0 ? "data 0" : "run 0"));
  const runIndex = origin.kind === "run" && sources.length > 0 ? origin.index : null;
  const checkpoints = useCheckpoints(backend, runIndex);
  const isValid = /^\d{1,15}$/.test(text);
  const isEmpty = sources.length + datasets.length === 0;
  const add = (): void => {
    const number = Number(text);
    if (origin.kind === "data") return void compare.addRecorded(library, { dataset: origin.index, episode: number });
    const info = sources[origin.index];
    const step = checkpoint === "latest" ? null : Number(checkpoint);
    if (info !== undefined) void compare.addPlayed(origin.index, info, step, number);
  };
  const pickOrigin = (value: string): void => {
    pick(value);
    // Not in an effect: one that comes late would take back what was chosen meanwhile.
    setCheckpoint("latest");
  };
  return (
    <form
      class="add-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isValid) add();
      }}
    >
      <OriginSelect origin={origin} sources={sources} datasets={datasets} pick={pickOrigin} />
      {runIndex !== null && (
        <CheckpointSelect checkpoint={checkpoint} checkpoints={checkpoints} choose={setCheckpoint} />
      )}
      <NumberField label={origin.kind === "run" ? "seed" : "episode"} text={text} isValid={isValid} onText={setText} />
      <button
        class="button primary"
        type="submit"
        disabled={!isValid || isEmpty || compare.isFull || compare.work.isBusy.value}
      >
        {compare.work.isBusy.value ? "Adding…" : "Add"}
      </button>
      <span class="kind" role="status">
        {compare.work.problem.value ?? (compare.isFull ? "Four are as many as can be compared." : "")}
      </span>
    </form>
  );
}

interface Titled {
  readonly title: string;
}

interface OriginSelectProps {
  readonly origin: Origin;
  readonly sources: readonly Titled[];
  readonly datasets: readonly Titled[];
  pick(value: string): void;
}

function OriginSelect({ origin, sources, datasets, pick }: OriginSelectProps) {
  const options = (kind: Origin["kind"], items: readonly Titled[]) =>
    items.map(({ title }, i) => (
      <option key={i} value={`${kind} ${i}`}>
        {title}
      </option>
    ));
  return (
    <select
      class="select"
      aria-label="Add from"
      value={`${origin.kind} ${origin.index}`}
      onChange={(event) => pick(event.currentTarget.value)}
    >
      <optgroup label="Recorded">{options("data", datasets)}</optgroup>
      <optgroup label="Play a run's policy">{options("run", sources)}</optgroup>
    </select>
  );
}

interface CheckpointSelectProps {
  /** `latest`, or a step */
  readonly checkpoint: string;
  readonly checkpoints: readonly CheckpointEntry[];
  choose(checkpoint: string): void;
}

function CheckpointSelect({ checkpoint, checkpoints, choose }: CheckpointSelectProps) {
  return (
    <select
      class="select"
      aria-label="Checkpoint"
      value={checkpoint}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <option value="latest">latest policy</option>
      {checkpoints.toReversed().map(({ step, isBest }) => (
        <option key={step} value={step}>
          step {step.toLocaleString("en")}
          {isBest && " · best"}
        </option>
      ))}
    </select>
  );
}

function originOf(text: string): Origin {
  const [kind, index] = text.split(" ");
  return { kind: kind === "data" ? "data" : "run", index: Number(index) };
}
