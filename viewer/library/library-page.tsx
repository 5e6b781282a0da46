import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { EpisodeEntry } from "../../src/protocol/index.ts";
import { Panel } from "../app/panel.tsx";
import type { LibraryState } from "./library-state.ts";
import { COLUMNS, selectEpisodes, type Column, type Query } from "./sort-episodes.ts";

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

/** The recorded episodes: datasets on the left, a table of their episodes on the right. */
export function LibraryPage({
  library,
  open,
  compare,
}: {
  readonly library: LibraryState;
  open(dataset: number, episode: number): void;
  /** puts an episode beside the open one; null while none is open */
  readonly compare: ((dataset: number, episode: number) => void) | null;
}) {
  const [isComparing, setComparing] = useState(false);
  const take = isComparing && compare !== null ? compare : open;
  useEffect(() => void library.load(), [library]);
  const datasets = library.datasets.value;
  const chosen = library.chosen.value;
  return (
    <main class="library">
      <Panel name="datasets" title="Datasets">
        <ul class="body list">
          {datasets?.map(({ title, envId }, i) => (
            <li key={i}>
              <button
                class="item"
                type="button"
                aria-current={i === chosen ? "true" : undefined}
                onClick={() => void library.choose(i)}
              >
                <strong>{title}</strong>
                <span>{envId ?? "unknown world"}</span>
              </button>
            </li>
          ))}
        </ul>
        {datasets?.length === 0 && (
          <div class="hint">
            No recorded episodes. Record some with elegans record, then start the viewer on the folder.
          </div>
        )}
      </Panel>
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
    </main>
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
      <div class="table" role="table" aria-label="Episodes" aria-rowcount={rows.length + 1}>
        <Header query={query} setQuery={setQuery} />
        <Rows rows={rows} open={open} />
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

function Header({ query, setQuery }: QueryProps) {
  return (
    <div class="row head" role="row">
      {COLUMNS.map((column) => {
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
              onClick={() =>
                setQuery({ ...query, column, isDescending: isSorted ? !query.isDescending : column === "return" })
              }
            >
              {TITLES[column]}
              {isSorted && (query.isDescending ? " ↓" : " ↑")}
            </button>
          </div>
        );
      })}
    </div>
  );
}

/** Only the rows in sight are in the document. */
function Rows({ rows, open }: { readonly rows: readonly EpisodeEntry[]; open(episode: number): void }) {
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
            <span class="wide" role="cell">
              {entry.problem ?? entry.actor ?? "–"}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}

const trim = (x: number): string => (Number.isInteger(x) ? x.toLocaleString("en") : x.toFixed(2));
