import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { EpisodeEntry } from "../../src/protocol/index.ts";
import type { SourceInfo } from "../../src/protocol/index.ts";
import { Panel } from "../app/panel.tsx";
import { CheckpointTable } from "./checkpoint-table.tsx";
import type { LibraryState } from "./library-state.ts";
import {
  COLUMNS,
  metricColumns,
  selectEpisodes,
  valueIn,
  type Column,
  type MetricColumn,
  type Query,
} from "./sort-episodes.ts";

const TITLES: Readonly<Record<Column, string>> = {
  id: "Episode",
  return: "Return",
  steps: "Steps",
  ended: "Ended",
  seed: "Seed",
  actor: "Who acted",
};
const ROW_PX = 34;
/** Rows kept above and below what is seen. */
const SPARE_ROWS = 8;

/** Everything there is: runs and datasets on the left, on the right a run's checkpoints or a dataset's episodes. */
export function LibraryPage({
  library,
  runs,
  openPolicy,
  open,
  compare,
}: {
  readonly library: LibraryState;
  readonly runs: readonly SourceInfo[];
  /** shows a run's policy at work: the latest (null), or the one kept at a step */
  openPolicy(run: number, checkpoint: number | null): void;
  open(dataset: number, episode: number): void;
  /** puts an episode beside the open one; null while none is open */
  readonly compare: ((dataset: number, episode: number) => void) | null;
}) {
  const [isComparing, setComparing] = useState(false);
  const take = isComparing && compare !== null ? compare : open;
  useEffect(() => void library.load(), [library]);
  const datasets = library.datasets.value;
  const chosen = library.chosen.value;
  const chosenRun = library.chosenRun.value;
  const run = chosenRun === null ? undefined : runs[chosenRun];
  return (
    <main class="library">
      <Panel name="datasets" title="Runs and datasets">
        <div class="body lists">
          {runs.length > 0 && (
            <Sources title="Runs" items={runs} chosen={chosenRun} choose={(i) => void library.chooseRun(i)} />
          )}
          {datasets !== null && datasets.length > 0 && (
            <Sources
              title="Datasets"
              items={datasets}
              chosen={chosenRun === null ? chosen : null}
              choose={(i) => void library.choose(i)}
            />
          )}
          {datasets?.length === 0 && (
            <p class="hint">
              No recorded episodes. Record some with elegans record, then start the viewer on the folder.
            </p>
          )}
        </div>
      </Panel>
      {chosenRun !== null && run !== undefined ? (
        <CheckpointTable
          run={run}
          checkpoints={library.checkpoints.value}
          problem={library.problem.value}
          open={(checkpoint) => openPolicy(chosenRun, checkpoint)}
        />
      ) : (
        <EpisodeTable library={library} open={(episode) => take(chosen, episode)}>
          {compare !== null && (
            <button
              class="button outlined"
              type="button"
              aria-pressed={isComparing}
              onClick={() => setComparing(!isComparing)}
            >
              Compare with the open episode
            </button>
          )}
        </EpisodeTable>
      )}
    </main>
  );
}

interface SourcesProps {
  readonly title: string;
  readonly items: readonly { readonly title: string; readonly envId: string | null }[];
  readonly chosen: number | null;
  choose(index: number): void;
}

function Sources({ title, items, chosen, choose }: SourcesProps) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <ul class="list">
        {items.map((item, i) => (
          <li key={i}>
            <button
              class="item"
              type="button"
              aria-current={i === chosen ? "true" : undefined}
              onClick={() => choose(i)}
            >
              <strong>{item.title}</strong>
              <span>{item.envId ?? "unknown world"}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function EpisodeTable({
  library,
  open,
  children,
}: {
  readonly library: LibraryState;
  readonly children: ComponentChildren;
  open(episode: number): void;
}) {
  const [query, setQuery] = useState<Query>({ column: "id", isDescending: false, text: "", ended: "any" });
  const all = library.episodes.value;
  const rows = useMemo(() => (all === null ? [] : selectEpisodes(all, query)), [all, query]);
  const problem = library.problem.value;
  const metrics = useMemo(() => metricColumns(all ?? []), [all]);
  return (
    <Panel
      name="episodes"
      title="Episodes"
      note={all === null ? "" : countText(rows.length, all.length, library.total.value)}
      tools={
        <>
          {children}
          <Filters query={query} setQuery={setQuery} />
        </>
      }
    >
      <div
        class="table"
        role="table"
        aria-label="Episodes"
        aria-rowcount={rows.length + 1}
        data-metrics={metrics.length > 0}
        style={{ "--metrics": String(Math.max(1, metrics.length)) }}
      >
        <Header query={query} setQuery={setQuery} metrics={metrics} />
        <Rows rows={rows} metrics={metrics} open={open} />
      </div>
      {problem !== null && <div class="empty">{problem}</div>}
      {problem === null && all !== null && rows.length === 0 && <div class="empty">No episode fits.</div>}
    </Panel>
  );
}

/** How many are shown; while the list is still being read, also how far that is. */
function countText(shown: number, read: number, total: number): string {
  const [a, b, c] = [shown, read, total].map((n) => n.toLocaleString("en"));
  return read < total ? `${a} of ${c}, ${b} read so far` : `${a} of ${c}`;
}

interface QueryProps {
  readonly query: Query;
  setQuery(query: Query): void;
}

function Filters({ query, setQuery }: QueryProps) {
  return (
    <div class="tools">
      <input
        class="select search"
        type="search"
        placeholder="Search"
        aria-label="Search episodes"
        value={query.text}
        onInput={(event) => setQuery({ ...query, text: event.currentTarget.value })}
      />
      <select
        class="select"
        aria-label="How it ended"
        value={query.ended}
        onChange={(event) => setQuery({ ...query, ended: event.currentTarget.value as Query["ended"] })}
      >
        <option value="any">any end</option>
        <option value="terminated">terminated</option>
        <option value="truncated">truncated</option>
        <option value="problem">damaged</option>
      </select>
    </div>
  );
}

function Header({ query, setQuery, metrics }: QueryProps & { readonly metrics: readonly MetricColumn[] }) {
  return (
    <div class="row head" role="row">
      {[...COLUMNS.slice(0, -1), ...metrics, ...COLUMNS.slice(-1)].map((column) => {
        const title = titleOf(column);
        const isSorted = query.column === column;
        return (
          <div
            key={column}
            role="columnheader"
            aria-sort={isSorted ? (query.isDescending ? "descending" : "ascending") : "none"}
          >
            <button
              class="link"
              type="button"
              title={title}
              onClick={() =>
                setQuery({ ...query, column, isDescending: isSorted ? !query.isDescending : column === "return" })
              }
            >
              {title}
              {isSorted && (query.isDescending ? " ↓" : " ↑")}
            </button>
          </div>
        );
      })}
    </div>
  );
}

const titleOf = (column: Column | MetricColumn): string =>
  column in TITLES ? TITLES[column as Column] : column.slice("metric.".length); // in TITLES, so a Column

/** Only the rows in sight are in the document. */
function Rows({
  rows,
  metrics,
  open,
}: {
  readonly rows: readonly EpisodeEntry[];
  readonly metrics: readonly MetricColumn[];
  open(episode: number): void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const height = scroller.current?.clientHeight ?? 600;
  const first = Math.max(0, Math.floor(top / ROW_PX) - SPARE_ROWS);
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW_PX) + SPARE_ROWS);
  return (
    <div
      class="body scroller"
      role="rowgroup"
      ref={scroller}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      data-testid="episodes"
    >
      <div style={{ height: `${rows.length * ROW_PX}px` }}>
        {rows.slice(first, last).map((entry, i) => (
          <div
            key={entry.id}
            class="row entry"
            role="row"
            aria-rowindex={first + i + 2}
            style={{ top: `${(first + i) * ROW_PX}px` }}
            title={entry.problem}
            data-damaged={entry.problem !== undefined}
          >
            <span class="number" role="cell">
              <button
                class="link open"
                type="button"
                aria-label={`Open episode ${entry.id}`}
                onClick={() => open(entry.id)}
              >
                {entry.id}
              </button>
            </span>
            <span class="number" role="cell">
              {entry.return === undefined ? "–" : trim(entry.return)}
            </span>
            <span class="number" role="cell">
              {entry.problem === undefined ? entry.steps.toLocaleString("en") : "–"}
            </span>
            <span role="cell">{entry.problem === undefined ? (entry.ended ?? "–") : "damaged"}</span>
            <span class="number" role="cell">
              {entry.seed ?? "–"}
            </span>
            {metrics.map((metric) => (
              <span key={metric} class="number" role="cell">
                {metricText(valueIn(entry, metric))}
              </span>
            ))}
            <span class="wide" role="cell">
              {entry.problem ?? entry.actor ?? "–"}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

const metricText = (value: number | string | undefined): string =>
  typeof value === "number" ? String(Number(value.toPrecision(4))) : "–";

const trim = (x: number): string => (Number.isInteger(x) ? x.toLocaleString("en") : x.toFixed(2));
