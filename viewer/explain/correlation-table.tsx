import { useMemo, useState } from "preact/hooks";
import type { Quantity } from "../chart/quantities.ts";
import { signed } from "../chart/motor-list.tsx";
import type { Episode } from "../episode/episode.ts";
import { pearson } from "../replay/correlation.ts";

/** Columns beside the observation; more numbers than this are not compared one by one. */
const MAX_COLUMNS = 16;

/** How every neuron goes together with every observation number, the reward and the value over the episode. A click shows the pair as a phase plot. */
export function CorrelationTable({
  episode,
  quantities,
  show,
}: {
  readonly episode: Episode;
  readonly quantities: readonly Quantity[];
  show(neuron: Quantity, other: Quantity): void;
}) {
  const neurons = quantities.filter((q) => q.group.endsWith("neurons"));
  const others = quantities
    .filter((q) => q.group === "Observation" || q.id === "value" || q.id.startsWith("action."))
    .slice(0, MAX_COLUMNS);
  const table = useMemo(() => correlations(episode, neurons, others), [episode, quantities]);
  const [sortedBy, sortBy] = useState<number | null>(null);
  const order = [...neurons.keys()];
  if (sortedBy !== null) order.sort((a, b) => Math.abs(cell(table, b, sortedBy)) - Math.abs(cell(table, a, sortedBy)));
  if (neurons.length === 0) return <div class="empty">No neurons were recorded with this episode.</div>;
  return (
    <div class="correlations" data-testid="correlations">
      <table>
        <thead>
          <tr>
            <th scope="col">r over the episode</th>
            {others.map((other, c) => (
              <th key={other.id} scope="col" aria-sort={sortedBy === c ? "descending" : "none"}>
                <button class="link" type="button" onClick={() => sortBy(sortedBy === c ? null : c)}>
                  {other.label}
                  {sortedBy === c && " ↓"}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {order.map((n) => (
            <tr key={neurons[n]?.id}>
              <th scope="row">{neurons[n]?.label}</th>
              {others.map((other, c) => (
                <Cell key={other.id} r={cell(table, n, c)} onClick={() => show(neurons[n] ?? other, other)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ r, onClick }: { readonly r: number; onClick(): void }) {
  const color = r > 0 ? "--positive" : "--negative";
  const share = Math.round(Math.abs(r) * 70);
  return (
    <td>
      <button
        class="cell number"
        type="button"
        style={{ background: `color-mix(in srgb, var(${color}) ${share}%, transparent)` }}
        onClick={onClick}
      >
        {signed(r)}
      </button>
    </td>
  );
}

const cell = (table: readonly (readonly number[])[], n: number, c: number): number => table[n]?.[c] ?? 0;

function correlations(episode: Episode, rows: readonly Quantity[], columns: readonly Quantity[]): number[][] {
  const seriesOf = (q: Quantity): [Float32Array, number, number] => {
    const { values, stride, offset } = q.of(episode);
    return [values, stride, offset];
  };
  return rows.map((row) => columns.map((column) => pearson(seriesOf(row), seriesOf(column), episode.length)));
}
