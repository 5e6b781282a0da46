import type { CheckpointEntry, SourceInfo } from "../../src/protocol/index.ts";
import { Panel } from "../app/panel.tsx";

/** The policies of a run, newest first, with what was measured of them; a click shows one at work. */
export function CheckpointTable({
  run,
  checkpoints,
  problem,
  open,
}: {
  readonly run: SourceInfo;
  /** oldest first; null while they are on their way */
  readonly checkpoints: readonly CheckpointEntry[] | null;
  readonly problem: string | null;
  open(checkpoint: number | null): void;
}) {
  const kept = (checkpoints ?? []).toReversed();
  const names = [...new Set(kept.flatMap(({ metrics }) => Object.keys(metrics ?? {})))];
  return (
    <Panel
      name="episodes"
      title="Checkpoints"
      note={checkpoints === null ? "" : `${checkpoints.length} kept of ${run.title}`}
    >
      <div class="body scroller">
        <table class="checkpoints">
          <thead>
            <tr>
              <th scope="col">Policy</th>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Row name="latest policy" note="as the run has it now" metrics={{}} names={names} open={() => open(null)} />
            {kept.map(({ step, isBest, metrics = {} }) => (
              <Row
                key={step}
                name={`step ${step.toLocaleString("en")}`}
                note={isBest ? "best" : ""}
                metrics={metrics}
                names={names}
                open={() => open(step)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {problem !== null && <div class="empty">{problem}</div>}
    </Panel>
  );
}

interface RowProps {
  readonly name: string;
  readonly note: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly names: readonly string[];
  open(): void;
}

function Row({ name, note, metrics, names, open }: RowProps) {
  const shown = (value: number | undefined): string =>
    value === undefined
      ? "–"
      : Number.isInteger(value)
        ? value.toLocaleString("en")
        : String(Number(value.toPrecision(4)));
  return (
    <tr>
      <td>
        <button class="link open number" type="button" aria-label={`Watch ${name}`} onClick={open}>
          {name}
        </button>
        {note !== "" && <span class="kind"> {note}</span>}
      </td>
      {names.map((metric) => (
        <td key={metric} class="number">
          {shown(metrics[metric])}
        </td>
      ))}
    </tr>
  );
}
