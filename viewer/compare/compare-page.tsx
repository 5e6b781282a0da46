import { computed, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { LiveState } from "../app/live-state.ts";
import { Panel } from "../app/panel.tsx";
import { EpisodeChart, type Line } from "../chart/episode-chart.tsx";
import { quantitiesOf, type Quantity } from "../chart/quantities.ts";
import { CircuitView } from "../circuit/circuit-view.tsx";
import { sensedOf } from "../circuit/sensed.ts";
import type { Episode } from "../episode/episode.ts";
import { QuantitySelect } from "../explain/quantity-select.tsx";
import type { LibraryState } from "../library/library-state.ts";
import { PlayerBar } from "../player/player-bar.tsx";
import { seek } from "../player/player.ts";
import { firstDifference } from "../replay/deviation.ts";
import { listenForPlayerKeys } from "../replay/keys.ts";
import type { Backend } from "../source/backend.ts";
import { WorldView } from "../world/world-view.tsx";
import { AddForm } from "./add-form.tsx";
import type { Compared, CompareState } from "./compare-state.ts";
import { ToolButton } from "../app/tool-button.tsx";
import { difference } from "./difference.ts";

/** What the compare page needs. */
export interface ComparePageProps {
  readonly compare: CompareState;
  readonly live: LiveState;
  readonly library: LibraryState;
  readonly backend: Backend;
}

/** Two to four episodes side by side under one time: worlds or circuits, one number of all of them, and how far it is from the first's. */
export function ComparePage({ compare, live, library, backend }: ComparePageProps) {
  useEffect(() => listenForPlayerKeys(compare), [compare]);
  const isCircuit = useSignal(false);
  const chosen = useSignal("motor.0");
  const entries = compare.entries.value;
  const first = entries[0]?.episode;
  const quantities = useMemo(() => (first === undefined ? [] : quantitiesOf(first)), [first]);
  const quantity = quantities.find((q) => q.id === chosen.value) ?? quantities[0];
  return (
    <main class="compare">
      <header class="compare-tools">
        <AddForm compare={compare} live={live} library={library} backend={backend} />
        <span class="spacer" />
        <div class="tabs small" role="tablist" aria-label="What is shown side by side">
          {["Worlds", "Circuits"].map((name) => (
            <button
              key={name}
              class="tab"
              type="button"
              role="tab"
              aria-selected={isCircuit.value === (name === "Circuits")}
              aria-current={isCircuit.value === (name === "Circuits") ? "page" : undefined}
              onClick={() => (isCircuit.value = name === "Circuits")}
            >
              {name}
            </button>
          ))}
        </div>
      </header>
      <div class="tiles" data-count={entries.length}>
        {entries.map((entry, k) => (
          <Tile key={entry.key} compare={compare} entry={entry} k={k} isCircuit={isCircuit.value} />
        ))}
        {entries.length < 2 && (
          <div class="panel invitation">
            <strong>{entries.length === 0 ? "Nothing to compare yet" : "And what with?"}</strong>
            <span>Add recorded episodes, or play one of a run's policies from a seed.</span>
          </div>
        )}
      </div>
      <Traces
        compare={compare}
        quantity={quantity}
        quantities={quantities}
        choose={(id) => (chosen.value = id)}
        isDifference={false}
      />
      <Traces compare={compare} quantity={quantity} quantities={quantities} choose={null} isDifference={true} />
      <PlayerBar replay={compare} />
    </main>
  );
}

interface TileProps {
  readonly compare: CompareState;
  readonly entry: Compared;
  readonly k: number;
  readonly isCircuit: boolean;
}

const colorOf = (k: number): string => `--series-${k + 1}`;

function Tile({ compare, entry, k, isCircuit }: TileProps) {
  const { episode, key, name } = entry;
  const record = useMemo(
    () =>
      computed(() => {
        void episode.loaded.value;
        return episode.length === 0 ? null : episode.record(Math.min(compare.step.value, episode.length - 1));
      }),
    [compare, episode],
  );
  const scene = useMemo(() => computed(() => record.value?.scene ?? null), [record]);
  const isOver = compare.step.value > episode.length - 1;
  const now = record.value;
  return (
    <section class="panel tile" aria-label={name} data-testid="tile">
      <header>
        <i class="dot" style={{ background: `var(${colorOf(k)})` }} />
        <h2 title={name}>{name}</h2>
        <span class="spacer" />
        <ToolButton icon="close" label={`Remove ${name}`} hint="Remove" onClick={() => compare.remove(key)} />
      </header>
      <div class="body circuit">
        {isCircuit ? (
          <TileCircuit entry={entry} compare={compare} />
        ) : (
          <WorldView scene={scene} label={`World of ${name}`} />
        )}
        {isOver && <span class="tag">over, {episode.ended ?? "cut"}</span>}
      </div>
      <p class="tile-numbers number">
        return {now === null ? "–" : trim(now.return)} <span>of {trim(total(episode.columns.reward))}</span>
      </p>
    </section>
  );
}

function TileCircuit({ entry, compare }: Pick<TileProps, "entry" | "compare">) {
  const { episode } = entry;
  const selection = useSignal<number | null>(null);
  const circuit = useMemo(() => computed(() => episode.circuit), [episode]);
  const activity = useMemo(
    () =>
      computed(() => {
        void episode.loaded.value;
        if (episode.length === 0) return null;
        const { obs, state } = episode.row(Math.min(compare.step.value, episode.length - 1));
        return { time: compare.time.value, sensory: sensedOf(episode.circuit, obs), state };
      }),
    [episode, compare],
  );
  if (episode.circuit === null) return <div class="empty">This policy has no circuit.</div>;
  return <CircuitView circuit={circuit} activity={activity} selection={selection} />;
}

interface TracesProps {
  readonly compare: CompareState;
  readonly quantity: Quantity | undefined;
  readonly quantities: readonly Quantity[];
  readonly choose: ((id: string) => void) | null;
  readonly isDifference: boolean;
}

function Traces({ compare, quantity, quantities, choose, isDifference }: TracesProps) {
  const entries = compare.entries.value;
  const lines = useMemo(
    () => (quantity === undefined ? [] : isDifference ? differences(entries, quantity) : overlaid(entries, quantity)),
    [entries, quantity, isDifference],
  );
  return (
    <Panel
      name={isDifference ? "apart" : "overlaid"}
      title={isDifference ? "Difference from the first" : "Overlaid"}
      note={isDifference ? <Parting entries={entries} /> : ""}
      tools={
        choose !== null && (
          <QuantitySelect
            label="Compared quantity"
            quantities={quantities}
            value={quantity?.id ?? ""}
            choose={choose}
          />
        )
      }
    >
      <div class="body" data-testid={isDifference ? "difference" : "overlaid"}>
        {lines.length === 0 ? (
          <div class="empty">{isDifference ? "Add a second episode." : "Add an episode."}</div>
        ) : (
          <EpisodeChart
            label={`${quantity?.label ?? ""}${isDifference ? ", difference from the first episode" : " of every episode"}`}
            lines={lines}
            length={compare.length.value}
            time={compare.time}
            zoom={compare.zoom}
            seek={(time) => compare.control((s, n) => seek(s, time, n))}
          />
        )}
      </div>
    </Panel>
  );
}

/** Where each episode first acts otherwise than the first. */
function Parting({ entries }: { readonly entries: readonly Compared[] }) {
  const [first, ...others] = entries;
  if (first === undefined) return null;
  return (
    <span data-testid="parting">{others.map(({ episode }) => partingText(first.episode, episode)).join("; ")}</span>
  );
}

/** The end of the shorter one counts as a difference, but is no other action. */
function partingText(first: Episode, other: Episode): string {
  const step = firstDifference(first, other);
  if (step === null) return "same actions";
  return step < Math.min(first.length, other.length) ? `other action at step ${step}` : "same actions until one ended";
}

const overlaid = (entries: readonly Compared[], quantity: Quantity): Line[] =>
  entries.map(({ name, episode }, k) => ({ label: name, color: colorOf(k), ...quantity.of(episode) }));

function differences([first, ...others]: readonly Compared[], quantity: Quantity): Line[] {
  if (first === undefined) return [];
  return others.map(({ name, episode }, k) => ({
    label: name,
    color: colorOf(k + 1),
    values: difference(quantity, first.episode, episode),
    stride: 1,
    offset: 0,
  }));
}

const total = (rewards: Float32Array): number => rewards.reduce((a, b) => a + b, 0);
const trim = (x: number): string => (Number.isInteger(x) ? x.toLocaleString("en") : x.toFixed(2));
